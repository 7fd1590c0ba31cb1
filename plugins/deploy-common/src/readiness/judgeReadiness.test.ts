import { Condition } from '../model';
import { PromotionPolicy } from '../promotion/policy';
import { judgeReadiness } from './judgeReadiness';
import {
  clear,
  commit,
  dana,
  gate,
  now,
  omar,
  policy,
  withGates,
} from './testing';
import { EarlierEnvironment, ReadinessFacts } from './types';

const judge = (facts: Partial<ReadinessFacts>) =>
  judgeReadiness({ ...clear, ...facts });

const only = (kind: Condition['kind'], facts: Partial<ReadinessFacts>) =>
  judge(facts).conditions.filter(each => each.kind === kind);

const asks = (own: Partial<PromotionPolicy>) => ({
  policy: { ...policy, ...own },
});

const at = (time: string) => `2026-11-20T${time}:00.000Z`;

const dev: EarlierEnvironment = {
  name: 'dev',
  succeededAt: at('08:00'),
  underWay: false,
};
const staging: EarlierEnvironment = {
  name: 'staging',
  succeededAt: at('10:00'),
  underWay: false,
};
const absent = { ...staging, succeededAt: undefined };
const coming = { ...absent, underWay: true };
const takenOut = { ...staging, rolledBackAt: at('11:00') };

const lock = {
  id: 'lock-1',
  entityRef: 'component:default/issuer',
  environment: 'production',
  owner: omar,
  reason: 'Database is being moved',
  since: at('09:00'),
};
const freeze = {
  id: 'weekend',
  title: 'Weekend',
  reason: 'Nobody is there',
  by: omar,
  since: at('09:00'),
  until: at('18:00'),
  nextOpen: at('18:00'),
  allows: ['rollback' as const],
};
const weekend = `freeze:weekend/${at('18:00')}`;
const hold = { by: omar, reason: 'Rolled back', since: at('09:00') };
const quarantine = { by: omar, reason: 'Loses messages', since: at('09:00') };

const previous = asks({ order: 'previous' });
const soaking = (more: Partial<PromotionPolicy> = {}) =>
  asks({ order: 'previous', soakSeconds: 7200, ...more });

type Row = [
  string,
  Condition['kind'],
  Partial<ReadinessFacts>,
  Condition['state'],
  RegExp,
];

