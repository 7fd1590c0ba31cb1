const day = 86_400_000;
const ticksAtMost = 7;

/**
 * Height of every chart, pixels.
 *
 * @internal
 */
export const chartHeight = 220;

/**
 * Room around every chart, pixels.
 *
 * @internal
 */
export const chartMargin = { top: 12, right: 12, bottom: 0, left: 0 };

/**
 * A day of the time axis in the user's language.
 *
 * @internal
 */
export function dayText(time: number): string {
  return new Date(time).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
  });
}

/**
 * Days at even distances between two times, at the most seven.
 *
 * @internal
 */
export function dayTicks(from: string, to: string): number[] {
  const start = Date.parse(from);
  const end = Date.parse(to);
  if (!(end > start)) {
    return [start];
  }
  const midnight = new Date(start);
  midnight.setHours(24, 0, 0, 0);
  const days = Math.floor((end - midnight.getTime()) / day) + 1;
  const step = Math.max(1, Math.ceil(days / ticksAtMost)) * day;
  const ticks: number[] = [];
  for (let tick = midnight.getTime(); tick <= end; tick += step) {
    ticks.push(tick);
  }
  return ticks;
}

/**
 * Round percentages between the ends of an axis.
 *
 * @internal
 */
export function percentTicks([start, end]: [number, number]): number[] {
  const span = end - start;
  const step = [2, 5, 10, 20].find(each => span / each <= 6) ?? 25;
  const ticks: number[] = [];
  for (let tick = end; tick >= start; tick -= step) {
    ticks.unshift(tick);
  }
  return ticks;
}
