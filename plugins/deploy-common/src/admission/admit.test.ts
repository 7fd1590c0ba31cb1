import { FreezeInForce } from '../model/freeze';
import { OperationKind, operationKinds } from '../model/operation';
import { admit } from './admit';
import { AdmissionFacts, Refusal } from './types';

const now = '2026-01-05T12:00:00.000Z';
const since = '2026-01-05T10:00:00.000Z';

const clear: AdmissionFacts = {
  kind: 'rollback',
  automatic: false,
  permission: { name: 'deploy.rollback', allowed: true },
  now,
};

const lock = {
  id: 'lock-1',
  entityRef: 'component:default/issuer',
  environment: 'production',
  owner: 'user:default/omar',
  reason: 'Database is being moved',
  since,
};

const hold = { by: 'user:default/omar', reason: 'Rolled back', since };

const quarantine = {
  releaseId: 'release-1',
  entityRef: 'component:default/issuer',
  commit: 'a'.repeat(40),
  by: 'user:default/omar',
  reason: 'Loses messages',
  since,
};

const frozen = (
  allows: FreezeInForce['allows'],
  nextOpen = '2026-01-05T18:00:00.000Z',
): FreezeInForce => ({
  id: `until-${nextOpen}`,
  title: 'Weekend',
  reason: 'Nobody is there',
  by: 'user:default/omar',
  since,
  nextOpen,
  allows,
});

const codesOf = (facts: Partial<AdmissionFacts>) =>
  admit({ ...clear, ...facts }).refusals.map(({ code }) => code);

