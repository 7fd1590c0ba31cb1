import { FreezeWindow } from '@vvp/backstage-plugin-deploy-common';
import { Span } from './RecurringWindows';
import { currentWindow, nextWindow, windowsOf } from './windowsOf';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/**
 * Minute by minute, what the clock shows; knows nothing of the code under test. The platform is asked each
 * quarter of an hour: no clock is changed in between.
 */
function walk(timeZone: string, span: Span): { at: number; shows: number }[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const minutes = [];
  for (let at = span.from; at < span.to; at += QUARTER_MS) {
    const part = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const shows = Date.UTC(
      part.year,
      part.month - 1,
      part.day,
      part.hour,
      part.minute,
    );
    for (let past = 0; past < QUARTER_MS; past += MINUTE_MS) {
      minutes.push({ at: at + past, shows: shows + past });
    }
  }
  return minutes;
}

/** Windows that begin on some weekdays at a time, by looking at the clock of every minute. */
function watched(
  minutes: { at: number; shows: number }[],
  rule: { days: string[]; time: string; minutes: number },
): Span[] {
  const [hour, minute] = rule.time.split(':').map(Number);
  const firstDay = Math.floor(minutes[0].shows / DAY_MS);
  const lastDay = Math.floor(minutes.at(-1)!.shows / DAY_MS);
  const spans: Span[] = [];
  const lastShown = new Map(minutes.map(each => [each.shows, each]));
  const firstShown = new Map(
    minutes.map(each => [each.shows, each] as const).reverse(),
  );
  for (let day = firstDay + 1; day < lastDay; day++) {
    const start = day * DAY_MS + (hour * 60 + minute) * MINUTE_MS;
    const end = start + rule.minutes * MINUTE_MS;
    if (!rule.days.includes(weekdays[new Date(start).getUTCDay()])) continue;
    const begins =
      firstShown.get(start) ?? minutes.find(({ shows }) => shows > start);
    const ends = lastShown.get(end) ?? minutes.find(({ shows }) => shows > end);
    if (!begins || !ends || begins.at >= ends.at) continue;
    const before = spans.at(-1);
    if (before && begins.at <= before.to) {
      before.to = Math.max(before.to, ends.at);
    } else {
      spans.push({ from: begins.at, to: ends.at });
    }
  }
  return spans;
}

const changes: [string, string][] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Asia/Kolkata', '2026-03-29'],
  ['UTC', '2026-10-25'],
];
const rules = [
  { days: ['FR'], time: '15:00', minutes: 63 * 60 },
  { days: ['SA', 'SU'], time: '00:00', minutes: 24 * 60 },
  { days: ['SU'], time: '02:30', minutes: 60 },
  { days: ['SU'], time: '02:05', minutes: 15 },
  { days: weekdays, time: '01:45', minutes: 15 },
  { days: weekdays, time: '01:45', minutes: 30 },
  { days: weekdays, time: '22:00', minutes: 8 * 60 },
  { days: weekdays, time: '23:30', minutes: 3 * 60 },
  { days: weekdays, time: '02:00', minutes: 23 * 60 + 15 },
];

const weekend: FreezeWindow = {
  rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
  timeZone: 'Europe/Berlin',
  start: '2026-01-02T15:00',
  duration: 'PT63H',
};

describe('windows over a change of the clock', () => {
  it.each(changes)('are those of the clock in %s at %s', (timeZone, day) => {
    const middle = Date.parse(`${day}T12:00:00Z`);
    const span = { from: middle - 4 * DAY_MS, to: middle + 4 * DAY_MS };
    const minutes = walk(timeZone, {
      from: span.from - 5 * DAY_MS,
      to: span.to + 5 * DAY_MS,
    });

    let windows = 0;
    for (const rule of rules) {
      const [hour, minute] = rule.time.split(':').map(Number);
      const found = windowsWithin(
        {
          rrule: `FREQ=WEEKLY;BYDAY=${rule.days.join(
            ',',
          )};BYHOUR=${hour};BYMINUTE=${minute}`,
          timeZone,
          start: '2026-01-01T00:00',
          duration: `PT${rule.minutes}M`,
        },
        span,
      );

      const expected = watched(minutes, rule).filter(
        ({ from, to }) => from < span.to && to > span.from,
      );
      windows += expected.length;
      expect({ rule, found: found.map(toText) }).toEqual({
        rule,
        found: expected.map(toText),
      });
    }
    expect(windows).toBeGreaterThan(30);
  });

  it.each([
    ['in spring', '2026-03-28', '2026-03-27T14:00', '2026-03-30T04:00'],
    ['in autumn', '2026-10-24', '2026-10-23T13:00', '2026-10-26T05:00'],
  ])(
    'last from Friday 15:00 to Monday 06:00 on the clock %s',
    (_when, at, from, to) => {
      const open = currentWindow(weekend, Date.parse(`${at}T12:00:00Z`));

      expect(open && toText(open)).toBe(`${from} ${to}`);
    },
  );

  it('do not exist where the clock jumps over the whole of them', () => {
    const found = windowsWithin(
      {
        rrule: 'FREQ=DAILY;BYHOUR=2;BYMINUTE=10',
        timeZone: 'Europe/Berlin',
        start: '2026-01-01T00:00',
        duration: 'PT40M',
      },
      {
        from: Date.parse('2026-03-28T12:00:00Z'),
        to: Date.parse('2026-03-30T12:00:00Z'),
      },
    );

    expect(found.map(toText)).toEqual(['2026-03-30T00:10 2026-03-30T00:50']);
  });
});

