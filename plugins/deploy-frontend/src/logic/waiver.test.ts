import { readWaiver, WaiverForm } from './waiver';

const now = Date.parse('2026-11-21T12:00:00Z');
const form: WaiverForm = {
  reason: 'Fixed in the image of tonight',
  period: '8h',
  until: '',
};

describe('readWaiver', () => {
  it.each([
    ['1h', '2026-11-21T13:00:00.000Z'],
    ['8h', '2026-11-21T20:00:00.000Z'],
    ['1d', '2026-11-22T12:00:00.000Z'],
    ['7d', '2026-11-28T12:00:00.000Z'],
  ])('lets a waiver of %s end at %s', (period, expiresAt) => {
    expect(readWaiver({ ...form, period }, now)).toEqual({
      ok: true,
      reason: form.reason,
      expiresAt,
    });
  });

  it('takes a time of its own, in the zone of the user', () => {
    const until = '2026-11-24T09:30';

    const read = readWaiver({ ...form, period: 'custom', until }, now);

    expect(read).toMatchObject({
      ok: true,
      expiresAt: new Date(2026, 10, 24, 9, 30).toISOString(),
    });
  });

  it.each<[string, Partial<WaiverForm>, string]>([
    ['no reason', { reason: '' }, 'reason'],
    ['blanks for a reason', { reason: '             ' }, 'reason'],
    ['a short reason', { reason: 'because' }, 'reason'],
    ['no period', { period: '' }, 'period'],
    ['no time', { period: 'custom' }, 'until'],
    ['no real time', { period: 'custom', until: 'soon' }, 'until'],
    [
      'a time that is over',
      { period: 'custom', until: '2026-11-01T00:00' },
      'until',
    ],
  ])('refuses %s', (_name, part, field) => {
    const read = readWaiver({ ...form, ...part }, now);

    expect(Object.keys(read)).toEqual(['ok', field]);
    expect(read.ok).toBe(false);
  });
});