describe('judgeReadiness', () => {
  it('is ready when nothing stands in the way', () => {
    const { state, conditions, approvals, standing } = judge({});

    expect(state).toBe('ready');
    expect(conditions.map(({ id, state: each }) => [id, each])).toEqual([
      ['outdated', 'met'],
      ['artifact', 'met'],
    ]);
    expect(approvals).toEqual([]);
    expect(standing).toEqual({
      seen: expect.stringMatching(/^[0-9a-f]{64}$/),
      fit: true,
      approved: true,
      clear: true,
      ineligible: [],
    });
  });

  it.each<Row>([
    ['passes', 'gate', withGates(gate('pass')), 'met', /^It is pass\.$/],
    ['fails', 'gate', withGates(gate('fail')), 'unmet', /^It is fail\.$/],
    ['waits', 'gate', withGates(gate('pending')), 'pending', /pending/],
    [
      'failed there before',
      'gate',
      withGates({ ...gate('fail'), afterDeployment: true }),
      'unmet',
      /fail/,
    ],
    ['is waived', 'gate', withGates(gate('waived')), 'waived', /waived/],

    [
      'was before',
      'order',
      { ...previous, earlier: [staging] },
      'met',
      /1\.4\.0 has worked in staging\./,
    ],
    [
      'was not',
      'order',
      { ...previous, earlier: [dev, absent] },
      'unmet',
      /has not worked in staging yet/,
    ],
    [
      'is coming',
      'order',
      { ...previous, earlier: [coming] },
      'pending',
      /staging \(on its way there\)/,
    ],
    [
      'was taken out',
      'order',
      { ...previous, earlier: [takenOut] },
      'unmet',
      /staging \(rolled back at 2026-11-20 11:00 UTC\)/,
    ],
    [
      'looks at the last only',
      'order',
      { ...previous, earlier: [{ ...absent, name: 'dev' }, staging] },
      'met',
      /in staging\./,
    ],
    [
      'has none before',
      'order',
      previous,
      'met',
      /No environment comes before/,
    ],
    [
      'was in all',
      'order',
      { ...asks({ order: 'all' }), earlier: [dev, staging] },
      'met',
      /in dev and staging\./,
    ],
    [
      'was not in all',
      'order',
      {
        ...asks({ order: 'all' }),
        earlier: [{ ...absent, name: 'dev' }, staging],
      },
      'unmet',
      /not worked in dev yet/,
    ],
    [
      'was in enough',
      'order',
      { ...asks({ order: { atLeast: 1 } }), earlier: [dev, absent] },
      'met',
      /in dev\./,
    ],
    [
      'was in too few',
      'order',
      {
        ...asks({ order: { atLeast: 2 } }),
        earlier: [dev, absent, { ...absent, name: 'qa' }],
      },
      'unmet',
      /1 of the 2 environments .* not yet in staging and qa/,
    ],
    [
      'comes into enough',
      'order',
      {
        ...asks({ order: { atLeast: 2 } }),
        earlier: [dev, coming, { ...absent, name: 'qa' }],
      },
      'pending',
      /1 of the 2/,
    ],
    [
      'asks for more than there are',
      'order',
      { ...asks({ order: { atLeast: 2 } }), earlier: [dev] },
      'unmet',
      /can never be met/,
    ],
    [
      'asks for no number',
      'order',
      { ...asks({ order: { atLeast: NaN } }), earlier: [dev] },
      'unmet',
      /can never be met/,
    ],

    [
      'is over to the second',
      'soak',
      { ...soaking(), earlier: [staging] },
      'met',
      /in staging for 2 hours or longer/,
    ],
    [
      'lacks a second',
      'soak',
      { ...soaking({ soakSeconds: 7201 }), earlier: [staging] },
      'pending',
      /for 2 hours; that is reached at 2026-11-20 12:00 UTC/,
    ],
    [
      'has not begun',
      'soak',
      { ...soaking(), earlier: [absent] },
      'unmet',
      /2 hours of soak time have not begun: 1\.4\.0 has not worked in staging/,
    ],
    [
      'will begin',
      'soak',
      { ...soaking(), earlier: [coming] },
      'pending',
      /not begun/,
    ],
    [
      'was broken off',
      'soak',
      { ...soaking(), earlier: [takenOut] },
      'unmet',
      /not begun/,
    ],
    [
      'counts the last of all',
      'soak',
      {
        ...soaking({ order: 'all', soakSeconds: 10800 }),
        earlier: [dev, staging],
      },
      'pending',
      /dev and staging/,
    ],
    [
      'counts the first of enough',
      'soak',
      {
        ...soaking({ order: { atLeast: 1 }, soakSeconds: 10800 }),
        earlier: [staging, dev],
      },
      'met',
      /in dev for 3 hours/,
    ],
    [
      'began at an unknown time',
      'soak',
      { ...soaking(), earlier: [{ ...staging, succeededAt: 'soon' }] },
      'unmet',
      /for a known time/,
    ],
    [
      'is no number',
      'soak',
      { ...soaking({ soakSeconds: NaN }), earlier: [staging] },
      'unmet',
      /not begun/,
    ],

    [
      'is let in',
      'ref',
      asks({ refs: { branches: ['main'] } }),
      'met',
      /built from main\. Releases from branches main are let in/,
    ],
    [
      'matches a glob',
      'ref',
      {
        ...asks({ refs: { branches: ['release/**'] } }),
        release: { commit, ref: 'release/1/4' },
      },
      'met',
      /release/,
    ],
    [
      'is another branch',
      'ref',
      {
        ...asks({ refs: { branches: ['main'] } }),
        release: { commit, ref: 'main2' },
      },
      'unmet',
      /c0ffee0 was built from main2/,
    ],
    [
      'is a tag',
      'ref',
      {
        ...asks({ refs: { branches: ['main'], tags: ['v*'] } }),
        release: { commit, ref: 'refs/tags/v1' },
      },
      'met',
      /branches main and tags v\*/,
    ],
    [
      'is a branch that is called like a tag',
      'ref',
      {
        ...asks({ refs: { tags: ['v*'] } }),
        release: { commit, ref: 'refs/heads/v1' },
      },
      'unmet',
      /refs\/heads\/v1/,
    ],
    [
      'is known to be a branch',
      'ref',
      {
        ...asks({ refs: { tags: ['v*'] } }),
        release: { commit, ref: 'v1', refIs: { branch: true, tag: false } },
      },
      'unmet',
      /the branch v1, and no tag of that name is at it/,
    ],
    [
      'is known to be a tag',
      'ref',
      {
        ...asks({ refs: { branches: ['main'] } }),
        release: { commit, ref: 'main', refIs: { branch: false, tag: true } },
      },
      'unmet',
      /the tag main, and no branch of that name holds it/,
    ],
    [
      'is on the branch, whatever tag is there, too',
      'ref',
      {
        ...asks({ refs: { branches: ['main'] } }),
        release: { commit, ref: 'main', refIs: { branch: true, tag: true } },
      },
      'met',
      /built from main\. /,
    ],
    [
      'only calls itself a tag',
      'ref',
      {
        ...asks({ refs: { tags: ['v*'] } }),
        release: {
          commit,
          ref: 'refs/tags/v1',
          refIs: { branch: false, tag: false },
        },
      },
      'unmet',
      /neither does a branch/,
    ],
    [
      'is neither any more',
      'ref',
      {
        ...asks({ refs: { branches: ['main'] } }),
        release: { commit, ref: 'main', refIs: { branch: false, tag: false } },
      },
      'unmet',
      /neither does a branch of that name hold it nor is a tag/,
    ],
    [
      'is let in as either',
      'ref',
      {
        ...asks({ refs: { branches: ['v*'], tags: ['v*'] } }),
        release: { commit, ref: 'v1', refIs: 'unknown' },
      },
      'met',
      /built from v1/,
    ],
    [
      'is not told by GitHub',
      'ref',
      {
        ...asks({ refs: { branches: ['main'] } }),
        release: { commit, ref: 'main', refIs: 'unknown' },
      },
      'pending',
      /GitHub does not tell at this moment/,
    ],
    [
      'is a pattern itself',
      'ref',
      {
        ...asks({ refs: { branches: ['main'] } }),
        release: { commit, ref: '**' },
      },
      'unmet',
      /\*\*/,
    ],
    [
      'is not known',
      'ref',
      { ...asks({ refs: { branches: ['main'] } }), release: { commit } },
      'unmet',
      /not known from which branch or tag/,
    ],
    [
      'can be none',
      'ref',
      asks({ refs: {} }),
      'unmet',
      /No branch and no tag is let in/,
    ],

    [
      'is the first',
      'outdated',
      { relation: 'first' },
      'met',
      /the first that runs here/,
    ],
    [
      'is newer',
      'outdated',
      { relation: 'newer' },
      'met',
      /is newer than what runs here/,
    ],
    [
      'is the same',
      'outdated',
      { relation: 'same' },
      'unmet',
      /runs here already/,
    ],
    [
      'is older',
      'outdated',
      { relation: 'older' },
      'unmet',
      /older than what runs here; only a rollback may/,
    ],
    [
      'is on another line',
      'outdated',
      { relation: 'unrelated' },
      'unmet',
      /only a rollback may/,
    ],
    [
      'could not be told',
      'outdated',
      { relation: 'unknown' },
      'pending',
      /GitHub did not answer/,
    ],

    ['is there', 'artifact', {}, 'met', /1\.4\.0 is sha256:abc/],
    [
      'is not known',
      'artifact',
      { release: { commit } },
      'met',
      new RegExp(`No artifact of c0ffee0 is known.*${commit}`),
    ],
    [
      'is gone',
      'artifact',
      { artifactMissing: 'sha256:abc' },
      'unmet',
      /The artifact sha256:abc of 1\.4\.0 is gone/,
    ],
    [
      'is another',
      'artifact',
      { artifactChangedFrom: 'sha256:old' },
      'unmet',
      /sha256:old of 1\.4\.0 was asked for; now it is sha256:abc/,
    ],

    [
      'is set',
      'quarantine',
      { quarantine },
      'unmet',
      /omar quarantined 1\.4\.0: Loses messages/,
    ],

    ['is the same', 'spec', { spec: {} }, 'met', /is the one/],
    [
      'is broken',
      'spec',
      { spec: { problem: 'Line 3 is no YAML.' } },
      'unmet',
      /cannot be used: Line 3/,
    ],
    [
      'changed in a commit',
      'spec',
      { spec: { changedSince: 'f'.repeat(40) } },
      'unmet',
      /changed in fffffff, after 1\.4\.0 was built/,
    ],
    [
      'changed at a time',
      'spec',
      { spec: { changedSince: now } },
      'unmet',
      /changed at 2026-11-20 12:00 UTC/,
    ],
    [
      'changed somehow',
      'spec',
      { spec: { changedSince: 'main' } },
      'unmet',
      /changed \(main\)/,
    ],

    [
      'is set',
      'lock',
      { lock },
      'unmet',
      /omar locked this environment: Database/,
    ],
    [
      'lasts',
      'lock',
      { lock: { ...lock, expiresAt: '2026-11-20T12:00:00.001Z' } },
      'unmet',
      /locked/,
    ],
    [
      'ends at an unknown time',
      'lock',
      { lock: { ...lock, expiresAt: 'soon' } },
      'unmet',
      /locked/,
    ],

    [
      'is in force',
      'freeze',
      { freezes: [freeze] },
      'unmet',
      /frozen until 2026-11-20 18:00 UTC\. Weekend: Nobody/,
    ],
    [
      'lets no hotfix through',
      'freeze',
      { ...asks({ class: 'hotfix' }), freezes: [freeze] },
      'unmet',
      /frozen/,
    ],
    [
      'lets hotfixes through',
      'freeze',
      {
        ...asks({ class: 'hotfix' }),
        freezes: [{ ...freeze, allows: ['hotfix'] }],
      },
      'met',
      /lets hotfixes through/,
    ],
    [
      'lets hotfixes through only',
      'freeze',
      { freezes: [{ ...freeze, allows: ['hotfix'] }] },
      'unmet',
      /frozen/,
    ],

    [
      'stops what nobody asked for',
      'hold',
      { hold, automatic: true },
      'unmet',
      /omar set a hold on this environment: Rolled back/,
    ],
    [
      'does not stop a person',
      'hold',
      { hold },
      'met',
      /a hold stops only automatic ones/,
    ],

    [
      'is under way',
      'operation',
      { running: { id: 'operation-1', kind: 'restart' } },
      'pending',
      /A restart of this service is under way here: operation operation-1/,
    ],
    [
      'is another promotion',
      'operation',
      { running: { id: 'promotion-1', kind: 'promotion' } },
      'pending',
      /Another release is on its way here: promotion promotion-1/,
    ],

    [
      'waits',
      'pipeline',
      { pipeline: { waits: true } },
      'met',
      /waits at production/,
    ],
    [
      'does not wait',
      'pipeline',
      { pipeline: { waits: false } },
      'pending',
      /No run of the pipeline waits at production with 1\.4\.0/,
    ],
  ])('%s: %s', (_, kind, facts, state, reason) => {
    const conditions = only(kind, facts);

    expect(conditions).toEqual([
      expect.objectContaining({ state, reason: expect.stringMatching(reason) }),
    ]);
    expect(conditions[0].clearedBy !== undefined).toBe(
      state === 'unmet' || state === 'pending',
    );
  });

  it.each<[string, Condition['kind'], Partial<ReadinessFacts>]>([
    ['a gate without a rule', 'gate', withGates(gate('none'))],
    [
      'what is measured there, before the release is',
      'gate',
      withGates({ ...gate('fail'), afterDeployment: true, evidenceIds: [] }),
    ],
    ['no order', 'order', { earlier: [absent] }],
    [
      'a soak time in no environment',
      'soak',
      { ...asks({ soakSeconds: 60 }), earlier: [absent] },
    ],
    ['no soak time', 'soak', { ...previous, earlier: [absent] }],
    ['any ref', 'ref', { release: { commit } }],
    ['no deploy.yaml', 'spec', {}],
    ['no quarantine', 'quarantine', {}],
    ['no lock', 'lock', {}],
    [
      'a lock that ran out just now',
      'lock',
      { lock: { ...lock, expiresAt: now } },
    ],
    ['no freeze', 'freeze', {}],
    [
      'a freeze that ended just now',
      'freeze',
      { freezes: [{ ...freeze, nextOpen: now }] },
    ],
    ['no hold', 'hold', { automatic: true }],
    ['no operation', 'operation', {}],
    ['no pipeline', 'pipeline', {}],
    ['no approvals', 'approval', {}],
  ])('says nothing about %s', (_, kind, facts) => {
    expect(only(kind, facts)).toEqual([]);
  });

  it.each<[string, Partial<ReadinessFacts>, string[]]>([
    ['gate', withGates(gate('pending')), ['fit']],
    ['order', { ...previous, earlier: [absent] }, ['fit']],
    [
      'soak',
      { ...soaking({ soakSeconds: 9999 }), earlier: [staging] },
      ['fit'],
    ],
    ['ref', asks({ refs: {} }), ['fit']],
    ['outdated', { relation: 'older' }, ['fit']],
    ['artifact', { artifactMissing: 'x' }, ['fit']],
    ['quarantine', { quarantine }, ['fit']],
    ['spec', { spec: { problem: 'x' } }, ['fit']],
    [
      'approval',
      { ...asks({ approvals: [{ required: 1 }] }), pools: [{ unknown: [] }] },
      ['approved'],
    ],
    ['lock', { lock }, ['clear']],
    ['freeze', { freezes: [freeze] }, ['clear']],
    ['hold', { hold, automatic: true }, ['clear']],
    ['operation', { running: { id: 'o', kind: 'restart' } }, ['clear']],
    ['pipeline', { pipeline: { waits: false } }, ['clear']],
  ])('%s keeps back what it should', (_, facts, expected) => {
    const { standing, state } = judge(facts);

    const { fit, approved, clear: isClear } = standing;
    const lacking = Object.entries({ fit, approved, clear: isClear })
      .filter(([, holds]) => !holds)
      .map(([name]) => name);
    expect(lacking).toEqual(expected);
    expect(state).not.toBe('ready');
  });

  it('keeps the order of the kinds, and blocks if anything is unmet', () => {
    const { conditions, state } = judge({
      ...withGates(gate('pending', 'tests'), gate('pass', 'coverage')),
      ...asks({
        approvals: [{ required: 1 }],
        order: 'previous',
        soakSeconds: 60,
        refs: { branches: ['main'] },
      }),
      pools: [{ unknown: [] }],
      earlier: [staging],
      quarantine,
      spec: {},
      lock,
      freezes: [freeze],
      hold,
      running: { id: 'operation-1', kind: 'rollback' },
      pipeline: { waits: true },
    });

    expect(conditions.map(({ id }) => id)).toEqual([
      'gate:tests',
      'gate:coverage',
      'order',
      'soak',
      'ref',
      'outdated',
      'artifact',
      'quarantine',
      'spec',
      'approval:1',
      'lock',
      weekend,
      'hold',
      'operation',
      'pipeline',
    ]);
    expect(state).toBe('blocked');
  });

  it('is pending if nothing is unmet, but something is on its way', () => {
    expect(judge({ ...previous, earlier: [coming] }).state).toBe('pending');
  });

  it.each<[string, Partial<ReadinessFacts>, string]>([
    ['order', { ...previous, earlier: [absent] }, 'order'],
    ['soak', { ...soaking({ soakSeconds: 9999 }), earlier: [staging] }, 'soak'],
    ['what could not be compared', { relation: 'unknown' }, 'outdated'],
    ['what is only recorded', { relation: 'recorded' }, 'outdated'],
    [
      'an artifact nobody knows of',
      { artifactAt: { environment: 'staging', state: 'pending' } },
      'artifact',
    ],
    [
      'a deploy.yaml that changed',
      { spec: { changedSince: now } },
      `spec:${now}`,
    ],
    ['freeze', { freezes: [freeze] }, weekend],
    ['hold', { hold, automatic: true }, 'hold'],
  ])('an override lets pass: %s', (_, facts, id) => {
    const before = judge(facts);
    const after = judge({ ...facts, overridden: [id] });

    expect(before.conditions.find(each => each.id === id)).toMatchObject({
      overridable: true,
      clearedBy: { permission: expect.any(String) },
    });
    expect(after.conditions.find(each => each.id === id)).toMatchObject({
      state: 'waived',
      overridable: false,
    });
    expect(after.state).toBe('ready');
    expect(after.standing).toMatchObject({ fit: true, clear: true });
  });

  it.each<[string, ReadinessFacts['artifactAt'], string, RegExp]>([
    ['there', { environment: 'staging', state: 'present' }, 'met', /is there/],
    [
      'gone',
      { environment: 'staging', state: 'missing', message: 'Push it again.' },
      'unmet',
      /What staging has of 1.4.0 is gone. Push it again./,
    ],
    [
      'not told',
      { environment: 'staging', state: 'unknown', message: 'No role.' },
      'met',
      /is not known. No role./,
    ],
    [
      'being asked for',
      { environment: 'staging', state: 'pending' },
      'pending',
      /is being asked/,
    ],
  ])('tells of an artifact that is %s', (_, artifactAt, state, reason) => {
    const [found] = only('artifact', { ...(artifactAt && { artifactAt }) });

    expect(found).toMatchObject({
      state,
      reason: expect.stringMatching(reason),
    });
  });

  it('does not let the next window of a freeze pass with the one before', () => {
    const next = { ...freeze, until: at('23:00') };

    expect(judge({ freezes: [freeze], overridden: [weekend] }).state).toBe(
      'ready',
    );
    expect(judge({ freezes: [next], overridden: [weekend] }).state).toBe(
      'blocked',
    );
  });

  it('does not believe what somebody only recorded, and says who can override it', () => {
    const recorded = { ...absent, recordedAt: at('09:30') };

    const [order] = only('order', { ...previous, earlier: [recorded] });
    const [outdated] = only('outdated', { relation: 'recorded' });

    expect(order).toMatchObject({
      state: 'unmet',
      reason: expect.stringContaining('staging (only recorded at GitHub'),
      clearedBy: {
        how: expect.stringContaining('what is only recorded does not count'),
        permission: 'deploy.override',
      },
      overridable: true,
    });
    expect(outdated).toMatchObject({
      state: 'unmet',
      reason: expect.stringContaining('only from deployments recorded'),
      clearedBy: { permission: 'deploy.override' },
    });
    expect(
      judge({ ...soaking({ soakSeconds: 60 }), earlier: [recorded] }).state,
    ).toBe('blocked');
  });

  describe('where deploy.yaml asks for less than before', () => {
    const facts: Partial<ReadinessFacts> = {
      ...asks({ approvals: [{ from: [omar], required: 1 }] }),
      pools: [{ users: [omar], unknown: [] }],
      policyChange: {
        id: 'abc',
        weaker: ['approvals (1 of omar before, none now)'],
        people: [omar],
      },
      terms: 'digest',
    };
    const voice = {
      by: omar,
      at: now,
      seen: judge(facts).standing.seen,
    };
    const conditionOf = (more: Partial<ReadinessFacts>) =>
      judge({ ...facts, ...more }).conditions.find(
        ({ id }) => id === 'spec:policy-abc',
      );

    it('waits for the people of the earlier policy, and names what got weaker', () => {
      const { standing, state } = judge(facts);

      expect(conditionOf({})).toMatchObject({
        kind: 'spec',
        state: 'unmet',
        reason: expect.stringContaining('1 of omar before, none now'),
        clearedBy: { permission: 'deploy.override', people: [omar] },
        overridable: true,
      });
      expect(state).toBe('blocked');
      expect(standing).toMatchObject({
        fit: true,
        approved: false,
        terms: 'digest',
      });
    });

    it('goes on once they approved', () => {
      expect(conditionOf({ voices: [voice] })?.state).toBe('met');
      expect(judge({ ...facts, voices: [voice] }).state).toBe('ready');
    });

    it('is not approved by an override of another change', () => {
      expect(conditionOf({ overridden: ['spec:policy-xyz'] })?.state).toBe(
        'unmet',
      );
      expect(conditionOf({ overridden: ['spec:policy-abc'] })?.state).toBe(
        'waived',
      );
    });
  });

  it.each<[string, Partial<ReadinessFacts>, string]>([
    ['a gate', withGates(gate('fail')), 'gate:coverage'],
    ['a ref', asks({ refs: {} }), 'ref'],
    ['an older release', { relation: 'older' }, 'outdated'],
    ['an artifact', { artifactMissing: 'x' }, 'artifact'],
    ['a quarantine', { quarantine }, 'quarantine'],
    ['a broken deploy.yaml', { spec: { problem: 'x' } }, 'spec'],
    [
      'an approval',
      { ...asks({ approvals: [{ required: 1 }] }), pools: [{ unknown: [] }] },
      'approval:1',
    ],
    ['a lock', { lock }, 'lock'],
    [
      'another operation',
      { running: { id: 'o', kind: 'restart' } },
      'operation',
    ],
    ['a run that is not there', { pipeline: { waits: false } }, 'pipeline'],
    ['another freeze', { freezes: [{ ...freeze, id: 'audit' }] }, weekend],
    [
      'another change of deploy.yaml',
      { spec: { changedSince: 'f'.repeat(40) } },
      `spec:${'e'.repeat(40)}`,
    ],
    [
      'what came of a change of deploy.yaml',
      { spec: { changedSince: 'f'.repeat(40) } },
      'spec',
    ],
  ])('an override never lets pass: %s', (_, facts, id) => {
    expect(judge({ ...facts, overridden: [id] })).toEqual(judge(facts));
    expect(judge(facts).state).not.toBe('ready');
  });

  it('tells of several freezes when the environment opens for this promotion', () => {
    const { conditions } = judge({
      ...asks({ class: 'hotfix' }),
      freezes: [
        { ...freeze, id: 'late', nextOpen: at('20:00') },
        freeze,
        { ...freeze, id: 'exempt', nextOpen: at('23:00'), allows: ['hotfix'] },
      ],
    });

    expect(
      conditions
        .filter(({ kind }) => kind === 'freeze')
        .map(({ id, until }) => [id, until]),
    ).toEqual([
      [`freeze:late/${at('18:00')}`, at('20:00')],
      [weekend, at('20:00')],
      [`freeze:exempt/${at('18:00')}`, undefined],
    ]);
  });

  it.each<
    [string, Condition['kind'], Partial<ReadinessFacts>, Partial<Condition>]
  >([
    ['a gate', 'gate', withGates(gate('fail')), { since: at('10:00') }],
    [
      'a soak time',
      'soak',
      { ...soaking({ soakSeconds: 10800 }), earlier: [staging] },
      { since: at('10:00'), until: at('13:00') },
    ],
    ['a quarantine', 'quarantine', { quarantine }, { since: at('09:00') }],
    [
      'a lock',
      'lock',
      { lock: { ...lock, expiresAt: at('15:00') } },
      { since: at('09:00'), until: at('15:00') },
    ],
    [
      'a freeze',
      'freeze',
      { freezes: [freeze] },
      { since: at('09:00'), until: at('18:00') },
    ],
    ['a hold', 'hold', { hold, automatic: true }, { since: at('09:00') }],
  ])('tells since when and until when: %s', (_, kind, facts, expected) => {
    expect(only(kind, facts)[0]).toMatchObject(expected);
  });

  it.each<[Condition['kind'], Partial<ReadinessFacts>, Condition['clearedBy']]>(
    [
      [
        'gate',
        withGates(gate('fail')),
        { how: expect.stringMatching(/waiver/), permission: 'deploy.waive' },
      ],
      [
        'lock',
        { lock },
        {
          how: expect.stringMatching(/Release/),
          permission: 'deploy.lock',
          people: [omar],
        },
      ],
      [
        'quarantine',
        { quarantine },
        { how: expect.stringMatching(/lift/), permission: 'deploy.quarantine' },
      ],
      [
        'hold',
        { hold, automatic: true },
        { how: expect.stringMatching(/lift/), permission: 'deploy.operate' },
      ],
      [
        'operation',
        { running: { id: 'o', kind: 'restart' } },
        { how: expect.stringMatching(/cancel/), permission: 'deploy.operate' },
      ],
      [
        'freeze',
        { freezes: [freeze] },
        {
          how: expect.stringMatching(/override/),
          permission: 'deploy.override',
        },
      ],
      [
        'outdated',
        { relation: 'older' },
        {
          how: expect.stringMatching(/rollback/),
          permission: 'deploy.rollback',
        },
      ],
    ],
  )('tells who can clear it: %s', (kind, facts, expected) => {
    expect(only(kind, facts)[0].clearedBy).toEqual(expected);
  });

  it('changes nothing of what it is given', () => {
    const facts = {
      ...clear,
      ...withGates(gate('fail')),
      ...previous,
      earlier: [staging],
      freezes: [freeze],
      overridden: [weekend],
      involved: { requester: dana, authors: [] },
    };
    const before = JSON.stringify(facts);

    judgeReadiness(facts);

    expect(JSON.stringify(facts)).toBe(before);
  });
});