const dated: FreezeWindow = {
  from: '2026-12-18T17:00:00.000Z',
  to: '2027-01-04T07:00:00.000Z',
};
const everyLeapDay: FreezeWindow = {
  rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  timeZone: 'UTC',
  start: '2026-01-01T00:00',
  duration: 'P1D',
};
const lastFridays: FreezeWindow = {
  rrule: 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=12;BYMINUTE=0',
  timeZone: 'UTC',
  start: '2026-01-01T00:00',
  duration: 'PT12H',
};
const twice: FreezeWindow = { ...weekend, rrule: `${weekend.rrule};COUNT=2` };
const untilSpring: FreezeWindow = {
  ...weekend,
  rrule: `${weekend.rrule};UNTIL=20260320T140000Z`,
};

describe('the current and the next window', () => {
  it.each<
    [string, FreezeWindow, string, string | undefined, string | undefined]
  >([
    [
      'before a dated one',
      dated,
      '2026-12-01T00:00',
      undefined,
      '2026-12-18T17:00 2027-01-04T07:00',
    ],
    [
      'as a dated one begins',
      dated,
      '2026-12-18T17:00',
      '2026-12-18T17:00 2027-01-04T07:00',
      undefined,
    ],
    ['as a dated one ends', dated, '2027-01-04T07:00', undefined, undefined],
    [
      'within a week',
      weekend,
      '2026-06-03T12:00',
      undefined,
      '2026-06-05T13:00 2026-06-08T04:00',
    ],
    [
      'within a weekend',
      weekend,
      '2026-06-06T12:00',
      '2026-06-05T13:00 2026-06-08T04:00',
      '2026-06-12T13:00 2026-06-15T04:00',
    ],
    [
      'as a weekend ends',
      weekend,
      '2026-06-08T04:00',
      undefined,
      '2026-06-12T13:00 2026-06-15T04:00',
    ],
    [
      'years before',
      everyLeapDay,
      '2026-06-03T12:00',
      undefined,
      '2028-02-29T00:00 2028-03-01T00:00',
    ],
    [
      'on the last Friday',
      lastFridays,
      '2026-02-27T13:00',
      '2026-02-27T12:00 2026-02-28T00:00',
      '2026-03-27T12:00 2026-03-28T00:00',
    ],
    ['after COUNT', twice, '2026-02-01T00:00', undefined, undefined],
    [
      'in the last by COUNT',
      twice,
      '2026-01-10T00:00',
      '2026-01-09T14:00 2026-01-12T05:00',
      undefined,
    ],
    [
      'in the last by UNTIL',
      untilSpring,
      '2026-03-21T00:00',
      '2026-03-20T14:00 2026-03-23T05:00',
      undefined,
    ],
    [
      'where windows follow on one another',
      {
        ...weekend,
        rrule: 'FREQ=DAILY;BYHOUR=0;COUNT=30',
        duration: 'P1D',
        timeZone: 'UTC',
      },
      '2026-01-20T12:00',
      '2026-01-03T00:00 2026-02-02T00:00',
      undefined,
    ],
  ])('are right %s', (_case, window, at, current, next) => {
    const now = Date.parse(`${at}:00Z`);

    const found = {
      current: currentWindow(window, now),
      next: nextWindow(window, now),
    };

    expect({
      current: found.current && toText(found.current),
      next: found.next && toText(found.next),
    }).toEqual({ current, next });
  });
});

function windowsWithin(window: FreezeWindow, span: Span): Span[] {
  const found: Span[] = [];
  for (const one of windowsOf(window, span.from)) {
    if (one.from >= span.to) {
      break;
    }
    found.push(one);
  }
  return found;
}

function toText({ from, to }: Span): string {
  return [from, to]
    .map(time => new Date(time).toISOString().slice(0, 16))
    .join(' ');
}
