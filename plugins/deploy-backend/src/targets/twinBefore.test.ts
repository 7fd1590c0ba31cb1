import { EnvironmentTier } from '@vvp/backstage-plugin-deploy-common';
import { stricterTier, Twin, twinBefore, whyTwinGoesFirst } from './twinBefore';

const twin: Twin = {
  serviceId: 'issuer',
  entityRef: 'component:default/vvp-issuer',
  name: 'production',
  tier: 'production',
  repository: 'example-org/vvp',
  since: '2026-01-02T00:00:00.000Z',
  byWorkflow: false,
  deploys: true,
  locked: false,
  former: false,
  gone: false,
};
const side: Twin = {
  ...twin,
  serviceId: 'side',
  entityRef: 'component:default/a-side',
};

describe('twinBefore', () => {
  it('lets one go that is alone', () => {
    expect(twinBefore(twin, [])).toBeUndefined();
  });

  it.each<[string, Partial<Twin>, Partial<Twin>]>([
    [
      'production before staging, whenever it came',
      { since: '2026-01-09T00:00:00.000Z' },
      { tier: 'staging' },
    ],
    [
      'staging before development',
      { tier: 'staging' },
      { tier: 'development' },
    ],
    [
      'development before preview',
      { tier: 'development' },
      { tier: 'preview' },
    ],
    [
      'the one that was there first',
      { entityRef: 'component:default/z' },
      { since: '2026-01-02T00:00:00.001Z' },
    ],
    [
      'of two that came at once, the one whose entity sorts first',
      { entityRef: 'component:default/a' },
      { entityRef: 'component:default/b' },
    ],
    [
      'of two in one service, the one whose name sorts first',
      { entityRef: side.entityRef, name: 'live' },
      { name: 'production' },
    ],
  ])('puts %s', (_, first, second) => {
    const before = { ...twin, ...first };
    const after = { ...side, ...second };

    expect(twinBefore(after, [before])).toBe(before);
    expect(twinBefore(before, [after])).toBeUndefined();
  });

  it.each<[string, Partial<Twin>, boolean]>([
    [
      'a locked one of the same service, whatever its tier',
      { repository: 'example-org/moved' },
      true,
    ],
    ['a locked one of the same repository', { serviceId: 'side' }, true],
    ['one that it named before', { former: true }, true],
    [
      'no locked one of a lower tier of another repository',
      { serviceId: 'side', repository: 'example-org/other' },
      false,
    ],
    ['none that is not locked', { locked: false }, false],
  ])('is held by %s', (_, part, isHeld) => {
    const dev: Twin = {
      ...twin,
      name: 'dev',
      tier: 'development',
      locked: true,
      ...part,
    };

    expect(twinBefore(twin, [dev])).toBe(isHeld ? dev : undefined);
  });

  it('names a lock before one that goes first', () => {
    const dev: Twin = { ...twin, tier: 'development', locked: true };

    expect(twinBefore({ ...side, tier: 'staging' }, [twin, dev])).toBe(dev);
  });

  it('puts what deploys before what tests, in one tier', () => {
    const tests = { ...twin, deploys: false };

    expect(
      twinBefore(tests, [{ ...side, since: '2026-02-01T00:00:00.000Z' }]),
    ).toMatchObject({ entityRef: side.entityRef });
    expect(twinBefore(tests, [{ ...side, tier: 'staging' }])).toBeUndefined();
  });

  it('names the first of many', () => {
    const staging = { ...side, tier: 'staging' as const };
    const preview = { ...side, tier: 'preview' as const };

    expect(twinBefore(preview, [staging, twin])).toBe(twin);
  });
});

describe('whyTwinGoesFirst', () => {
  it('names an environment of the same service', () => {
    expect(whyTwinGoesFirst({ ...twin, name: 'copy' }, twin)).toMatch(
      /^The environment production of this service has the same target as copy and goes first/,
    );
  });

  it('does not tell whose environment of another service it is', () => {
    const text = whyTwinGoesFirst({ ...side, name: 'copy' }, twin);

    expect(text).toMatch(/^Another service's environment of tier production/);
    expect(text).not.toContain('issuer');
  });

  it.each<[string, Partial<Twin>, string]>([
    ['', {}, 'has the same target as live. Release that lock first.'],
    [
      ', of one that names another target by now',
      { former: true },
      'had the target of live when it was. Release that lock first.',
    ],
    [
      ', of one that left the catalog',
      { gone: true },
      'has the same target as live; its entity left the catalog. Register that entity again, and release the lock first.',
    ],
  ])('says that a lock is in the way%s', (_, part, text) => {
    const own = { ...twin, name: 'live' };

    expect(whyTwinGoesFirst(own, { ...twin, locked: true, ...part })).toBe(
      `The environment production of this service is locked, and ${text}`,
    );
  });

  it('says that it is a workflow', () => {
    expect(
      whyTwinGoesFirst({ ...twin, name: 'copy', byWorkflow: true }, twin),
    ).toMatch(
      /has the same workflow as copy .* an input with a value of its own/,
    );
  });
});

it.each<[EnvironmentTier, EnvironmentTier, EnvironmentTier]>([
  ['production', 'staging', 'production'],
  ['preview', 'development', 'development'],
])('of %s and %s the stricter is %s', (left, right, stricter) => {
  expect(stricterTier(left, right)).toBe(stricter);
});
