import { InputError } from '@backstage/errors';
import { Duration } from 'luxon';
import { WallTime } from './wallClock';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
export const LEAST_MINUTES = 15;
const MOST_DAYS = 366;

/** Reads `2026-11-20T15:00`. Throws an InputError that begins with `window.start`. */
export function parseStart(start: string): WallTime {
  const read = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:00)?$/.test(start)
    ? Date.parse(`${start.slice(0, 16)}:00.000Z`)
    : Number.NaN;
  // JavaScript takes 31 February for 3 March.
  if (
    Number.isNaN(read) ||
    new Date(read).toISOString().slice(0, 16) !== start.slice(0, 16)
  ) {
    throw new InputError(
      'window.start: has to be the local date and time of the first window, such as 2026-11-20T15:00, without a zone',
    );
  }
  return read;
}

/** Reads `PT63H`, in milliseconds. Throws an InputError that begins with `window.duration`. */
export function parseDuration(text: string): number {
  const isRead =
    text.length <= 30 &&
    /^P(?=.)(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?)?$/.test(text);
  const length = isRead ? Duration.fromISO(text).toMillis() : Number.NaN;
  if (!(length >= LEAST_MINUTES * MINUTE_MS && length <= MOST_DAYS * DAY_MS)) {
    throw new InputError(
      `window.duration: has to be weeks, days, hours and minutes such as PT63H or P1DT12H, from ${LEAST_MINUTES} minutes to ${MOST_DAYS} days`,
    );
  }
  return length;
}
