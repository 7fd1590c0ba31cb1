import { IANAZone } from 'luxon';

/**
 * A reading of a clock on a wall: milliseconds as if the place were on UTC. Two readings can be subtracted
 * and compared, and know nothing of daylight saving.
 */
export type WallTime = number;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Whether the platform knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/** What the clock shows there at an instant. */
export function wallTimeAt(instant: number, timeZone: string): WallTime {
  return instant + offsetAt(instant, IANAZone.create(timeZone));
}

/**
 * The instants at which the clock there shows a reading: the first and the last, which differ where the
 * clock is put back. Where it is put forward over the reading, both are the moment of the jump.
 */
export function instantsOf(
  reading: WallTime,
  timeZone: string,
): { first: number; last: number } {
  const zone = IANAZone.create(timeZone);
  const before = offsetAt(reading - DAY_MS, zone);
  const after = offsetAt(reading + DAY_MS, zone);
  const shown = [reading - before, reading - after].filter(
    instant => instant + offsetAt(instant, zone) === reading,
  );
  if (shown.length > 0) {
    return { first: Math.min(...shown), last: Math.max(...shown) };
  }
  const jump = momentOfChange(reading - after, reading - before, zone);
  return { first: jump, last: jump };
}

/** The first whole minute with the offset that holds at `to`; the offset changes once between the two. */
function momentOfChange(from: number, to: number, zone: IANAZone): number {
  const wanted = offsetAt(to, zone);
  let low = Math.floor(from / MINUTE_MS) - 1;
  let high = Math.ceil(to / MINUTE_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * MINUTE_MS, zone) === wanted) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return high * MINUTE_MS;
}

/** On a day that begins and ends with the same offset, it is the same all day. */
function offsetAt(instant: number, zone: IANAZone): number {
  const day = Math.floor(instant / DAY_MS);
  const begins = offsetOfMidnight(day, zone);
  return begins === offsetOfMidnight(day + 1, zone)
    ? begins
    : zone.offset(instant) * MINUTE_MS;
}

/** By zone and day of UTC: the platform takes long to answer, and is asked for many windows of a day. */
const midnights = new WeakMap<IANAZone, Map<number, number>>();
const MAX_DAYS = 5_000;

function offsetOfMidnight(day: number, zone: IANAZone): number {
  const known = midnights.get(zone) ?? new Map<number, number>();
  midnights.set(zone, known);
  const offset = known.get(day) ?? zone.offset(day * DAY_MS) * MINUTE_MS;
  if (known.size >= MAX_DAYS) {
    known.clear();
  }
  known.set(day, offset);
  return offset;
}
