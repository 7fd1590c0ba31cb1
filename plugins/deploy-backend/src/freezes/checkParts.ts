import { InputError } from '@backstage/errors';

/** Throws an InputError if an object has members besides the known ones. */
export function assertOnly(
  value: object,
  known: readonly string[],
  at: string,
): void {
  const other = Object.keys(value).find(key => !known.includes(key));
  if (other !== undefined) {
    throw new InputError(
      `${at}: has a member that is not known: "${other.slice(
        0,
        50,
      )}". Use ${known.join(', ')} only.`,
    );
  }
}

/** A text of one line. Throws an InputError if it is missing, empty or too long. */
export function assertText(
  value: unknown,
  at: string,
  longest: number,
): string {
  const text = typeof value === 'string' ? value.trim() : '';
  // eslint-disable-next-line no-control-regex
  if (text === '' || text.length > longest || /[\u0000-\u001f]/.test(text)) {
    throw new InputError(
      `${at}: has to be a text of 1 to ${longest} characters in one line`,
    );
  }
  return text;
}
