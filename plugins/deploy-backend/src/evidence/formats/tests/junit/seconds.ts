import { InputError } from '@backstage/errors';
import { finite } from '../../numbers';

const grouped = /^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/;
const decimalComma = /^(\d{1,3}(\.\d{3})+|\d+),\d+$/;

/**
 * Seconds of an attribute. Tools write them by their machine's locale: Surefire groups by commas (`1,234.5`),
 * others have a decimal comma (`0,25`). What could be either (`1,234`) is taken for grouped, as Jenkins does.
 *
 * @throws InputError that names line and attribute: negative, NaN, no number
 */
export function secondsOf(text: string, line: number): number {
  const number = Number(text);
  if (number >= 0 && number < Infinity && isPlain(text)) {
    return number;
  }
  const where = `Line ${line}, time`;
  const seconds = finite(withoutLocale(text.trim()), where);
  if (seconds < 0) {
    throw new InputError(`${where}: ${seconds} is negative`);
  }
  return seconds;
}

/** Whether it begins as a decimal number does; `Number` also takes blanks, `0x1` and the like. */
function isPlain(text: string): boolean {
  const second = text.charCodeAt(1);
  return (
    isDigit(text.charCodeAt(0)) &&
    (text.length === 1 || second === 0x2e || isDigit(second))
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function withoutLocale(text: string): string {
  if (grouped.test(text)) {
    return text.replace(/,/g, '');
  }
  return decimalComma.test(text)
    ? text.replace(/\./g, '').replace(',', '.')
    : text;
}
