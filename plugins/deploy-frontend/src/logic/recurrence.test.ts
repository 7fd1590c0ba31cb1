import { ruleText } from './recurrence';

const start = '2026-11-20T15:00';

describe('ruleText', () => {
  it.each([
    [
      'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
      'every week on Friday at 15:00',
    ],
    ['FREQ=WEEKLY', 'every week on Friday at 15:00'],
    ['FREQ=DAILY;BYHOUR=8,20', 'every day at 08:00 and 20:00'],
    [
      'freq=weekly;interval=2;byday=MO,WE,FR',
      'every 2 weeks on Monday, Wednesday and Friday at 15:00',
    ],
    ['FREQ=MONTHLY', 'every month on the 20th at 15:00'],
    [
      'FREQ=MONTHLY;BYDAY=2TU,-1FR',
      'every month on the 2nd Tuesday and the last Friday at 15:00',
    ],
    [
      'FREQ=MONTHLY;BYMONTHDAY=1,-1,-2',
      'every month on the 1st, the last day and the 2nd last day at 15:00',
    ],
    [
      'FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR',
      'every month on the 13th where that is Friday at 15:00',
    ],
    ['FREQ=YEARLY', 'every year on the 20th of November at 15:00'],
    [
      'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=23;BYHOUR=17;COUNT=3',
      'every year on the 23rd of the month in December at 17:00 for 3 times',
    ],
    [
      'FREQ=WEEKLY;BYDAY=SA;UNTIL=20270101T000000Z',
      'every week on Saturday at 15:00 until the 1st of January 2027',
    ],
  ])('%s: %s', (rrule, text) => {
    expect(ruleText(rrule, start)).toBe(text);
  });

  it.each([
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=YEARLY;BYWEEKNO=52',
    'FREQ=HOURLY',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=WEEKLY;BYHOUR=noon',
    'FREQ=MONTHLY;BYMONTHDAY=0',
    'FREQ=WEEKLY;BYDAY=',
    'nonsense',
    '',
  ])('says nothing rather than something else about "%s"', rrule => {
    expect(ruleText(rrule, start)).toBeUndefined();
  });

  it('says nothing where the first window cannot be read', () => {
    expect(ruleText('FREQ=DAILY', 'tomorrow')).toBeUndefined();
  });
});
