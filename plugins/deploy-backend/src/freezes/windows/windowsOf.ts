import { FreezeWindow } from '@vvp/backstage-plugin-deploy-common';
import { parseDuration, parseStart } from './parseTimes';
import { Recurrence } from './Recurrence';
import { instantsOf, WallTime, wallTimeAt } from './wallClock';

/** From `from` until just before `to`, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

const DAY_MS = 24 * 60 * 60_000;
/** Spans that follow on one another are not followed further. */
export const LONGEST_DAYS = 366;
/** How far into the future the next window is looked for. */
export const AHEAD_DAYS = 5 * 366;

/** The zone may differ from UTC by up to 14 hours, and from itself by an hour or two. */
const SLACK_MS = 2 * DAY_MS;

/**
 * The times within `span` at which a freeze is in force, in order; windows that overlap or follow on one
 * another are one. The first and the last may reach beyond `span`.
 *
 * A recurring window begins the first time that the clock there shows its start, and ends the last time that
 * the clock shows its end: on the night when clocks are put back, it is the longer one. A time that the
 * clock jumps over is the moment of the jump.
 */
export function windowsOf(window: FreezeWindow, span: Span): Span[] {
  if ('from' in window) {
    const dated = {
      from: Date.parse(window.from),
      to: Date.parse(window.to),
    };
    return dated.from < span.to && dated.to > span.from ? [dated] : [];
  }
  const clock = readWindow(window);
  let lookBack = clock.duration + SLACK_MS;
  for (;;) {
    const earliest = span.from - lookBack;
    const found = expand(clock, { from: earliest, to: span.to }).filter(
      one => one.to > span.from && one.from < span.to,
    );
    const [first] = found;
    const isWhole =
      !first || first.from - clock.duration - SLACK_MS >= earliest;
    if (isWhole || lookBack > LONGEST_DAYS * DAY_MS) {
      return found;
    }
    lookBack *= 2;
  }
}

/** The window that is open at a moment, with all that follow on it. */
export function currentWindow(
  window: FreezeWindow,
  at: number,
): Span | undefined {
  const [open] = windowsOf(window, { from: at, to: at + 1 });
  if (!open || 'from' in window) {
    return open;
  }
  return extend(window, open);
}

/** The first window that begins after a moment; not one that follows on an open one. */
export function nextWindow(window: FreezeWindow, at: number): Span | undefined {
  if ('from' in window) {
    const [dated] = windowsOf(window, {
      from: at,
      to: Number.POSITIVE_INFINITY,
    });
    return dated && dated.from > at ? dated : undefined;
  }
  const from = currentWindow(window, at)?.to ?? at;
  let days = 8;
  for (;;) {
    const next = windowsOf(window, { from, to: from + days * DAY_MS }).find(
      one => one.from > at,
    );
    if (next) {
      return extend(window, next);
    }
    if (days >= AHEAD_DAYS) {
      return undefined;
    }
    days = Math.min(days * 4, AHEAD_DAYS);
  }
}

/** Follows windows that overlap or follow on one another to their end. */
function extend(
  window: Exclude<FreezeWindow, { from: string }>,
  open: Span,
): Span {
  const clock = readWindow(window);
  let { to } = open;
  while (to - open.from <= LONGEST_DAYS * DAY_MS) {
    const end = to;
    const further = expand(clock, {
      from: end - clock.duration,
      to: end + 8 * DAY_MS,
    }).find(one => one.from <= end && one.to > end);
    if (!further) {
      break;
    }
    to = further.to;
  }
  return { from: open.from, to };
}

interface ClockWindow {
  recurrence: Recurrence;
  duration: number;
  timeZone: string;
}

/** Reading a rule takes longer than asking it, and it is asked again and again. */
const read = new Map<string, ClockWindow>();
const MAX_READ = 500;

function readWindow(
  window: Exclude<FreezeWindow, { from: string }>,
): ClockWindow {
  const { rrule, timeZone, start, duration } = window;
  const key = [rrule, timeZone, start, duration].join('\n');
  const known = read.get(key);
  if (known) {
    return known;
  }
  const clock = {
    recurrence: new Recurrence({ rrule, timeZone, start: parseStart(start) }),
    duration: parseDuration(duration),
    timeZone,
  };
  if (read.size >= MAX_READ) {
    read.clear();
  }
  read.set(key, clock);
  return clock;
}

/** Windows whose starts lie within a span, joined where they touch. */
function expand(clock: ClockWindow, span: Span): Span[] {
  const { recurrence, timeZone, duration } = clock;
  const joined: Span[] = [];
  const starts = recurrence.startsBetween(
    wallTimeAt(span.from, timeZone) - DAY_MS,
    wallTimeAt(span.to, timeZone) + DAY_MS,
  );
  for (const start of starts) {
    const one = toSpan(start, duration, timeZone);
    const last = joined.at(-1);
    if (last && one.from <= last.to) {
      last.to = Math.max(last.to, one.to);
    } else if (one.from < one.to) {
      joined.push(one);
    }
  }
  return joined;
}

function toSpan(start: WallTime, duration: number, timeZone: string): Span {
  return {
    from: instantsOf(start, timeZone).first,
    to: instantsOf(start + duration, timeZone).last,
  };
}
