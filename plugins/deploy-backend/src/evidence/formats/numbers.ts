import { InputError } from '@backstage/errors';

/** Names the place of a value: `line 12, hits`. A function where building it for each value is too dear. */
export type Where = string | (() => string);

/** Some tools write 12 as 12.0. */
const wholeNumber = /^\d{1,15}(\.0{1,6})?$/;
const decimalNumber = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * A whole number of 0 or more, from XML's text or JSON's number.
 *
 * @param line - of the file, for the message
 * @throws InputError that names the place
 */
export function count(value: unknown, where: Where, line?: number): number {
  const number = typeof value === 'string' ? wholeNumberOf(value) : value;
  if (Number.isSafeInteger(number) && (number as number) >= 0) {
    return number as number;
  }
  const place = placeOf(where, line);
  return refuse(value, place, 'a whole number of 0 or more');
}

/** Short digits are read by hand: reports hold millions of them, and a pattern takes thrice as long. */
function wholeNumberOf(text: string): number | undefined {
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9 || at > 8) {
      return wholeNumber.test(text) ? Number(text) : undefined;
    }
    number = number * 10 + digit;
  }
  return text === '' ? undefined : number;
}

/**
 * A share from 0 to 1.
 *
 * @throws InputError that names the place
 */
export function rate(value: unknown, where: Where, line?: number): number {
  const number = decimal(value);
  return number !== undefined && number >= 0 && number <= 1
    ? number
    : refuse(value, placeOf(where, line), 'a number from 0 to 1');
}

/**
 * Any number but NaN and the infinities.
 *
 * @throws InputError that names the place
 */
export function finite(value: unknown, where: Where, line?: number): number {
  return (
    decimal(value) ?? refuse(value, placeOf(where, line), 'a finite number')
  );
}

function decimal(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && decimalNumber.test(value)
      ? Number(value)
      : value;
  return Number.isFinite(number) ? (number as number) : undefined;
}

/** Spells a place out, which is done for the message only. */
export function placeOf(where: Where, line?: number): string {
  const place = typeof where === 'string' ? where : where();
  return line === undefined ? place : `Line ${line}, ${place}`;
}

function refuse(value: unknown, place: string, wanted: string): never {
  throw new InputError(`${place}: ${spell(value)} is not ${wanted}`);
}

/** Short enough for a message, whatever a report holds. */
function spell(value: unknown): string {
  if (value === undefined) {
    return 'a missing value';
  }
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  }
  return typeof value === 'object' && value !== null
    ? 'an object or list'
    : String(value);
}
