import {
  sampleFreeze,
  sampleFreezeInForce,
} from '../__testUtils__/promotionSamples';
import { sampleEnvironment } from '../__testUtils__/samples';
import {
  allowsText,
  emptyFreezeForm,
  freezeSetter,
  FreezeForm,
  frozenText,
  groupFreezes,
  openingTime,
  readFreeze,
  recurrenceText,
  scopeText,
} from './freezes';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('allowsText', () => {
  it.each([
    [['hotfix', 'rollback'], 'Hotfixes and rollbacks are let through.'],
    [['rollback'], 'Rollbacks are let through.'],
    [[], 'Nothing is let through, not even a rollback.'],
  ] as const)('%j: %s', (allows, text) => {
    expect(allowsText(allows)).toBe(text);
  });
});

describe('openingTime', () => {
  it.each([
    ['2026-11-23T05:00:00Z', 'Europe/Berlin', /^Mon 06:00$/],
    ['2026-11-23T05:00:00Z', 'America/New_York', /^Mon 00:00$/],
    ['2026-11-23T05:00:00Z', 'Asia/Kolkata', /^Mon 10:30$/],
    // The same hour in UTC is another one on the clock in summer.
    ['2027-06-28T05:00:00Z', 'Europe/Berlin', /28.*Jun.*2027.*07:00/],
    ['2027-01-04T06:00:00Z', 'Europe/Berlin', /4.*Jan.*2027.*07:00/],
    ['nonsense', 'UTC', /^nonsense$/],
  ])('%s in %s', (iso, zone, text) => {
    expect(openingTime(iso, now, 'en-GB', zone)).toMatch(text);
  });
});

describe('frozenText', () => {
  it.each([
    [['production'], 'production is frozen until Mon 06:00 (Weekend).'],
    [['blue', 'green'], 'blue and green are frozen until Mon 06:00 (Weekend).'],
  ])('%j', (environments, text) => {
    expect(
      frozenText(
        environments,
        sampleFreezeInForce(),
        now,
        'en-GB',
        'Europe/Berlin',
      ),
    ).toBe(text);
  });
});

describe('groupFreezes', () => {
  it('names environments together that one freeze stops until the same time', () => {
    const freeze = sampleFreezeInForce();
    const later = { ...freeze, nextOpen: '2026-11-24T05:00:00Z' };

    const groups = groupFreezes([
      sampleEnvironment({ name: 'blue', freeze }),
      sampleEnvironment({ name: 'staging' }),
      sampleEnvironment({ name: 'green', freeze }),
      sampleEnvironment({ name: 'edge', freeze: later }),
    ]);

    expect(groups.map(({ environments }) => environments)).toEqual([
      ['blue', 'green'],
      ['edge'],
    ]);
  });
});

describe('scopeText, recurrenceText and freezeSetter', () => {
  it.each([
    [{}, 'every environment of every service'],
    [{ tiers: ['production' as const] }, 'tier production'],
    [
      {
        tiers: ['production' as const, 'staging' as const],
        systems: ['system:default/vvp'],
      },
      'tiers production, staging, and system vvp',
    ],
  ])('%j: %s', (scope, text) => {
    expect(scopeText(scope)).toBe(text);
  });

  it('tells the rule, how long it lasts and whose clock it is', () => {
    expect(recurrenceText(sampleFreeze().window)).toMatch(
      /^every week on Friday at 15:00, for 63 hours.*Europe\/Berlin/,
    );
    expect(recurrenceText({ from: '', to: '' })).toBeUndefined();
  });

  it.each([
    ['configuration', 'app-config of the portal'],
    ['user:default/omar', 'omar'],
  ])('%s is %s', (by, text) => {
    expect(freezeSetter(by)).toBe(text);
  });
});

describe('readFreeze', () => {
  const dated: FreezeForm = {
    ...emptyFreezeForm('Europe/Berlin'),
    title: ' End of the year ',
    reason: 'The carriers change nothing.',
    from: '2026-12-23T18:00',
    to: '2027-01-04T07:00',
  };
  const recurring: FreezeForm = {
    ...dated,
    kind: 'recurring',
    rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
    start: '2026-11-20T15:00',
    hours: '63',
  };

  it('asks for a dated one in the zone of the browser', () => {
    expect(readFreeze(dated, now)).toEqual({
      ok: true,
      freeze: {
        title: 'End of the year',
        reason: 'The carriers change nothing.',
        window: {
          from: new Date('2026-12-23T18:00').toISOString(),
          to: new Date('2027-01-04T07:00').toISOString(),
        },
        scope: { tiers: ['production'] },
        allows: ['rollback'],
      },
    });
  });

  it('asks for a recurring one on the clock of its zone', () => {
    expect(
      readFreeze(
        {
          ...recurring,
          tiers: [],
          environments: 'blue, green,',
          services: 'component:default/a',
        },
        now,
      ),
    ).toMatchObject({
      ok: true,
      freeze: {
        window: {
          rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
          timeZone: 'Europe/Berlin',
          start: '2026-11-20T15:00',
          duration: 'PT3780M',
        },
        scope: {
          environments: ['blue', 'green'],
          services: ['component:default/a'],
        },
      },
    });
  });

  it.each<[string, Partial<FreezeForm>, string]>([
    ['no name', { title: ' ' }, 'title'],
    ['a short reason', { reason: 'because' }, 'reason'],
    ['no begin', { from: '' }, 'from'],
    ['no end', { to: '' }, 'to'],
    ['an end before the begin', { to: '2026-12-01T00:00' }, 'to'],
    ['an end in the past', { to: '2026-01-01T00:00' }, 'to'],
    ['no rule', { ...recurring, rrule: 'weekly' }, 'rrule'],
    ['an unknown zone', { ...recurring, timeZone: 'Mars/Base' }, 'timeZone'],
    ['no first window', { ...recurring, start: '' }, 'start'],
    ['no length', { ...recurring, hours: '0' }, 'hours'],
    ['a length that is no number', { ...recurring, hours: 'x' }, 'hours'],
  ])('says what is wrong: %s', (_name, part, field) => {
    const read = readFreeze({ ...dated, ...part }, now);

    expect(read).toMatchObject({
      ok: false,
      problems: { [field]: expect.any(String) },
    });
  });
});
