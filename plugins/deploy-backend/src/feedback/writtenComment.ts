import { createHash } from 'node:crypto';
import { FeedbackStore } from './FeedbackStore';

/** The column has room for 64 characters, a SHA takes 40 of them. */
const DIGEST_LENGTH = 23;

/** What is remembered of a comment: a digest of its text, and the commit that it is about. */
export interface WrittenComment {
  digest: string;
  /** Absent if there may be another head by now. */
  head?: string;
}

/** A digest of the text of a comment. */
export function digestOf(body: string): string {
  return createHash('sha256')
    .update(body)
    .digest('hex')
    .slice(0, DIGEST_LENGTH);
}

/** As it stands in the table. */
export function encodeWritten({ digest, head }: WrittenComment): string {
  return `${digest}:${head?.length === 40 ? head : ''}`;
}

/** As it was written by {@link encodeWritten}. */
export function decodeWritten(
  text: string | undefined,
): WrittenComment | undefined {
  const [digest, head] = text?.split(':') ?? [];
  return digest ? { digest, ...(head && { head }) } : undefined;
}

/**
 * Notes that a pull request may have another head than the one that its comment is about. As long as
 * nobody says so, an unchanged comment takes no request.
 */
export async function noteHead(
  store: FeedbackStore,
  repository: string,
  pullRequest: number,
  commit: string,
): Promise<void> {
  for (;;) {
    const stored = await store.writtenComment(repository, pullRequest);
    const written = decodeWritten(stored);
    if (!stored || !written?.head || written.head === commit) {
      return;
    }
    const to = encodeWritten({ digest: written.digest });
    if (await store.correctComment(repository, pullRequest, stored, to)) {
      return;
    }
  }
}
