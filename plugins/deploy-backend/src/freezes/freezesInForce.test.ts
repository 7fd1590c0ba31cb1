import { Freeze } from '@vvp/backstage-plugin-deploy-common';
import { concerns, FreezePlace } from './concerns';
import { freezesInForce, nextEdge } from './freezesInForce';

const place: FreezePlace = {
  tier: 'production',
  environment: 'production',
  system: 'system:default/vvp',
  entityRef: 'component:default/vvp-issuer',
};
const freeze = (id: string, from: string, to: string): Freeze => ({
  id,
  title: id,
  reason: 'To be quiet for once',
  scope: {},
  window: { from: `2026-12-${from}:00Z`, to: `2026-12-${to}:00Z` },
  allows: ['rollback'],
  by: 'user:default/omar',
  createdAt: '2026-11-01T00:00:00.000Z',
});
const at = new Date('2026-12-10T12:00:00Z');

describe('concerns', () => {
  it.each([
    ['nothing at all', {}, true],
    ['its tier', { tiers: ['staging' as const, 'production' as const] }, true],
    ['another tier', { tiers: ['staging' as const] }, false],
    ['its name', { environments: ['production'] }, true],
    ['another name', { environments: ['e2e'] }, false],
    ['its system', { systems: ['system:default/vvp'] }, true],
    ['another system', { systems: ['system:default/other'] }, false],
    ['the service', { services: ['component:default/vvp-issuer'] }, true],
    [
      'its tier, but another service',
      { tiers: ['production' as const], services: ['component:default/a'] },
      false,
    ],
  ])('looks at a scope that names %s', (_case, scope, expected) => {
    expect(concerns(scope, place)).toBe(expected);
  });

  it('looks at every tier that the place may be of', () => {
    const before = { ...place, otherTiers: ['staging' as const] };

    expect(concerns({ tiers: ['staging'] }, before)).toBe(true);
    expect(concerns({ tiers: ['production'] }, before)).toBe(true);
    expect(concerns({ tiers: ['development'] }, before)).toBe(false);
  });

  it('leaves out a service without a system where systems are named', () => {
    const alone = { ...place, system: undefined };

    expect(concerns({ systems: ['system:default/vvp'] }, alone)).toBe(false);
  });
});

describe('freezesInForce', () => {
  it.each<[string, Freeze[], Record<string, string>]>([
    ['nothing', [], {}],
    ['one that is over', [freeze('a', '09T00:00', '10T12:00')], {}],
    ['one to come', [freeze('a', '10T12:01', '11T00:00')], {}],
    ['one', [freeze('a', '10T12:00', '11T00:00')], { a: '11T00:00' }],
    [
      'one that another follows on',
      [
        freeze('b', '11T00:00', '12T00:00'),
        freeze('a', '10T00:00', '11T00:00'),
      ],
      { a: '12T00:00' },
    ],
    [
      'two that overlap, and a third that does not',
      [
        freeze('a', '10T00:00', '11T00:00'),
        freeze('b', '10T06:00', '10T18:00'),
        freeze('c', '11T00:01', '12T00:00'),
      ],
      { a: '11T00:00', b: '11T00:00' },
    ],
    [
      'one that another place has a longer one for',
      [
        freeze('a', '10T00:00', '11T00:00'),
        {
          ...freeze('b', '10T00:00', '20T00:00'),
          scope: { tiers: ['staging'] },
        },
      ],
      { a: '11T00:00' },
    ],
  ])('tells of %s when the place opens', (_case, freezes, expected) => {
    const found = freezesInForce(freezes, place, at);

    expect(
      Object.fromEntries(
        found.map(({ id, nextOpen }) => [id, nextOpen.slice(8, 16)]),
      ),
    ).toEqual(expected);
  });

  it('tells whose it is, since when, and what it lets through', () => {
    const one = freeze('a', '10T00:00', '11T00:00');

    expect(
      freezesInForce([{ ...one, allows: ['hotfix'] }], place, at),
    ).toMatchObject([
      {
        by: 'user:default/omar',
        since: '2026-12-10T00:00:00.000Z',
        allows: ['hotfix'],
      },
    ]);
  });

  it('ends where two recurring ones never leave a gap', () => {
    const half = (hour: number): Freeze => ({
      ...freeze(`at-${hour}`, '10T00:00', '10T00:00'),
      window: {
        rrule: `FREQ=DAILY;BYHOUR=${hour};BYMINUTE=0`,
        timeZone: 'UTC',
        start: '2026-12-01T00:00',
        duration: 'PT12H',
      },
    });

    const [first] = freezesInForce([half(0), half(12)], place, at);

    expect(first.nextOpen > '2027-12-10').toBe(true);
  });
});

describe('nextEdge', () => {
  it.each<[string, Freeze[], string | undefined]>([
    ['there is none', [], undefined],
    ['all are over', [freeze('a', '01T00:00', '02T00:00')], undefined],
    [
      'one ends before another begins',
      [
        freeze('a', '10T00:00', '11T00:00'),
        freeze('b', '12T00:00', '13T00:00'),
      ],
      '2026-12-11T00:00:00.000Z',
    ],
    [
      'one begins before another ends',
      [
        freeze('a', '10T00:00', '13T00:00'),
        freeze('b', '12T00:00', '14T00:00'),
      ],
      '2026-12-12T00:00:00.000Z',
    ],
  ])('is right where %s', (_case, freezes, expected) => {
    expect(nextEdge(freezes, at)?.toISOString()).toBe(expected);
  });
});
