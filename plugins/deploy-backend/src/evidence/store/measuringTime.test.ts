import { measuringTime } from './measuringTime';

const receivedAt = new Date('2026-11-21T12:00:00Z');
const received = '2026-11-21T12:00:00.000Z';

describe('measuringTime', () => {
  it.each([
    ['nothing', undefined, received],
    ['no time', 'yesterday', received],
    ['an hour ago', '2026-11-21T13:00:00+02:00', '2026-11-21T11:00:00.000Z'],
    ['five minutes ahead', '2026-11-21T12:05:00Z', '2026-11-21T12:05:00.000Z'],
    ['more than that ahead', '2026-11-21T12:05:01Z', received],
    ['long after the end of time', '+275760-09-12T00:00:00Z', received],
    ['two years ago', '2024-11-21T12:00:00Z', '2025-11-21T12:00:00.000Z'],
    ['the beginning of time', '1970-01-01T00:00:00Z', received],
  ])('of a report that says %s', (_case, said, expected) => {
    expect(measuringTime(said, receivedAt)).toBe(expected);
  });
});
