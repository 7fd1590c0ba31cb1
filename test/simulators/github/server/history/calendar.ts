import { DAY, HOUR, MINUTE } from '../state/time';
import type { SeededRandom } from './random';

export const HISTORY_DAYS = 29;

/** Midnight (UTC) of the day that lies so many days before the anchor. */
export function midnight(anchor: number, daysAgo: number): number {
  return Math.floor((anchor - daysAgo * DAY) / DAY) * DAY;
}

export function isWeekend(time: number): boolean {
  return [0, 6].includes(new Date(time).getUTCDay());
}

/** The days before the anchor's own, oldest first; nobody works on a weekend. */
export function workingDays(anchor: number): number[] {
  return daysBefore(anchor).filter(day => !isWeekend(day));
}

function daysBefore(anchor: number): number[] {
  return Array.from({ length: HISTORY_DAYS }, (_, index) =>
    midnight(anchor, HISTORY_DAYS - index),
  );
}

/** The nights of the month, the last one as well if it is over. */
export function nights(anchor: number): number[] {
  const last = midnight(anchor, 0);
  const isOver = anchor - last > 4 * HOUR;
  return [...daysBefore(anchor), ...(isOver ? [last] : [])];
}

/** Times of a working day, in order and at least forty minutes apart. */
export function workingTimes(
  random: SeededRandom,
  day: number,
  count: number,
): number[] {
  const slot = (9 * HOUR) / Math.max(1, count);
  return Array.from({ length: count }, (_, index) => {
    const room = Math.max(0, slot - 40 * MINUTE);
    return (
      Math.floor(
        (day + 8 * HOUR + index * slot + random.next() * room) / 1000,
      ) * 1000
    );
  });
}
