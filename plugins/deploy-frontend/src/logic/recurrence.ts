import { DateTime } from 'luxon';
import { countText } from './numbers';

const units: Record<string, string> = {
  DAILY: 'day',
  WEEKLY: 'week',
  MONTHLY: 'month',
  YEARLY: 'year',
};
const weekdays: Record<string, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
/** What is put into words here; a rule with anything else is shown as it is. */
const known = [
  ...['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST'],
  ...['BYMONTH', 'BYMONTHDAY', 'BYDAY', 'BYHOUR', 'BYMINUTE', 'BYSECOND'],
];

/**
 * A rule of RFC 5545 in words: "every week on Friday at 15:00". What it leaves open, such as the hour, its
 * first window says.
 *
 * @param start - local date and time of the first window, without a zone
 * @returns nothing for a rule that cannot be said shortly without saying something else
 * @internal
 */
export function ruleText(rrule: string, start: string): string | undefined {
  const parts = new Map(
    rrule
      .trim()
      .toLocaleUpperCase('en-US')
      .split(';')
      .map(part => part.split('=', 2) as [string, string]),
  );
  const first = DateTime.fromISO(start, { zone: 'utc' });
  const frequency = parts.get('FREQ') ?? '';
  const unit = units[frequency];
  if (
    !unit ||
    !first.isValid ||
    [...parts].some(([name, value]) => !known.includes(name) || !value)
  ) {
    return undefined;
  }
  const days = daysText(parts, frequency, first);
  const times = timesText(parts, first);
  if (days === undefined || times === undefined) {
    return undefined;
  }
  return [everyText(parts, unit), days, times, endText(parts)]
    .filter(Boolean)
    .join(' ');
}

function everyText(parts: Map<string, string>, unit: string): string {
  const interval = Number(parts.get('INTERVAL') ?? 1);
  return interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`;
}

function daysText(
  parts: Map<string, string>,
  frequency: string,
  first: DateTime,
): string | undefined {
  const listed = listOf(parts, 'BYDAY').map(weekdayText);
  const numbers = listOf(parts, 'BYMONTHDAY').map(monthDayText);
  const inMonths = listOf(parts, 'BYMONTH').map(
    month => months[Number(month) - 1],
  );
  if ([...listed, ...numbers, ...inMonths].includes(undefined)) {
    return undefined;
  }
  const when: string[] = [];
  if (numbers.length > 0) {
    when.push(
      `on ${and(numbers)}${frequency === 'MONTHLY' ? '' : ' of the month'}`,
    );
  }
  if (listed.length > 0) {
    // With days of the month, both have to hold.
    when.push(
      numbers.length > 0 ? `where that is ${or(listed)}` : `on ${and(listed)}`,
    );
  }
  if (when.length === 0) {
    when.push(...impliedDay(frequency, first, inMonths.length > 0));
  }
  if (inMonths.length > 0) {
    when.push(`in ${and(inMonths)}`);
  }
  return when.join(' ');
}

/** What a rule that names no day takes from its first window. */
function impliedDay(
  frequency: string,
  first: DateTime,
  hasMonths: boolean,
): string[] {
  switch (frequency) {
    case 'WEEKLY':
      return [`on ${Object.values(weekdays)[first.weekday - 1]}`];
    case 'MONTHLY':
      return [`on the ${ordinal(first.day)}`];
    case 'YEARLY':
      return [
        `on the ${ordinal(first.day)}${
          hasMonths ? '' : ` of ${months[first.month - 1]}`
        }`,
      ];
    default:
      return [];
  }
}

function timesText(
  parts: Map<string, string>,
  first: DateTime,
): string | undefined {
  const hours = parts.has('BYHOUR')
    ? listOf(parts, 'BYHOUR').map(Number)
    : [first.hour];
  const minutes = parts.has('BYMINUTE')
    ? listOf(parts, 'BYMINUTE').map(Number)
    : [first.minute];
  if ([...hours, ...minutes].some(Number.isNaN)) {
    return undefined;
  }
  return `at ${and(
    hours.flatMap(hour =>
      minutes.map(minute => `${twoDigits(hour)}:${twoDigits(minute)}`),
    ),
  )}`;
}

function endText(parts: Map<string, string>): string {
  const count = parts.get('COUNT');
  if (count !== undefined) {
    return `for ${countText(Number(count), 'time')}`;
  }
  const until = /^(\d{4})(\d{2})(\d{2})/.exec(parts.get('UNTIL') ?? '');
  return until
    ? `until the ${ordinal(Number(until[3]))} of ${
        months[Number(until[2]) - 1]
      } ${until[1]}`
    : '';
}

function listOf(parts: Map<string, string>, name: string): string[] {
  return parts.get(name)?.split(',') ?? [];
}

/** "FR" is Friday, "2FR" the second Friday, "-1FR" the last one. */
function weekdayText(day: string): string | undefined {
  const [, number, name] = /^([+-]?\d+)?([A-Z]{2})$/.exec(day) ?? [];
  const weekday = weekdays[name ?? ''];
  if (!weekday || number === undefined) {
    return weekday;
  }
  return `the ${fromEnd(Number(number))}${weekday}`;
}

function monthDayText(day: string): string | undefined {
  const number = Number(day);
  return Number.isInteger(number) && number !== 0
    ? `the ${fromEnd(number)}${number < 0 ? 'day' : ''}`.trim()
    : undefined;
}

/** "2nd ", "last ", "2nd last ". */
function fromEnd(number: number): string {
  if (number > 0) {
    return `${ordinal(number)} `;
  }
  return number === -1 ? 'last ' : `${ordinal(-number)} last `;
}

function ordinal(number: number): string {
  const ending = [11, 12, 13].includes(number % 100)
    ? 'th'
    : ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th';
  return `${number}${ending}`;
}

function and(words: readonly (string | undefined)[]): string {
  return join(words, 'and');
}

function or(words: readonly (string | undefined)[]): string {
  return join(words, 'or');
}

function join(words: readonly (string | undefined)[], last: string): string {
  return words.length < 2
    ? String(words[0])
    : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
