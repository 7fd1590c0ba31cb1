import { InputError } from '@backstage/errors';
import { WallTime, wallTimeAt } from './wallClock';

/** A rule of RFC 5545, section 3.3.10, that has been looked at. */
export interface ParsedRule {
  /** Without `UNTIL`. */
  text: string;
  /** `UNTIL` on the clock there; no window begins after it. */
  until?: WallTime;
  count?: number;
}

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY'];
const MAX_LENGTH = 500;
const MAX_COUNT = 1_000;
const MAX_INTERVAL = 1_000;
/** More on one day leave no time to deploy in between. */
const MAX_PER_DAY = 24;

const DAY_MS = 24 * 60 * 60_000;

/** The longest intervals that leave no year out. */
const intervalsOfAYear: Record<string, number> = {
  YEARLY: 1,
  MONTHLY: 12,
  WEEKLY: 52,
  DAILY: 365,
};

/** Lists of numbers, with the least and the greatest; signed ones count from the end if below 0. */
const numberLists: Record<
  string,
  { from: number; to: number; signed?: boolean; max: number }
> = {
  BYMONTH: { from: 1, to: 12, max: 12 },
  BYMONTHDAY: { from: 1, to: 31, signed: true, max: 62 },
  BYYEARDAY: { from: 1, to: 366, signed: true, max: 100 },
  BYWEEKNO: { from: 1, to: 53, signed: true, max: 53 },
  BYSETPOS: { from: 1, to: 366, signed: true, max: 31 },
  BYHOUR: { from: 0, to: 23, max: 24 },
  BYMINUTE: { from: 0, to: 59, max: 24 },
  BYSECOND: { from: 0, to: 0, max: 1 },
};

/**
 * Reads a rule without expanding it, in time that its length bounds. Throws an InputError that begins with
 * `window.rrule` if it is not well-formed, or would open too often.
 */
export function parseRule(rrule: string, timeZone: string): ParsedRule {
  if (rrule.length > MAX_LENGTH) {
    throw wrong(`has more than ${MAX_LENGTH} characters. Shorten its lists.`);
  }
  const parts = readParts(rrule);
  const frequency = parts.get('FREQ');
  if (frequency === undefined || !FREQUENCIES.includes(frequency)) {
    throw wrong(
      `FREQ has to be one of ${FREQUENCIES.join(
        ', ',
      )}. For several windows a day use FREQ=DAILY with BYHOUR and BYMINUTE.`,
    );
  }
  checkWholeNumber(parts, 'INTERVAL', MAX_INTERVAL);
  checkWholeNumber(parts, 'COUNT', MAX_COUNT);
  checkWeekdays(parts, frequency);
  for (const [name, bounds] of Object.entries(numberLists)) {
    checkNumbers(parts, name, bounds);
  }
  const perDay = sizeOf(parts, 'BYHOUR') * sizeOf(parts, 'BYMINUTE');
  if (perDay > MAX_PER_DAY) {
    throw wrong(
      `BYHOUR and BYMINUTE together begin ${perDay} windows a day; at most ${MAX_PER_DAY} may.`,
    );
  }
  const until = parts.get('UNTIL');
  const count = parts.get('COUNT');
  if (until !== undefined && count !== undefined) {
    throw wrong('has both UNTIL and COUNT. Remove one of them.');
  }
  parts.delete('UNTIL');
  return {
    text: write(parts),
    ...(until !== undefined && { until: readUntil(until, timeZone) }),
    ...(count !== undefined && { count: Number(count) }),
  };
}

/** The same rule without leaving years out: in any year it begins as often as the rule does in its fullest. */
export function inEveryYear(rrule: string): string {
  const parts = readParts(rrule);
  const most = intervalsOfAYear[parts.get('FREQ') ?? ''];
  if (Number(parts.get('INTERVAL')) > most) {
    parts.set('INTERVAL', String(most));
  }
  return write(parts);
}

function write(parts: Map<string, string>): string {
  return [...parts].map(([name, value]) => `${name}=${value}`).join(';');
}

