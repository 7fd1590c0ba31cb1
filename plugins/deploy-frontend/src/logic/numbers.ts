import { durationText } from './time';

const sizes: readonly [string, number][] = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
];

/**
 * A number in short, never across a limit: 78.996 beside 79 is "78.99", 1.004 beside 1 is "1.004".
 *
 * It is cut, not rounded, so that 99.999 is never shown as all of it; where cutting would put it on the
 * limit or beyond, or leave nothing of it, more digits are shown.
 *
 * @internal
 */
export function numberText(
  value: number,
  options: { digits?: number; limit?: number } = {},
): string {
  const { digits = 2, limit } = options;
  if (!Number.isFinite(value)) {
    return '—';
  }
  const cut = cutTo(value, digits);
  if (cut === 0 && value !== 0) {
    return tinyText(value, limit);
  }
  if (limit === undefined || side(cut, limit) === side(value, limit)) {
    return grouped(cut, digits);
  }
  return String(value);
}

/**
 * A value with its unit, as a person reads it; told apart from the limit beside it, if there is one.
 *
 * @internal
 */
export function quantityText(
  value: number,
  unit: string | undefined,
  limit?: number,
): string {
  if (!Number.isFinite(value)) {
    return '—';
  }
  switch (unit) {
    case 'percent':
      return `${numberText(value, { limit })} %`;
    case 'ratio':
      return `${numberText(value * 100, { limit: times100(limit) })} %`;
    case 's':
      return secondsText(value, limit);
    case 'bytes':
    case 'B':
      return bytesText(value, limit);
    case 'count':
    case undefined:
    case '':
      return numberText(value, { limit });
    case '1/s':
    case '1/min':
    case '1/h':
      return `${numberText(value, { limit })} ${unit.slice(1)}`;
    default:
      return `${numberText(value, { limit })} ${unit}`;
  }
}

/**
 * A percentage, cut to two digits; a dash where there is nothing to take a part of.
 *
 * @internal
 */
export function percentText(value: number | undefined, limit?: number): string {
  return value === undefined ? '—' : quantityText(value, 'percent', limit);
}

/**
 * How a value has changed, with its sign: "+0.42 %", "−12 ms", "no change".
 *
 * @internal
 */
export function changeText(change: number, unit: string | undefined): string {
  if (cutTo(change, 2) === 0) {
    // Too small to be of interest.
    return 'no change';
  }
  const sign = change > 0 ? '+' : '−';
  return `${sign}${quantityText(Math.abs(change), unit)}`;
}

/**
 * One thing, or many: "1 test", "1,204 tests".
 *
 * @internal
 */
export function countText(
  count: number,
  one: string,
  many: string = `${one}s`,
): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

function secondsText(value: number, limit: number | undefined): string {
  if (Math.abs(value) < 60) {
    return `${numberText(value, { limit })} s`;
  }
  const text = durationText(value, 'en');
  const reachesLimit =
    limit !== undefined &&
    value !== limit &&
    text === durationText(limit, 'en');
  return reachesLimit ? `${numberText(value, { limit })} s` : text;
}

function bytesText(value: number, limit: number | undefined): string {
  const size = sizes.find(([, bytes]) => Math.abs(value) >= bytes);
  if (!size) {
    return `${numberText(value, { limit })} B`;
  }
  const [name, bytes] = size;
  const scaledLimit = limit === undefined ? undefined : limit / bytes;
  return `${numberText(value / bytes, { limit: scaledLimit })} ${name}`;
}

function times100(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : limit * 100;
}

/** What is not nothing is not shown as nothing. */
function tinyText(value: number, limit: number | undefined): string {
  const short = Number(value.toPrecision(2));
  return limit === undefined || side(short, limit) === side(value, limit)
    ? String(short)
    : String(value);
}

/** Towards zero. The 29 of 100 that the machine holds as 28.999999999999996 is 29. */
function cutTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  const scaled = Number((value * factor).toPrecision(14));
  return Math.trunc(scaled) / factor;
}

function side(value: number, limit: number): number {
  return Math.sign(value - limit);
}

function grouped(value: number, digits: number): string {
  // In the words of the page: the sentences beside it are English too.
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
