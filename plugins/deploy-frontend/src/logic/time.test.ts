import {
  absoluteTime,
  durationText,
  relativeTime,
  secondsSince,
  weekdayTime,
} from './time';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('relativeTime', () => {
  it.each([
    ['2026-11-21T11:59:50Z', 'en', 'just now'],
    ['2026-11-21T12:00:30Z', 'en', 'just now'],
    ['2026-11-21T11:00:00Z', 'en', '1 hour ago'],
    ['2026-11-18T12:00:00Z', 'en', '3 days ago'],
    ['2026-11-18T12:00:00Z', 'de', 'vor 3 Tagen'],
    ['not a time', 'en', 'unknown time'],
  ])('says of %s in %s: %s', (at, locale, text) => {
    expect(relativeTime(at, now, locale)).toBe(text);
  });
});

describe('absoluteTime', () => {
  it('names date and zone in the language of the user', () => {
    const german = absoluteTime('2026-11-21T10:30:00Z', 'de');

    expect(german).toContain('21.11.2026');
    expect(german).toMatch(/UTC|MEZ|GMT|[A-Z]{2,}/);
  });

  it('shows what it cannot read', () => {
    expect(absoluteTime('soon', 'en')).toBe('soon');
  });
});

describe('weekdayTime', () => {
  it('names the day of the week, and no seconds', () => {
    const english = weekdayTime('2026-11-27T10:30:07Z', 'en-GB');

    expect(english).toMatch(/^Fri,? 27 Nov 2026/);
    expect(english).not.toContain(':07');
  });

  it('shows what it cannot read', () => {
    expect(weekdayTime('soon', 'en')).toBe('soon');
  });
});

describe('durationText', () => {
  it.each([
    [0, '0s'],
    [59, '59s'],
    [60, '1m'],
    [252, '4m, 12s'],
    [3600, '1h'],
    [90061, '1d, 1h'],
    [-5, '0s'],
  ])('says of %s seconds: %s', (seconds, text) => {
    expect(durationText(seconds, 'en')).toBe(text);
  });
});

describe('secondsSince', () => {
  it('is never negative', () => {
    expect(secondsSince('2026-11-21T11:59:00Z', now)).toBe(60);
    expect(secondsSince('2026-11-21T12:01:00Z', now)).toBe(0);
  });
});
