import { checkFreeze } from './checkFreeze';

const now = new Date('2026-11-21T12:00:00Z');
const weekly = {
  rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
  timeZone: 'Europe/Berlin',
  start: '2026-11-27T15:00',
  duration: 'PT63H',
};
const dated = {
  from: '2026-12-18T18:00:00+01:00',
  to: '2027-01-04T08:00:00+01:00',
};
const good = {
  title: 'Weekend',
  reason: 'Nobody is there to look at it',
  scope: { tiers: ['production'] },
  window: weekly,
};
const rule = (rrule: string, more: object = {}) => ({
  window: { ...weekly, rrule, ...more },
});
const many = (count: number) => [...Array(count).keys()].join(',');

describe('checkFreeze', () => {
  it('gives back a recurring one with its default', () => {
    expect(checkFreeze(good, now)).toEqual({ ...good, allows: ['rollback'] });
  });

  it('gives back a dated one in UTC, with its end', () => {
    expect(checkFreeze({ ...good, window: dated, allows: [] }, now)).toEqual({
      ...good,
      allows: [],
      window: {
        from: '2026-12-18T17:00:00.000Z',
        to: '2027-01-04T07:00:00.000Z',
      },
      endsAt: '2027-01-04T07:00:00.000Z',
    });
  });

  it.each([
    [
      'COUNT',
      'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;COUNT=2',
      '2026-12-07T05:00:00.000Z',
    ],
    [
      'UNTIL as a date there',
      'FREQ=DAILY;UNTIL=20261130',
      '2026-12-03T05:00:00.000Z',
    ],
    [
      'UNTIL as an instant',
      'FREQ=DAILY;UNTIL=20261130T140000Z',
      '2026-12-03T05:00:00.000Z',
    ],
    [
      'UNTIL on the clock there',
      'FREQ=DAILY;UNTIL=20261130T150000',
      '2026-12-03T05:00:00.000Z',
    ],
  ])('tells when the last window is over by %s', (_case, rrule, endsAt) => {
    const checked = checkFreeze({ ...good, ...rule(rrule) }, now);

    expect(checked.endsAt).toBe(endsAt);
  });

  it.each<[string, object]>([
    [
      'several times a day',
      rule('FREQ=DAILY;BYHOUR=9,13;BYMINUTE=0', { duration: 'PT1H' }),
    ],
    [
      'one an hour on weekends',
      rule(`FREQ=WEEKLY;BYDAY=SA;BYHOUR=${many(24)}`, { duration: 'PT1H' }),
    ],
    [
      'every day of some months',
      rule('FREQ=DAILY;BYMONTH=6,7,8,9,10,12', { duration: 'P1D' }),
    ],
    ['every other week', rule('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO')],
    [
      'the last working day',
      rule('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'),
    ],
    [
      'weeks of the year',
      rule('FREQ=YEARLY;BYWEEKNO=51,52;BYDAY=MO', { duration: 'P1W' }),
    ],
    ['small letters', rule('freq=weekly;byday=fr')],
    [
      'a whole scope',
      {
        scope: {
          tiers: ['staging'],
          environments: ['e2e'],
          systems: ['system:default/vvp'],
          services: ['component:default/a'],
        },
      },
    ],
    ['an empty scope', { scope: {} }],
    [
      'one that is open already',
      { window: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } },
    ],
  ])('accepts %s', (_case, change) => {
    expect(() => checkFreeze({ ...good, ...change }, now)).not.toThrow();
  });

  it('writes entity refs small, as the catalog does', () => {
    const { scope } = checkFreeze(
      { ...good, scope: { systems: ['System:Default/VVP'] } },
      now,
    );

    expect(scope).toEqual({ systems: ['system:default/vvp'] });
  });

  it.each<[string, object, string]>([
    ['no rule', rule('nonsense'), 'window.rrule: is not a rule'],
    ['an empty rule', rule(' '), 'window.rrule: has to be'],
    ['no frequency', rule('BYDAY=FR'), 'window.rrule: FREQ'],
    ['every second', rule('FREQ=SECONDLY'), 'window.rrule: FREQ'],
    ['every minute', rule('FREQ=MINUTELY'), 'window.rrule: FREQ'],
    ['every hour', rule('FREQ=HOURLY'), 'window.rrule: FREQ'],
    [
      'every second by a list',
      rule(
        `FREQ=DAILY;BYHOUR=${many(24)};BYMINUTE=${many(60)};BYSECOND=${many(
          60,
        )}`,
      ),
      'window.rrule: ',
    ],
    ['seconds', rule('FREQ=YEARLY;BYSECOND=0,1,2'), 'window.rrule: BYSECOND'],
    [
      'too many a day',
      rule(`FREQ=DAILY;BYHOUR=${many(24)};BYMINUTE=0,30`),
      'window.rrule: BYHOUR and BYMINUTE',
    ],
    [
      'windows 5 minutes apart',
      rule('FREQ=DAILY;BYHOUR=9;BYMINUTE=0,5', { duration: 'PT15M' }),
      'window.rrule: begins windows',
    ],
    [
      'a day that never comes',
      rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31'),
      'window.rrule: has no window',
    ],
    [
      'such a day, looked for daily',
      rule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31'),
      'window.rrule: has no window',
    ],
    [
      'the fifth of one',
      rule('FREQ=DAILY;BYDAY=MO;BYSETPOS=5'),
      'window.rrule: ',
    ],
    [
      'UNTIL before the start',
      rule('FREQ=WEEKLY;UNTIL=20200101T000000Z'),
      'window.rrule: has no window',
    ],
    ['COUNT=0', rule('FREQ=WEEKLY;COUNT=0'), 'window.rrule: COUNT'],
    [
      'COUNT used up',
      rule('FREQ=WEEKLY;COUNT=1', { start: '2026-01-02T15:00' }),
      'window.rrule: has no window',
    ],
    [
      'COUNT and UNTIL',
      rule('FREQ=WEEKLY;COUNT=3;UNTIL=20271231'),
      'window.rrule: has both',
    ],
    ['INTERVAL=0', rule('FREQ=WEEKLY;INTERVAL=0'), 'window.rrule: INTERVAL'],
    [
      'a huge INTERVAL',
      rule('FREQ=YEARLY;INTERVAL=999999999999'),
      'window.rrule: INTERVAL',
    ],
    [
      'a huge list',
      rule(`FREQ=YEARLY;BYYEARDAY=${many(300)}`),
      'window.rrule: ',
    ],
    [
      'an hour that is not there',
      rule('FREQ=DAILY;BYHOUR=25'),
      'window.rrule: BYHOUR',
    ],
    [
      'a month that is not there',
      rule('FREQ=YEARLY;BYMONTH=0'),
      'window.rrule: BYMONTH',
    ],
    [
      'a day that is not there',
      rule('FREQ=WEEKLY;BYDAY=XX'),
      'window.rrule: BYDAY',
    ],
    [
      'a numbered day in a week',
      rule('FREQ=WEEKLY;BYDAY=2MO'),
      'window.rrule: BYDAY',
    ],
    [
      'an UNTIL that is no date',
      rule('FREQ=DAILY;UNTIL=20269999'),
      'window.rrule: UNTIL',
    ],
    [
      'a part twice',
      rule('FREQ=DAILY;FREQ=WEEKLY'),
      'window.rrule: has FREQ twice',
    ],
    [
      'an unknown part',
      rule('FREQ=DAILY;FOO=1'),
      'window.rrule: is not a rule',
    ],
    [
      'DTSTART inside',
      rule('DTSTART=20261120T150000;FREQ=DAILY'),
      'window.rrule: cannot have DTSTART',
    ],
    [
      'lines',
      rule('FREQ=DAILY\nEXDATE:20261120'),
      'window.rrule: has to be a text',
    ],
    [
      'EXDATE',
      rule('FREQ=DAILY;EXDATE=20261120'),
      'window.rrule: cannot have DTSTART, RDATE, EXDATE',
    ],
    [
      'always frozen',
      rule('FREQ=DAILY', { duration: 'PT24H' }),
      'window.duration: its windows follow',
    ],
    [
      'thousands a year',
      rule(`FREQ=DAILY;BYHOUR=${many(24)};BYMINUTE=0`, { duration: 'PT1H' }),
      'window.rrule: begins more than',
    ],
    [
      'thousands, in every other year only',
      rule(
        `FREQ=YEARLY;INTERVAL=2;BYMONTH=${many(13).slice(
          2,
        )};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${many(24)}`,
        { start: '2025-12-31T00:00', duration: 'PT15M' },
      ),
      'window.rrule: begins more than 1500',
    ],
    [
      'a month of windows without a gap',
      rule(
        `FREQ=MONTHLY;INTERVAL=13;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${many(
          24,
        )}`,
        { start: '2026-11-30T00:00', duration: 'PT1H' },
      ),
      'window.rrule: more than 400',
    ],
    [
      'more than always frozen',
      rule('FREQ=WEEKLY', { duration: 'P8D' }),
      'window.duration: its windows follow',
    ],
    [
      'a duration in months',
      rule('FREQ=YEARLY', { duration: 'P1M' }),
      'window.duration: has to be',
    ],
    [
      'a short duration',
      rule('FREQ=WEEKLY', { duration: 'PT5M' }),
      'window.duration: has to be',
    ],
    [
      'a long duration',
      rule('FREQ=YEARLY', { duration: 'P400D' }),
      'window.duration: has to be',
    ],
    [
      'no duration',
      rule('FREQ=WEEKLY', { duration: undefined }),
      'window.duration: ',
    ],
    [
      'an unknown time zone',
      rule('FREQ=WEEKLY', { timeZone: 'Europe/Atlantis' }),
      'window.timeZone: is not known',
    ],
    [
      'an offset as a time zone',
      rule('FREQ=WEEKLY', { timeZone: '+02:00' }),
      'window.timeZone: is not known',
    ],
    [
      'a start with a zone',
      rule('FREQ=WEEKLY', { start: '2026-11-27T15:00Z' }),
      'window.start: has to be',
    ],
    [
      'a start on 31 February',
      rule('FREQ=WEEKLY', { start: '2027-02-31T15:00' }),
      'window.start: has to be',
    ],
    [
      'a start in another century',
      rule('FREQ=WEEKLY', { start: '2126-11-27T15:00' }),
      'window.start: is more than',
    ],
    [
      'both kinds at once',
      { window: { ...weekly, ...dated } },
      'window: has a member',
    ],
    ['no window', { window: undefined }, 'window: has to have'],
    ['an empty window', { window: {} }, 'window.from: has to be'],
    [
      'an inverted one',
      { window: { from: dated.to, to: dated.from } },
      'window.to: has to be after',
    ],
    [
      'an empty one',
      { window: { from: dated.to, to: dated.to } },
      'window.to: has to be after',
    ],
    [
      'one in the past',
      { window: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } },
      'window.to: is past',
    ],
    [
      'one of two years',
      { window: { from: '2026-12-01T00:00:00Z', to: '2028-12-01T00:00:00Z' } },
      'window.to: is more than',
    ],
    [
      'a date without a zone',
      { window: { ...dated, from: '2026-12-18T18:00:00' } },
      'window.from: has to be',
    ],
    [
      'a date that is none',
      { window: { ...dated, from: 'soon' } },
      'window.from: has to be',
    ],
    [
      'an unknown key of the scope',
      { scope: { owners: ['a'] } },
      'scope: has a member',
    ],
    [
      'an unknown tier',
      { scope: { tiers: ['live'] } },
      'scope.tiers: has to list',
    ],
    [
      'an empty list',
      { scope: { environments: [] } },
      'scope.environments: has to be',
    ],
    [
      'a short ref',
      { scope: { services: ['vvp-issuer'] } },
      'scope.services: has to list',
    ],
    [
      'a long list',
      { scope: { environments: many(51).split(',') } },
      'scope.environments: has to be',
    ],
    ['no scope', { scope: undefined }, 'scope: has to be'],
    ['no title', { title: '' }, 'title: has to be'],
    ['a long title', { title: 'x'.repeat(101) }, 'title: has to be'],
    ['a short reason', { reason: 'because' }, 'reason: has to be'],
    ['a long reason', { reason: 'x'.repeat(2001) }, 'reason: has to be'],
    ['an unknown exemption', { allows: ['everything'] }, 'allows: has to be'],
    ['an unknown member', { by: 'user:default/eve' }, 'freeze: has a member'],
  ])('refuses %s', (_case, change, message) => {
    const check = () => checkFreeze({ ...good, ...change }, now);

    expect(check).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringContaining(message),
      }),
    );
  });
});
