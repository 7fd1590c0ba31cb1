import { IANAZone } from 'luxon';
import { RRuleTemporal } from 'rrule-temporal';
import { checkWindow } from '../checkWindow';
import { windowsAnew } from '../__testUtils__/windowsAnew';
import { RecurringWindow, RecurringWindows, Span } from './RecurringWindows';
import { wallTimeAt } from './wallClock';
import { currentWindow, nextWindow, windowsOf } from './windowsOf';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const hours = [...Array(24).keys()].join(',');

/** Places with the days on which their clocks are changed; the last has none. */
const places: [timeZone: string, changes: string[]][] = [
  ['Europe/Berlin', ['2026-03-29', '2026-10-25']],
  ['America/New_York', ['2026-03-08', '2026-11-01']],
  ['Australia/Lord_Howe', ['2026-04-05', '2026-10-04']],
  ['Africa/Casablanca', ['2026-02-15', '2026-03-22']],
  ['Asia/Kolkata', ['2026-03-29']],
];

/** Always the same numbers, which look like any. */
function dice(seed: number) {
  let state = seed;
  const roll = (sides: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
  const pick = <T>(items: readonly T[]): T => items[roll(items.length)];
  const some = <T>(items: readonly T[]): T[] => {
    const kept = items.filter(() => roll(2) === 0);
    return kept.length > 0 ? kept : [pick(items)];
  };
  return { roll, pick, some };
}

/** One that may be set. */
function anyWindow(random: ReturnType<typeof dice>): RecurringWindow {
  const { roll, pick, some } = random;
  const days = some(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']).join(',');
  const often = pick([
    ...['FREQ=DAILY', `FREQ=WEEKLY;BYDAY=${days}`, 'FREQ=DAILY;INTERVAL=3'],
    ...[`FREQ=WEEKLY;INTERVAL=2;BYDAY=${days}`, 'FREQ=DAILY;BYMONTH=3,4,11'],
    ...['FREQ=MONTHLY;BYDAY=-1SU,1SU', `FREQ=MONTHLY;BYDAY=${days};BYSETPOS=2`],
    ...['FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU', 'FREQ=YEARLY;BYWEEKNO=12,13,44'],
  ]);
  const times = `BYHOUR=${some([0, 1, 2, 3, 4, 14, 23])};BYMINUTE=${pick([
    ...['0', '30', '5,35'],
  ])}`;
  const end = pick(['', '', ';COUNT=90', ';UNTIL=20261025', ';UNTIL=20260329']);
  const window = {
    rrule: `${often};${roll(4) === 0 ? `BYHOUR=${hours}` : times}${end}`,
    timeZone: pick(places)[0],
    start: pick(['2026-01-01T00:00', '2025-09-29T02:30', '2026-02-28T02:15']),
    duration: pick(['PT15M', 'PT30M', 'PT1H', 'PT5H', 'P1D', 'P3D']),
  };
  try {
    checkWindow(window, new Date('2026-01-01T00:00:00Z'));
    return window;
  } catch {
    return anyWindow(random);
  }
}

/** Around each change of the clock there. */
function momentsIn(timeZone: string): number[] {
  const changes = places.find(([name]) => name === timeZone)![1];
  return changes.flatMap(day =>
    [-30, -6, -1, -0.5, 0, 0.5, 1, 5, 30].map(
      past => Date.parse(`${day}T01:10:00Z`) + past * HOUR_MS,
    ),
  );
}

describe('windows that are remembered', () => {
  it.each([11, 22, 33])(
    'are those of the rule worked out anew, over changes of the clock (%s)',
    seed => {
      const seen = { open: 0, next: 0 };
      const random = dice(seed);

      for (let count = 0; count < 10; count++) {
        const window = anyWindow(random);
        const moments = momentsIn(window.timeZone);
        const year = windowsAnew(window, {
          from: moments[0] - 80 * DAY_MS,
          to: moments.at(-1)! + 80 * DAY_MS,
        });
        for (const at of moments) {
          const current = year.find(one => one.from <= at && one.to > at);
          const next = year.find(one => one.from > at);
          seen.open += current ? 1 : 0;
          seen.next += next ? 1 : 0;

          expect({
            window,
            at,
            current: currentWindow(window, at),
            next: next && nextWindow(window, at),
          }).toEqual({ window, at, current, next });
        }
      }

      expect(Math.min(seen.open, seen.next)).toBeGreaterThan(10);
    },
  );

  it('are the same, whatever was asked before', () => {
    const window = {
      rrule: 'FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=1,2,3',
      timeZone: 'Europe/Berlin',
      start: '2026-01-01T00:00',
      duration: 'PT5H',
    };
    const moments = momentsIn(window.timeZone);
    const ask = (windows: RecurringWindows, at: number): Span[][] => [
      [...windows.before(at)].slice(0, 5),
      [...windows.after(at, at + 90 * DAY_MS)],
    ];

    const oneAfterAnother = new RecurringWindows(window);
    const asked = moments.map(at => ask(oneAfterAnother, at));

    expect(asked.flat(2).length).toBeGreaterThan(500);
    expect(asked).toEqual(
      moments.map(at => ask(new RecurringWindows(window), at)),
    );
  });
});

describe('the clock of a place', () => {
  it.each([...places.map(([timeZone]) => timeZone), 'Pacific/Apia'])(
    'is that of the platform at every half hour of a year in %s',
    timeZone => {
      const zone = IANAZone.create(timeZone);
      // In Apia, a day was left out at the end of it.
      const begins = Date.UTC(timeZone === 'Pacific/Apia' ? 2011 : 2026, 0, 20);
      const halfHours = Array.from(
        { length: 365 * 48 },
        (_, index) => begins + (index * HOUR_MS) / 2,
      );

      const wrong = halfHours.filter(
        at => wallTimeAt(at, timeZone) - at !== zone.offset(at) * 60_000,
      );

      expect(wrong).toEqual([]);
    },
  );
});

describe('the work of a question', () => {
  const now = Date.parse('2026-06-01T00:20:00Z');
  const at = (start: string, rrule: string, duration = 'PT15M') => ({
    rrule,
    timeZone: 'Europe/Berlin',
    start,
    duration,
  });

  it.each([
    ['one a day', '0', 60],
    ['one an hour', hours, 60 * 24],
  ])('is for a few weeks only, with %s', (_case, byHour, most) => {
    const window = at('2021-01-01T00:00', `FREQ=DAILY;BYHOUR=${byHour}`);

    const { answer, starts } = countStarts(() => nextWindow(window, now));

    expect(answer).toBeDefined();
    expect(starts).toBeGreaterThan(0);
    expect(starts).toBeLessThan(most);
  });

  it('is none, if it was asked about that time before', () => {
    const window = at('2021-02-01T00:00', `FREQ=DAILY;BYHOUR=${hours}`);
    const first = nextWindow(window, now);

    const again = countStarts(() => [
      nextWindow(window, now),
      currentWindow(window, now + HOUR_MS),
    ]);

    expect(again.answer[0]).toEqual(first);
    expect(again.questions).toBe(0);
  });

  it.each([
    [
      'a rule that never comes true',
      'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31',
      'P366D',
    ],
    ['long intervals', 'FREQ=YEARLY;INTERVAL=1000', 'PT1H'],
    ['windows that never leave a gap', `FREQ=DAILY;BYHOUR=${hours}`, 'P366D'],
  ])('has an end with %s', (_case, rrule, duration) => {
    const window = at('2021-03-01T00:00', rrule, duration);

    const { answer, questions } = countStarts(() => nextWindow(window, now));

    expect(answer).toBeUndefined();
    expect(questions).toBeGreaterThan(0);
    expect(questions).toBeLessThan(300);
  });

  it('is bounded for a rule that is counted from its first window', () => {
    const window = at(
      '2021-04-01T00:00',
      `FREQ=DAILY;BYHOUR=${hours};COUNT=1000`,
    );
    const all = jest.spyOn(RRuleTemporal.prototype, 'all');

    const found = [...windowsOf(window, Date.parse('2021-04-02T00:00:00Z'))];

    expect(found).toHaveLength(1000 - 26);
    expect(all).toHaveBeenCalledTimes(1);
    all.mockRestore();
  });
});

/** How often work has a rule expanded, and how many windows that gives. */
function countStarts<T>(work: () => T) {
  const between = jest.spyOn(RRuleTemporal.prototype, 'between');
  try {
    const answer = work();
    const starts = between.mock.results.reduce(
      (sum, { value }) => sum + value.length,
      0,
    );
    return { answer, starts, questions: between.mock.calls.length };
  } finally {
    between.mockRestore();
  }
}
