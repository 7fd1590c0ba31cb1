import { ProtectionCallback } from './types';

/**
 * What GitHub takes of a comment, and how many without an answer.
 *
 * Source: "Approving or rejecting deployments" of
 * https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules
 */
const LONGEST_COMMENT = 1024;

/** GitHub takes ten; what is given twice after a crash counts there, too. */
const MOST_COMMENTS = 8;

/** After the first comment; each next one waits twice as long, so that a busy minute does not use them up. */
const FIRST_PAUSE_MS = 60_000;

/** A comment as GitHub takes it. The reference tells later whether GitHub has got it. */
export function commentFor(text: string, callbackId: string): string {
  const reference = `\n\n${referenceOf(callbackId)}`;
  const room = LONGEST_COMMENT - reference.length;
  const plain = text.replaceAll('\0', '').trim();
  const cut =
    plain.length <= room ? plain : `${safeCut(plain, room - 1).trimEnd()}…`;
  return `${cut}${reference}`;
}

/** Whether a comment at GitHub is the one about this callback. */
export function isAbout(comment: string, callbackId: string): boolean {
  return comment.includes(referenceOf(callbackId));
}

function referenceOf(callbackId: string): string {
  return `Reference: ${callbackId}`;
}

/** Never half of a surrogate pair. */
function safeCut(text: string, length: number): string {
  const isInside = /[\uD800-\uDBFF]/.test(text[length - 1] ?? '');
  return text.slice(0, isInside ? length - 1 : length);
}

/**
 * When GitHub is to be given a comment that is no answer; undefined if it has it already, or will take no
 * more.
 */
export function commentDue(
  callbacks: readonly Pick<
    ProtectionCallback,
    'told' | 'toldAt' | 'comments'
  >[],
  comment: string,
  now: Date,
): Date | undefined {
  const comments = Math.max(...callbacks.map(one => one.comments));
  const last = callbacks
    .filter(one => one.toldAt)
    .sort((left, right) => right.toldAt!.localeCompare(left.toldAt!))[0];
  if (comments >= MOST_COMMENTS || last?.told === comment) {
    return undefined;
  }
  if (!last?.toldAt || comments === 0) {
    return now;
  }
  const pause = FIRST_PAUSE_MS * 2 ** (comments - 1);
  return new Date(Math.max(now.getTime(), Date.parse(last.toldAt) + pause));
}
