import { Twin, twinBefore, whyTwinGoesFirst } from './twinBefore';

const twin: Twin = {
  serviceId: 'issuer',
  entityRef: 'component:default/vvp-issuer',
  name: 'production',
  tier: 'production',
  since: '2026-01-02T00:00:00.000Z',
  former: false,
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
    ['a locked one of the same service, whatever its tier', {}, true],
    ['no locked one of a lower tier of another service', side, false],
  ])('puts first %s', (_, part, isFirst) => {
    const former: Twin = {
      ...twin,
      ...part,
      name: 'dev',
      tier: 'development',
      former: true,
    };

    expect(twinBefore(twin, [former])).toBe(isFirst ? former : undefined);
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

  it('says that a lock is in the way', () => {
    expect(
      whyTwinGoesFirst({ ...twin, name: 'live' }, { ...twin, former: true }),
    ).toBe(
      'The environment production of this service is locked, and had the target of live when it was. Release that lock first.',
    );
  });
});