describe('admit', () => {
  it('lets through what nothing stands in the way of', () => {
    expect(admit(clear)).toEqual({ admitted: true, refusals: [] });
  });

  it.each<[string, Partial<AdmissionFacts>, Refusal['code']]>([
    [
      'a missing permission',
      { permission: { name: 'deploy.rollback', allowed: false } },
      'permission',
    ],
    ['a lock', { lock }, 'lock'],
    [
      'a lock that has not run out',
      { lock: { ...lock, expiresAt: '2026-01-05T12:00:00.001Z' } },
      'lock',
    ],
    ['a hold, when nobody asked', { hold, automatic: true }, 'hold'],
    [
      'a hold, when the head of the branch would come in',
      { hold, kind: 'force-deploy' },
      'hold',
    ],
    ['a quarantine', { quarantine }, 'quarantine'],
    [
      'a quarantine of what is redeployed',
      { quarantine, kind: 'redeploy' },
      'quarantine',
    ],
    [
      'a quarantine of what would get more traffic',
      { quarantine, kind: 'canary' },
      'quarantine',
    ],
    [
      'a lock, when a canary would get more traffic',
      { lock, kind: 'canary' },
      'lock',
    ],
    [
      'a hold, when nobody asked for the promotion of a canary',
      { hold, automatic: true, kind: 'canary' },
      'hold',
    ],
    [
      'a lock, when a canary is taken back',
      { lock, automatic: true, endsCanary: true },
      'lock',
    ],
    [
      'another operation',
      { running: { id: 'operation-1', kind: 'restart' } },
      'operation-running',
    ],
    [
      'a revision that cannot come back',
      { unavailable: 'Its image is gone.' },
      'revision-unavailable',
    ],
    [
      'what could not be proven',
      { versionProblem: { message: 'It answers with HTML.' } },
      'version-unusable',
    ],
    ['an age that nobody knows', { age: { allowed: 30 } }, 'too-old'],
    ['age', { age: { days: 31, allowed: 30 } }, 'too-old'],
  ])('refuses for %s', (_, facts, code) => {
    const { admitted, refusals } = admit({ ...clear, ...facts });

    expect(admitted).toBe(false);
    expect(refusals.map(refusal => refusal.code)).toEqual([code]);
    expect(refusals[0].remedy).toMatch(/\.$/);
  });

  it.each<[string, Partial<AdmissionFacts>]>([
    ['a lock that ran out just now', { lock: { ...lock, expiresAt: now } }],
    ['a hold, when a person decides', { hold }],
    [
      'a hold, when a canary is taken back',
      { hold, automatic: true, endsCanary: true },
    ],
    [
      'a hold, when only tests run',
      { hold, automatic: true, kind: 'rerun-tests' },
    ],
    ['a quarantine, when nothing comes in', { quarantine, kind: 'restart' }],
    ['the last day of an age', { age: { days: 30, allowed: 30 } }],
  ])('does not refuse for %s', (_, facts) => {
    expect(codesOf(facts)).toEqual([]);
  });

  // Asked of every kind, so that one that is new has to be thought of.
  const stops: Record<
    OperationKind,
    { comesIn: boolean; hotfix: boolean; rollback: boolean }
  > = {
    rollback: { comesIn: true, hotfix: false, rollback: true },
    redeploy: { comesIn: true, hotfix: false, rollback: false },
    rerun: { comesIn: true, hotfix: false, rollback: false },
    'force-deploy': { comesIn: true, hotfix: false, rollback: false },
    promote: { comesIn: true, hotfix: true, rollback: false },
    canary: { comesIn: true, hotfix: true, rollback: false },
    restart: { comesIn: false, hotfix: false, rollback: false },
    'rerun-tests': { comesIn: false, hotfix: false, rollback: false },
  };

  describe.each(operationKinds)('of a %s', kind => {
    const { comesIn, hotfix, rollback } = stops[kind];
    const codes = (facts: Partial<AdmissionFacts>) =>
      codesOf({ kind, ...facts });
    const stopped = (isSo: boolean, code: Refusal['code']) =>
      isSo ? [code] : [];

    it('is stopped by a quarantine, and by a hold that nobody decided against, if it puts a release in', () => {
      expect(codes({ quarantine })).toEqual(stopped(comesIn, 'quarantine'));
      expect(codes({ hold, automatic: true })).toEqual(
        stopped(comesIn, 'hold'),
      );
    });

    it.each<[string, FreezeInForce['allows'], boolean]>([
      ['nothing', [], true],
      ['rollbacks', ['rollback'], !rollback],
      ['hotfixes', ['hotfix'], !hotfix],
    ])(
      'is stopped by a freeze that lets %s through, unless that is what it is',
      (_, allows, isStopped) => {
        expect(
          codes({ freezes: [frozen(allows)], promotionClass: 'hotfix' }),
        ).toEqual(stopped(comesIn && isStopped, 'freeze'));
      },
    );
  });

  it.each<OperationKind>(['promote', 'canary'])(
    'lets no regular %s through as a hotfix',
    kind => {
      const freezes = [frozen(['hotfix'])];

      expect(codesOf({ kind, freezes, promotionClass: 'regular' })).toEqual([
        'freeze',
      ]);
      expect(codesOf({ kind, freezes })).toEqual(['freeze']);
    },
  );

  it('tells the freeze that ends last, of those that stop it', () => {
    const first = frozen([], '2026-01-05T18:00:00.000Z');
    const last = frozen([], '2026-01-07T18:00:00.000Z');
    const letsThrough = frozen(['rollback'], '2026-01-09T18:00:00.000Z');

    const { refusals } = admit({
      ...clear,
      freezes: [first, last, letsThrough],
    });

    expect(refusals).toMatchObject([
      { code: 'freeze', until: last.nextOpen, clearedBy: 'deploy.override' },
    ]);
    expect(refusals[0].freezes).toHaveLength(2);
  });

  describe('with an override', () => {
    const override = { reason: 'The release answers HTML', allowed: true };
    const versionProblem = { message: 'It answers with HTML.' };
    const age = { days: 31, allowed: 30 };

    it('waives what is overridable, and tells what it was', () => {
      const { admitted, refusals, waived } = admit({
        ...clear,
        versionProblem,
        age,
        override,
      });

      expect({ admitted, refusals }).toEqual({ admitted: true, refusals: [] });
      expect(waived?.map(({ code }) => code)).toEqual([
        'version-unusable',
        'too-old',
      ]);
    });

    it('tells of nothing waived where nothing was refused', () => {
      expect(admit({ ...clear, override })).toEqual({
        admitted: true,
        refusals: [],
      });
    });

    it('waives only the codes that it names', () => {
      const { refusals, waived } = admit({
        ...clear,
        versionProblem,
        age,
        override: { ...override, codes: ['too-old'] },
      });

      expect(refusals.map(({ code }) => code)).toEqual(['version-unusable']);
      expect(waived?.map(({ code }) => code)).toEqual(['too-old']);
    });

    describe('of a freeze', () => {
      const weekend = {
        id: 'weekend',
        title: 'Weekend',
        reason: 'Nobody is there',
        by: 'user:default/omar',
        since,
        until: '2026-01-05T18:00:00.000Z',
        nextOpen: '2026-01-05T18:00:00.000Z',
        allows: [],
      };
      const next = { ...weekend, until: '2026-01-12T18:00:00.000Z' };
      const audit = { ...weekend, id: 'audit', title: 'Audit' };
      const waives = (freezes: (typeof weekend)[], window: string) =>
        admit({
          ...clear,
          kind: 'promote',
          freezes,
          override: { ...override, freezes: [window] },
        });

      it('waives the window that was spoken of', () => {
        expect(waives([weekend], `weekend/${weekend.until}`)).toMatchObject({
          admitted: true,
          waived: [{ code: 'freeze', freezes: [`weekend/${weekend.until}`] }],
        });
      });

      it.each([
        ['a later window', [next]],
        ['another freeze', [audit]],
        ['another freeze beside it', [weekend, audit]],
      ])('does not waive %s', (_, freezes) => {
        const { admitted, refusals } = waives(
          freezes,
          `weekend/${weekend.until}`,
        );

        expect(admitted).toBe(false);
        expect(refusals.map(({ code }) => code)).toEqual(['freeze']);
      });
    });

    it('waives nothing without the permission', () => {
      const { refusals, waived } = admit({
        ...clear,
        versionProblem,
        override: { ...override, allowed: false },
      });

      expect(refusals).toMatchObject([
        { code: 'permission', clearedBy: 'deploy.override' },
        { code: 'version-unusable', overridable: true },
      ]);
      expect(waived).toBeUndefined();
    });

    it.each<[Refusal['code'], Partial<AdmissionFacts>]>([
      [
        'permission',
        { permission: { name: 'deploy.rollback', allowed: false } },
      ],
      ['lock', { lock }],
      ['hold', { hold, automatic: true }],
      ['hold', { hold, kind: 'force-deploy' }],
      ['quarantine', { quarantine }],
      ['operation-running', { running: { id: 'one', kind: 'restart' } }],
      ['revision-unavailable', { unavailable: 'Its image is gone.' }],
    ])('never waives %s', (code, facts) => {
      const { refusals, waived } = admit({ ...clear, ...facts, override });

      expect(refusals.map(refusal => refusal.code)).toEqual([code]);
      expect(refusals[0].overridable).toBeUndefined();
      expect(waived).toBeUndefined();
    });
  });

  it('says who it was where nobody asked for it', () => {
    const by = 'automatic';
    const { refusals } = admit({
      ...clear,
      kind: 'force-deploy',
      hold: { ...hold, by },
      quarantine: { ...quarantine, by },
    });

    expect(refusals.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The portal itself set a hold /),
      expect.stringMatching(/^The portal itself quarantined /),
    ]);
  });

  it('calls what is under way as people do', () => {
    const running = { id: 'operation-1', kind: 'force-deploy' as const };

    expect(admit({ ...clear, running }).refusals).toMatchObject([
      {
        message:
          'A forced deployment of this service is under way here: operation operation-1.',
      },
    ]);
  });

  it('tells every reason, not only the first', () => {
    expect(
      codesOf({
        permission: { name: 'deploy.rollback', allowed: false },
        lock,
        quarantine,
      }),
    ).toEqual(['permission', 'lock', 'quarantine']);
  });

  it.each([
    [
      'a release',
      { commit: 'a'.repeat(40) },
      /^\S+ quarantined release aaaaaaa: L/,
    ],
    ['some release', { commit: undefined }, /^\S+ quarantined this release: L/],
    [
      'a revision',
      { commit: undefined, revision: 'vvp-issuer--7' },
      /^\S+ quarantined revision vvp-issuer--7 of this environment: L/,
    ],
  ])('tells that %s is what is quarantined', (_name, part, message) => {
    const { refusals } = admit({
      ...clear,
      quarantine: { ...quarantine, ...part },
    });

    expect(refusals[0].message).toMatch(message);
  });

  it('tells who set what, since when, until when and what clears it', () => {
    const expiresAt = '2026-01-06T00:00:00.000Z';

    const { refusals } = admit({ ...clear, lock: { ...lock, expiresAt } });

    expect(refusals).toEqual([
      {
        code: 'lock',
        message:
          'user:default/omar locked this environment: Database is being moved',
        remedy: 'Wait until the lock runs out, or release it.',
        clearedBy: 'deploy.lock',
        since,
        until: expiresAt,
      },
    ]);
  });
});
