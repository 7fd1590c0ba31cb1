import { FreezeWindow } from '@vvp/backstage-plugin-deploy-common';
import { RecurringWindow, RecurringWindows, Span } from './RecurringWindows';

const DAY_MS = 24 * 60 * 60_000;
/** Windows that follow on one another are followed no further, back and forth. */
export const LONGEST_DAYS = 366;
/** How far into the future the next window is looked for. */
export const AHEAD_DAYS = 5 * 366;

/**
 * The times at which a freeze is in force, from the one that is open at a moment, in order; windows that
 * overlap or follow on one another are one.
 *
 * A recurring window begins the first time that the clock there shows its start, and ends the last time that
 * the clock shows its end: on the night when clocks are put back, it is the longer one. A time that the
 * clock jumps over is the moment of the jump.
 */
export function* windowsOf(window: FreezeWindow, at: number): Generator<Span> {
  let one = currentWindow(window, at) ?? nextWindow(window, at);
  while (one) {
    yield one;
    one = nextWindow(window, one.to);
  }
}

/** The window that is open at a moment, with all that overlap it or follow on one another. */
export function currentWindow(
  window: FreezeWindow,
  at: number,
): Span | undefined {
  if ('from' in window) {
    const dated = readDated(window);
    return dated.from <= at && dated.to > at ? dated : undefined;
  }
  const windows = readRecurring(window);
  let open: Span | undefined;
  for (const one of windows.before(at)) {
    const reaches = open ? one.to >= open.from : one.to > at;
    if (!reaches || at - one.from > LONGEST_DAYS * DAY_MS) {
      break;
    }
    open = { from: one.from, to: open?.to ?? one.to };
  }
  return open && extend(windows, open, at);
}

/** The first window that begins after a moment; not one that follows on an open one. */
export function nextWindow(window: FreezeWindow, at: number): Span | undefined {
  if ('from' in window) {
    const dated = readDated(window);
    return dated.from > at ? dated : undefined;
  }
  const windows = readRecurring(window);
  let end = currentWindow(window, at)?.to ?? at;
  for (const one of windows.after(at, end + AHEAD_DAYS * DAY_MS)) {
    if (one.from > end) {
      return extend(windows, one, one.from);
    }
    end = Math.max(end, one.to);
  }
  return undefined;
}

/** Follows windows that overlap or follow on one another to their end. */
function extend(windows: RecurringWindows, open: Span, at: number): Span {
  let { to } = open;
  for (const one of windows.after(at, at + LONGEST_DAYS * DAY_MS)) {
    if (one.from > to) {
      break;
    }
    to = one.to;
  }
  return { from: open.from, to };
}

function readDated({ from, to }: { from: string; to: string }): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}

/** The same rules are asked again and again, mostly about now. */
const read = new Map<string, RecurringWindows>();
const MAX_READ = 500;

function readRecurring(window: RecurringWindow): RecurringWindows {
  const { rrule, timeZone, start, duration } = window;
  const key = [rrule, timeZone, start, duration].join('\n');
  const known = read.get(key);
  if (known) {
    return known;
  }
  const windows = new RecurringWindows(window);
  if (read.size >= MAX_READ) {
    read.clear();
  }
  read.set(key, windows);
  return windows;
}
