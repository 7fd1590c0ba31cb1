import { InputError } from '@backstage/errors';
import { FreezeWindow } from '@vvp/backstage-plugin-deploy-common';
import { assertOnly, assertText } from './checkParts';
import { inEveryYear } from './windows/parseRule';
import { LEAST_MINUTES, parseDuration, parseStart } from './windows/parseTimes';
import { Recurrence } from './windows/Recurrence';
import { instantsOf, isTimeZone } from './windows/wallClock';
import {
  AHEAD_DAYS,
  currentWindow,
  LONGEST_DAYS,
  nextWindow,
} from './windows/windowsOf';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MAX_NAME = 100;
const MAX_A_YEAR = 1_500;
/** Each is looked at, whenever it is asked whether they are open. More than one a day for a year. */
const MAX_JOINED = 400;
/** A time with a zone; the fraction may be left out, and so may the seconds. */
const INSTANT =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;

/** A window that can be relied on, and when the last one ends, if there is a last. */
export interface CheckedWindow {
  window: FreezeWindow;
  endsAt?: string;
}

/** Throws an InputError that names the member if a window never opens, never closes, or is not well-formed. */
export function checkWindow(value: unknown, now: Date): CheckedWindow {
  if (typeof value !== 'object' || value === null) {
    throw new InputError(
      'window: has to have either from and to, or rrule, timeZone, start and duration',
    );
  }
  return 'rrule' in value ? checkRecurring(value, now) : checkDated(value, now);
}

function checkDated(value: object, now: Date): CheckedWindow {
  assertOnly(value, ['from', 'to'], 'window');
  const { from, to } = value as Record<string, unknown>;
  const begins = readInstant(from, 'window.from');
  const ends = readInstant(to, 'window.to');
  if (ends <= begins) {
    throw new InputError('window.to: has to be after window.from');
  }
  if (ends <= now.getTime()) {
    throw new InputError('window.to: is past; a freeze cannot end before now');
  }
  if (ends - begins > LONGEST_DAYS * DAY_MS) {
    throw new InputError(
      `window.to: is more than ${LONGEST_DAYS} days after window.from. Lock the environment, if it is to stay closed.`,
    );
  }
  const window = {
    from: new Date(begins).toISOString(),
    to: new Date(ends).toISOString(),
  };
  return { window, endsAt: window.to };
}

function readInstant(value: unknown, at: string): number {
  const read =
    typeof value === 'string' && INSTANT.test(value)
      ? Date.parse(value)
      : Number.NaN;
  if (Number.isNaN(read)) {
    throw new InputError(
      `${at}: has to be a time with a zone, such as 2026-12-18T18:00:00Z`,
    );
  }
  return read;
}

function checkRecurring(value: object, now: Date): CheckedWindow {
  assertOnly(value, ['rrule', 'timeZone', 'start', 'duration'], 'window');
  const members = value as Record<string, unknown>;
  const timeZone = assertText(members.timeZone, 'window.timeZone', MAX_NAME);
  if (!isTimeZone(timeZone) || /^[+-]|^[a-z]{3,4}[+-]/i.test(timeZone)) {
    throw new InputError(
      'window.timeZone: is not known; use an IANA name such as Europe/Berlin, or UTC',
    );
  }
  const start = assertText(members.start, 'window.start', MAX_NAME);
  const duration = assertText(members.duration, 'window.duration', MAX_NAME);
  const rrule = assertText(members.rrule, 'window.rrule', 1_000);
  const begins = parseStart(start);
  if (Math.abs(begins - now.getTime()) > AHEAD_DAYS * DAY_MS) {
    throw new InputError(
      'window.start: is more than five years away; use a time near the next window',
    );
  }
  const length = parseDuration(duration);
  const recurrence = new Recurrence({ rrule, start: begins, timeZone });
  assertFarEnoughApart(recurrence, begins);
  const window = { rrule, timeZone, start: start.slice(0, 16), duration };
  assertFew(
    new Recurrence({ rrule: inEveryYear(rrule), start: begins, timeZone }),
    begins,
    length,
  );
  assertCloses(recurrence, begins, length);
  assertOpens(window, now);
  const last = recurrence.lastStart();
  return {
    window,
    ...(last !== undefined && {
      endsAt: new Date(instantsOf(last + length, timeZone).last).toISOString(),
    }),
  };
}

function assertFarEnoughApart(recurrence: Recurrence, begins: number): void {
  // A rule that has two windows that close has them within a year, or its frequency forbids it.
  const starts = recurrence.startsBetween(begins, begins + 32 * DAY_MS);
  const close = starts.some(
    (start, index) =>
      index > 0 && start - starts[index - 1] < LEAST_MINUTES * MINUTE_MS,
  );
  if (close) {
    throw new InputError(
      `window.rrule: begins windows less than ${LEAST_MINUTES} minutes apart. Make one longer window of them.`,
    );
  }
}

function assertOpens(window: FreezeWindow, now: Date): void {
  const at = now.getTime();
  if (!currentWindow(window, at) && !nextWindow(window, at)) {
    throw new InputError(
      'window.rrule: has no window from now on, or none in the next five years. Look at UNTIL, COUNT and BYMONTHDAY, or remove the freeze.',
    );
  }
}

/** Asked of the rule in its fullest year. */
function assertFew(
  recurrence: Recurrence,
  begins: number,
  length: number,
): void {
  const starts = recurrence.startsBetween(
    begins,
    begins + (LONGEST_DAYS + 1) * DAY_MS,
  );
  if (starts.length > MAX_A_YEAR) {
    throw new InputError(
      `window.rrule: begins more than ${MAX_A_YEAR} windows in a year. Make longer windows of them.`,
    );
  }
  let joined = 0;
  for (const [index, start] of starts.entries()) {
    joined = start - starts[index - 1] <= length ? joined + 1 : 1;
    if (joined > MAX_JOINED) {
      throw new InputError(
        `window.rrule: more than ${MAX_JOINED} windows follow on one another without a gap. Make longer windows of them.`,
      );
    }
  }
}

/**
 * Whether there is a time in between in which something can be deployed. Asked before anything else is
 * worked out, since following windows that never end is work; the zone moves no window by a year.
 */
function assertCloses(
  recurrence: Recurrence,
  begins: number,
  length: number,
): void {
  const starts = recurrence.startsBetween(
    begins,
    begins + (LONGEST_DAYS + 1) * DAY_MS,
  );
  const [first, ...others] = starts;
  let end = (first ?? begins) + length;
  for (const start of others) {
    if (start > end) {
      return;
    }
    end = Math.max(end, start + length);
  }
  if (first !== undefined && end - first > LONGEST_DAYS * DAY_MS) {
    throw new InputError(
      'window.duration: its windows follow on one another without a gap, so the environment would never open. Shorten it, or lock the environment.',
    );
  }
}
