import { previewFreeze } from './previewFreeze';

const now = new Date('2026-11-21T12:00:00Z');
const weekend = {
  rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
  timeZone: 'Europe/Berlin',
  start: '2026-11-06T15:00',
  duration: 'PT63H',
};

describe('previewFreeze', () => {
  it('begins with the window that is open, and gives five', () => {
    const { windows } = previewFreeze(weekend, now);

    expect(windows.slice(0, 2)).toEqual([
      { from: '2026-11-20T14:00:00.000Z', to: '2026-11-23T05:00:00.000Z' },
      { from: '2026-11-27T14:00:00.000Z', to: '2026-11-30T05:00:00.000Z' },
    ]);
    expect(windows).toHaveLength(5);
  });

  it('keeps to the clock there over daylight saving', () => {
    const spring = new Date('2027-03-23T12:00:00Z');

    const [before, after] = previewFreeze(weekend, spring).windows;

    // The clocks are put forward on 28 March at 02:00.
    expect(before).toEqual({
      from: '2027-03-26T14:00:00.000Z',
      to: '2027-03-29T04:00:00.000Z',
    });
    expect(after.from).toBe('2027-04-02T13:00:00.000Z');
  });

  it('ends where the rule does', () => {
    const rrule = `${weekend.rrule};COUNT=4`;

    expect(previewFreeze({ ...weekend, rrule }, now).windows).toHaveLength(2);
  });

  it('gives the one window of a dated freeze', () => {
    const dated = {
      from: '2026-12-23T17:00:00.000Z',
      to: '2027-01-04T06:00:00.000Z',
    };

    expect(previewFreeze(dated, now)).toEqual({ windows: [dated] });
  });

  it('shows windows that follow on one another as one', () => {
    const daily = {
      rrule: 'FREQ=DAILY;COUNT=3',
      timeZone: 'UTC',
      start: '2026-12-01T00:00',
      duration: 'P1D',
    };

    expect(previewFreeze(daily, now).windows).toEqual([
      { from: '2026-12-01T00:00:00.000Z', to: '2026-12-04T00:00:00.000Z' },
    ]);
  });

  it('refuses what setting would refuse', () => {
    expect(() =>
      previewFreeze({ ...weekend, rrule: 'FREQ=SECONDLY' }, now),
    ).toThrow(/^window\.rrule: /);
  });
});
