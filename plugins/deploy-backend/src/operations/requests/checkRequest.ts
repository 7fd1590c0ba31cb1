import { InputError, NotAllowedError } from '@backstage/errors';
import { KnownEnvironment } from '../../targets/TargetEnvironments';

const MIN_REASON = 10;
const MAX_REASON = 2_000;

/** Throws an InputError unless what has to be typed was typed. */
export function assertConfirmed(
  expected: string | undefined,
  confirm: string | undefined,
): void {
  if (expected !== undefined && confirm !== expected) {
    throw new InputError(
      `confirm: has to be "${expected}", the name of the service, because this changes production`,
    );
  }
}

/**
 * Throws an InputError unless somebody who reads it next week will know why.
 *
 * @param member - of the request, for the message
 */
export function checkReason(reason: string, member = 'reason'): string {
  // Not every database takes a NUL, and nobody sees what has no width.
  const text = reason.replace(/[\0\u200b-\u200f\u2060\ufeff]/g, '').trim();
  if (text.length < MIN_REASON || text.length > MAX_REASON) {
    throw new InputError(
      `${member}: has to be ${MIN_REASON} to ${MAX_REASON} characters that say why`,
    );
  }
  return text;
}

/** Throws a NotAllowedError if its definition must not be driven: workflows run in the repository that the entity names. */
export function assertTrusted({
  untrusted,
}: Pick<KnownEnvironment, 'untrusted'>): void {
  if (untrusted) {
    throw new NotAllowedError(untrusted);
  }
}
