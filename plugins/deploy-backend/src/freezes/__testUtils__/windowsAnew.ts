import { RRuleTemporal } from 'rrule-temporal';
import { IANAZone } from 'luxon';
import { RecurringWindow, Span } from '../windows/RecurringWindows';
import { parseDuration, parseStart } from '../windows/parseTimes';
import { parseRule } from '../windows/parseRule';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const YEAR_MS = 366 * DAY_MS;
const SLACK_MS = 2 * DAY_MS;

/**
 * The plain way: all windows near a moment are worked out for each question, and the clock is asked for each
 * window. What is remembered is compared to it, in its answers and in its time.
 */
export function currentAnew(
  window: RecurringWindow,
  at: number,
): Span | undefined {
  let lookBack = parseDuration(window.duration) + SLACK_MS;
  for (;;) {
    const span = { from: at - lookBack, to: at + 1 };
    const open = windowsAnew(window, span).find(
      one => one.from <= at && one.to > at,
    );
    const isWhole =
      !open ||
      open.from - parseDuration(window.duration) - SLACK_MS >= span.from;
    if (isWhole || lookBack > YEAR_MS) {
      return open && extended(window, open);
    }
    lookBack *= 2;
  }
}

/** The first window that begins after a moment, and follows on none that is open; within a year and a half. */
export function nextAnew(
  window: RecurringWindow,
  at: number,
): Span | undefined {
  const end = currentAnew(window, at)?.to ?? at;
  for (let days = 8; days < 2 * 366; days *= 4) {
    const span = { from: end, to: end + days * DAY_MS };
    const next = windowsAnew(window, span).find(
      one => one.from > end && one.from < span.to,
    );
    if (next) {
      return extended(window, next);
    }
  }
  return undefined;
}

function extended(window: RecurringWindow, open: Span): Span {
  let { to } = open;
  while (to - open.from <= YEAR_MS) {
    const end = to;
    const further = windowsAnew(window, {
      from: end - parseDuration(window.duration),
      to: end + 8 * DAY_MS,
    }).find(one => one.from <= end && one.to > end);
    if (!further) {
      break;
    }
    to = further.to;
  }
  return { from: open.from, to };
}

/** The windows that begin within a span, joined where they overlap or follow on one another. */
export function windowsAnew(window: RecurringWindow, span: Span): Span[] {
  const zone = IANAZone.create(window.timeZone);
  const duration = parseDuration(window.duration);
  const windows: Span[] = [];
  for (const start of starts(window, span)) {
    const from = Math.min(...instantsAt(start, zone));
    const to = Math.max(...instantsAt(start + duration, zone));
    const last = windows.at(-1);
    if (last && from <= last.to) {
      last.to = Math.max(last.to, to);
    } else if (from < to) {
      windows.push({ from, to });
    }
  }
  return windows;
}

function starts(window: RecurringWindow, span: Span): number[] {
  const { text, until } = parseRule(window.rrule, window.timeZone);
  const start = new Date(parseStart(window.start))
    .toISOString()
    .replace(/[-:]|\.\d+Z$/g, '');
  const last = Math.min(span.to + SLACK_MS, until ?? Number.POSITIVE_INFINITY);
  return new RRuleTemporal({
    rruleString: `DTSTART;TZID=UTC:${start}\nRRULE:${text}`,
    maxIterations: 10_000,
    maxCandidateEvaluations: 100_000,
  })
    .between(new Date(span.from - SLACK_MS), new Date(last), true)
    .map(({ epochMilliseconds }) => epochMilliseconds);
}

/** Where the clock shows a reading; where it jumps over it, the moment of the jump, looked for by the minute. */
function instantsAt(reading: number, zone: IANAZone): number[] {
  const shown = [reading - DAY_MS, reading + DAY_MS]
    .map(near => reading - zone.offset(near) * MINUTE_MS)
    .filter(at => at + zone.offset(at) * MINUTE_MS === reading);
  if (shown.length > 0) {
    return shown;
  }
  let at = reading - zone.offset(reading + DAY_MS) * MINUTE_MS;
  while (at + zone.offset(at) * MINUTE_MS < reading) {
    at += MINUTE_MS;
  }
  return [at];
}
