import { stripVTControlCharacters } from 'node:util';
import { ownText } from '../ownText';

/** Most characters of a case's message. */
export const longestMessage = 1_000;

/** Most characters of a case's trace. */
export const longestTrace = 10_000;

/** Most characters of the name of a case, class or suite, or of a path. */
export const longestName = 1_000;

const controlCharacters = /(?![\n\t])\p{Cc}/gu;
const halfCharacter = /[\ud800-\udbff]$/;

/**
 * Text of a report for people: without the colours of a terminal and other control characters, without blank
 * space around it, cut where it is too long. Undefined if nothing is left.
 */
export function reportText(
  text: string | undefined,
  longest: number,
): string | undefined {
  if (!text) {
    return undefined;
  }
  const plain = stripVTControlCharacters(text.slice(0, 2 * longest))
    .replace(controlCharacters, '')
    .trim();
  const cut =
    plain.length > longest
      ? `${plain.slice(0, longest - 1).replace(halfCharacter, '')}…`
      : plain;
  return cut ? ownText(cut) : undefined;
}

/** The first line that is not blank. */
export function firstLine(text: string | undefined): string | undefined {
  return text && /\S.*/.exec(text)?.[0];
}
