import { dayTicks, percentTicks } from './axes';

describe('dayTicks', () => {
  it.each([
    ['2026-11-14T10:00:00Z', '2026-11-21T10:00:00Z', 7],
    ['2026-10-22T10:00:00Z', '2026-11-21T10:00:00Z', 6],
    ['2026-08-23T10:00:00Z', '2026-11-21T10:00:00Z', 7],
  ])('marks few days between %s and %s', (from, to, count) => {
    const ticks = dayTicks(from, to);

    expect(ticks).toHaveLength(count);
    expect(Math.min(...ticks)).toBeGreaterThanOrEqual(Date.parse(from));
    expect(Math.max(...ticks)).toBeLessThanOrEqual(Date.parse(to));
  });

  it('has one where there is no time between', () => {
    const now = '2026-11-21T10:00:00Z';

    expect(dayTicks(now, now)).toEqual([Date.parse(now)]);
  });
});

describe('percentTicks', () => {
  it.each<[[number, number], number[]]>([
    [
      [90, 100],
      [90, 92, 94, 96, 98, 100],
    ],
    [
      [70, 100],
      [70, 75, 80, 85, 90, 95, 100],
    ],
    [
      [0, 100],
      [0, 20, 40, 60, 80, 100],
    ],
  ])('are round between %j', (range, ticks) => {
    expect(percentTicks(range)).toEqual(ticks);
  });
});
