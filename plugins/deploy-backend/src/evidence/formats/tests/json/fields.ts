import { InputError } from '@backstage/errors';
import { fieldsOf, Fields } from '../../coverage/fields';
import { finite } from '../../numbers';

export { fieldsOf };
export type { Fields };

/** The text of a field; undefined if it is absent or null. */
export function textOf(
  fields: Fields,
  key: string,
  where: string,
): string | undefined {
  const value = fields[key] ?? undefined;
  if (value !== undefined && typeof value !== 'string') {
    throw new InputError(`${where}.${key}: not a text`);
  }
  return value;
}

/**
 * The text of a field that must be there.
 *
 * @throws InputError that names the field
 */
export function textIn(fields: Fields, key: string, where: string): string {
  const text = textOf(fields, key, where);
  if (text === undefined) {
    throw new InputError(`${where}.${key}: a text is missing`);
  }
  return text;
}

/**
 * One of some words.
 *
 * @throws InputError that names the field and the words
 */
export function wordIn<T extends string>(
  fields: Fields,
  key: string,
  where: string,
  words: readonly T[],
): T {
  const word = textIn(fields, key, where);
  if (!words.includes(word as T)) {
    throw new InputError(
      `${where}.${key}: ${JSON.stringify(
        word.slice(0, 40),
      )} is none of ${words.join(', ')}`,
    );
  }
  return word as T;
}

/**
 * Seconds of a field in milliseconds; undefined if it is absent or null.
 *
 * @throws InputError that names the field
 */
export function secondsIn(
  fields: Fields,
  key: string,
  where: string,
): number | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined) {
    return undefined;
  }
  const milliseconds = finite(value, `${where}.${key}`);
  if (milliseconds < 0) {
    throw new InputError(`${where}.${key}: ${milliseconds} is negative`);
  }
  return milliseconds / 1000;
}

/** A line number, if there is one. */
export function lineOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0
    ? (value as number)
    : undefined;
}