function readParts(rrule: string): Map<string, string> {
  if (/DTSTART|EXDATE|RDATE|EXRULE/i.test(rrule)) {
    throw wrong(
      'cannot have DTSTART, RDATE, EXDATE or EXRULE. The first window is "start"; for another day set a freeze of its own.',
    );
  }
  const parts = new Map<string, string>();
  const known = [
    ...['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'WKST'],
    ...Object.keys(numberLists),
  ];
  for (const part of rrule.toLocaleUpperCase('en-US').split(';')) {
    const [, name, value] = /^([A-Z]+)=([A-Z0-9,+-]+)$/.exec(part) ?? [];
    if (name === undefined || !known.includes(name)) {
      throw wrong(
        'is not a rule of RFC 5545 with known parts. Write it such as FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0.',
      );
    }
    if (parts.has(name)) {
      throw wrong(`has ${name} twice. Remove one of them.`);
    }
    parts.set(name, value);
  }
  return parts;
}

function checkWholeNumber(
  parts: Map<string, string>,
  name: string,
  greatest: number,
): void {
  const value = parts.get(name);
  if (
    value !== undefined &&
    !(
      /^\d{1,6}$/.test(value) &&
      Number(value) >= 1 &&
      Number(value) <= greatest
    )
  ) {
    throw wrong(`${name} has to be a whole number from 1 to ${greatest}.`);
  }
}

function checkWeekdays(parts: Map<string, string>, frequency: string): void {
  const numbered = frequency === 'MONTHLY' || frequency === 'YEARLY';
  const days = parts.get('BYDAY')?.split(',') ?? [];
  const pattern = numbered
    ? /^([+-]?([1-9]|[1-4]\d|5[0-3]))?(MO|TU|WE|TH|FR|SA|SU)$/
    : /^(MO|TU|WE|TH|FR|SA|SU)$/;
  if (days.length > 50 || !days.every(day => pattern.test(day))) {
    throw wrong(
      'BYDAY has to list days such as MO,TU; a number before one, such as -1FR, goes with FREQ=MONTHLY and FREQ=YEARLY only.',
    );
  }
  if (!/^(MO|TU|WE|TH|FR|SA|SU)$/.test(parts.get('WKST') ?? 'MO')) {
    throw wrong('WKST has to be a day such as MO.');
  }
}

function checkNumbers(
  parts: Map<string, string>,
  name: string,
  bounds: { from: number; to: number; signed?: boolean; max: number },
): void {
  const values = parts.get(name)?.split(',') ?? [];
  const isInBounds = (text: string) => {
    const value = Number(text);
    const size = bounds.signed ? Math.abs(value) : value;
    return (
      /^[+-]?\d{1,3}$/.test(text) && size >= bounds.from && size <= bounds.to
    );
  };
  if (values.length > bounds.max || !values.every(isInBounds)) {
    throw wrong(
      name === 'BYSECOND'
        ? 'BYSECOND has to be 0 or left out: windows begin on the minute.'
        : `${name} has to be a list of numbers from ${bounds.from} to ${
            bounds.to
          }${bounds.signed ? ', or below 0 from the end' : ''}.`,
    );
  }
}

function sizeOf(parts: Map<string, string>, name: string): number {
  return new Set(parts.get(name)?.split(',') ?? ['']).size;
}

/** A date is that whole day there; with a `Z` it is an instant, without one a reading of the clock there. */
function readUntil(text: string, timeZone: string): WallTime {
  const [, date, time, utc] = /^(\d{8})(?:T(\d{6})(Z)?)?$/.exec(text) ?? [];
  const clock = time ?? '000000';
  const at = date
    ? Date.parse(
        `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${clock.replace(
          /(..)(..)(..)/,
          '$1:$2:$3',
        )}Z`,
      )
    : Number.NaN;
  if (Number.isNaN(at)) {
    throw wrong(
      'UNTIL has to be a date such as 20261231, or a time such as 20261231T230000Z.',
    );
  }
  if (time === undefined) {
    return at + DAY_MS - 1;
  }
  return utc ? wallTimeAt(at, timeZone) : at;
}

function wrong(what: string): InputError {
  return new InputError(`window.rrule: ${what}`);
}
