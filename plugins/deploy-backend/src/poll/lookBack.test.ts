import { lookBackTo } from './lookBack';

const now = new Date('2026-02-20T12:34:56.000Z');

describe('lookBackTo', () => {
  it.each([
    ['thirty days at first', undefined, '2026-01-21T12:00:00.000Z'],
    [
      'a day behind the last pass',
      '2026-02-20T12:29:00Z',
      '2026-02-19T12:00:00.000Z',
    ],
    [
      'behind a long outage',
      '2026-02-10T08:00:00Z',
      '2026-02-09T08:00:00.000Z',
    ],
    [
      'no further than thirty days',
      '2025-06-01T00:00:00Z',
      '2026-01-21T12:00:00.000Z',
    ],
  ])('goes %s', (_case, lastPass, expected) => {
    const mark = lastPass === undefined ? undefined : new Date(lastPass);

    expect(lookBackTo(now, mark).toISOString()).toBe(expected);
  });
});
