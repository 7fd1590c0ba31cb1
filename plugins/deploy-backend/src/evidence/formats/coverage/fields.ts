import { InputError } from '@backstage/errors';

/** An object of a JSON report, of which nothing is known yet. */
export type Fields = Record<string, unknown>;

/**
 * The value as an object.
 *
 * @throws InputError that names the place
 */
export function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`${where}: an object is missing`);
  }
  return value as Fields;
}

/**
 * The value as a list.
 *
 * @throws InputError that names the place
 */
export function listOf(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) {
    throw new InputError(`${where}: a list is missing`);
  }
  return value;
}
