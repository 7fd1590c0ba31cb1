import { checkExpiry } from './checkExpiry';

const now = new Date('2026-01-05T12:00:00.000Z');

describe('checkExpiry', () => {
  it.each([
    ['2026-01-05T12:00:00.001Z', '2026-01-05T12:00:00.001Z'],
    ['2026-01-05T14:00:00+01:00', '2026-01-05T13:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
    [undefined, undefined],
  ])('takes %s as %s', (expiresAt, inUtc) => {
    expect(checkExpiry(expiresAt, now)).toBe(inUtc);
  });

  it.each([
    ['what is over', '2026-01-05T12:00:00Z'],
    ['what is over elsewhere', '2026-01-05T12:30:00+01:00'],
    // In UTC, the year 10000: as a text it comes before all others.
    ['the last second of all in the west', '9999-12-31T23:59:59-05:00'],
    ['no time', 'tomorrow'],
    ['nothing', ''],
  ])('refuses %s', (_, expiresAt) => {
    expect(() => checkExpiry(expiresAt, now)).toThrow(
      /^expiresAt: has to be a time in the future/,
    );
  });
});
