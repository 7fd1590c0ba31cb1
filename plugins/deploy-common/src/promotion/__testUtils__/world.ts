import { ReadinessFacts } from '../../readiness/types';
import { ApprovalRule, PromotionPolicy } from '../policy';
import { PromotionState } from '../types';

/** A small world around one promotion. Times are minutes since its beginning. */
export interface World {
  minute: number;
  policy: PromotionPolicy;
  /** Of each rule; `anyone` for one that names nobody. */
  rules: (ApprovalRule & { team: Team | 'anyone' })[];
  teams: Record<Team, string[]>;
  automatic: boolean;
  artifact: string;
  artifactAsked: string;
  artifactGone: boolean;
  ref: string;
  gate: 'pass' | 'fail' | 'pending' | 'waived';
  report: number;
  relation: ReadinessFacts['relation'];
  quarantined: boolean;
  spec: 'good' | 'broken' | 'changed';
  specSince: number;
  staging: 'absent' | 'coming' | 'there' | 'taken-out';
  stagingSince: number;
  lock: false | 'open' | number;
  /** End of each that is in force. */
  freezes: { name: string; end: number; letsHotfixes: boolean }[];
  held: boolean;
  running: boolean;
  /** Whether a run waits, where one has to. */
  waiting: boolean | 'needless';
}

export type Team = 'platform' | 'security';

export const requester = 'user:default/dana';
export const author = 'user:default/paul';

/** Members of teams at first, members later, nobody's member, and those involved. */
export const people = [
  'user:default/omar',
  'user:default/ines',
  'user:default/sam',
  'user:default/eve',
  requester,
  author,
];

export const commit = 'c'.repeat(40);

const origin = Date.parse('2026-11-20T08:00:00.000Z');

export const timeOf = (minute: number) =>
  new Date(origin + minute * 60_000).toISOString();

export function newWorld(
  policy: Omit<PromotionPolicy, 'approvals'>,
  rules: readonly { team: Team | 'anyone'; required: number }[],
): World {
  const named = rules.map(({ team, required }) => ({
    team,
    required,
    ...(team !== 'anyone' && { from: [`group:default/${team}`] }),
  }));
  return {
    minute: 0,
    policy: {
      ...policy,
      approvals: named.map(({ team, ...rule }) => rule),
    },
    rules: named,
    teams: {
      platform: ['user:default/omar', 'user:default/ines', author, requester],
      security: ['user:default/sam', 'user:default/omar'],
    },
    automatic: policy.automatic,
    artifact: 'sha256:1',
    artifactAsked: 'sha256:1',
    artifactGone: false,
    ref: 'main',
    gate: 'pass',
    report: 1,
    relation: 'newer',
    quarantined: false,
    spec: 'good',
    specSince: 0,
    staging: 'there',
    stagingSince: 0,
    lock: false,
    freezes: [],
    held: false,
    running: false,
    waiting: true,
  };
}

const by = 'user:default/boss';
const reason = 'So it is.';

function specOf({ spec, specSince }: World): ReadinessFacts['spec'] {
  switch (spec) {
    case 'broken':
      return { problem: 'It is no YAML.' };
    case 'changed':
      return { changedSince: timeOf(specSince) };
    default:
      return {};
  }
}

/** The world as readiness is told of it. */
export function factsOf(world: World, state: PromotionState): ReadinessFacts {
  const since = timeOf(0);
  const worked = world.staging === 'there' || world.staging === 'taken-out';
  return {
    now: timeOf(world.minute),
    environment: { name: 'production', tier: 'production' },
    release: { commit, artifact: world.artifact, ref: world.ref },
    policy: world.policy,
    gates: {
      release: { commit },
      state: world.gate,
      results: [
        {
          id: 'gate',
          name: 'coverage',
          title: 'Coverage',
          environment: 'production',
          state: world.gate,
          reason,
          checks: [],
          evidenceIds: [`report-${world.report}`],
          carriedForward: false,
        },
      ],
    },
    earlier: [
      {
        name: 'staging',
        underWay: world.staging === 'coming',
        ...(worked && { succeededAt: timeOf(world.stagingSince) }),
        ...(world.staging === 'taken-out' && {
          rolledBackAt: timeOf(world.minute),
        }),
      },
    ],
    relation: world.relation,
    ...(world.artifact !== world.artifactAsked && {
      artifactChangedFrom: world.artifactAsked,
    }),
    ...(world.artifactGone && { artifactMissing: world.artifact }),
    ...(world.quarantined && { quarantine: { by, reason, since } }),
    spec: specOf(world),
    ...(world.lock !== false && {
      lock: {
        id: 'lock',
        entityRef: 'component:default/issuer',
        environment: 'production',
        owner: by,
        reason,
        since,
        ...(world.lock !== 'open' && { expiresAt: timeOf(world.lock) }),
      },
    }),
    ...(world.held && { hold: { by, reason, since } }),
    automatic: world.automatic,
    freezes: world.freezes.map(({ name, end, letsHotfixes }) => ({
      id: name,
      title: name,
      reason,
      by,
      since,
      until: timeOf(end),
      nextOpen: timeOf(end),
      allows: letsHotfixes ? ['hotfix'] : [],
    })),
    ...(world.running && { running: { id: 'operation', kind: 'restart' } }),
    ...(world.waiting !== 'needless' && {
      pipeline: { waits: world.waiting },
    }),
    voices: state.voices.filter(({ lapsed }) => !lapsed),
    pools: world.rules.map(({ team }) =>
      team === 'anyone'
        ? { unknown: [] }
        : { users: world.teams[team], unknown: [] },
    ),
    involved: { requester, authors: [author] },
    overridden: state.overridden.flatMap(({ conditions }) => conditions),
  };
}
