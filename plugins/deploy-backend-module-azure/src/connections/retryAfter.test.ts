import { retryAfterMs } from './retryAfter';

const NOW = Date.parse('2026-11-21T10:00:00Z');

describe('retryAfterMs', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['a date', { 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }, 30_000],
    [
      'a date that is over',
      { 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT' },
      0,
    ],
    ['milliseconds', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    ['milliseconds of Azure', { 'x-ms-retry-after-ms': '40' }, 40],
    ['a day, which is too long', { 'retry-after': '86400' }, 3_600_000],
    ['nothing', {}, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
  ])('reads %s', (_, headers: Record<string, string>, expected) => {
    expect(retryAfterMs(name => headers[name], NOW)).toBe(expected);
  });
});
