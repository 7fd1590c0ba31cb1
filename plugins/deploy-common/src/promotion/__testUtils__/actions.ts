import fc from 'fast-check';
import { people, Team, World } from './world';

/** Something that happens in the world, to be noticed or not. */
const changes: Record<string, (world: World, random: number) => void> = {
  'new evidence': (world, random) => {
    world.report += 1;
    world.gate = (['pass', 'pass', 'fail', 'pending'] as const)[random % 4];
  },
  waiver: world => {
    world.gate = 'waived';
  },
  'the gate passes': world => {
    world.gate = 'pass';
  },
  'another artifact': (world, random) => {
    world.artifact = `sha256:${1 + (random % 2)}`;
  },
  'the artifact goes and comes': world => {
    world.artifactGone = !world.artifactGone;
  },
  'another ref': (world, random) => {
    world.ref = ['main', 'main', 'feature/x'][random % 3];
  },
  'compared again': (world, random) => {
    world.relation = (
      [
        'newer',
        'first',
        'newer',
        'unknown',
        'older',
        'same',
        'unrelated',
      ] as const
    )[random % 7];
  },
  'quarantined or not': world => {
    world.quarantined = !world.quarantined;
  },
  'deploy.yaml': (world, random) => {
    world.spec = (['good', 'changed', 'broken'] as const)[random % 3];
    world.specSince = world.minute;
  },
  staging: (world, random) => {
    const before = world.staging;
    world.staging = (
      ['there', 'there', 'coming', 'absent', 'taken-out'] as const
    )[random % 5];
    if (before !== 'there' && world.staging === 'there') {
      world.stagingSince = world.minute;
    }
  },
  lock: (world, random) => {
    world.lock = ([false, 'open', world.minute + (random % 90)] as const)[
      random % 3
    ];
  },
  'a freeze begins': (world, random) => {
    const name = ['weekend', 'audit'][random % 2];
    world.freezes = [
      ...world.freezes.filter(each => each.name !== name),
      { name, end: world.minute + (random % 90), letsHotfixes: random % 3 > 0 },
    ];
  },
  'freezes end': world => {
    world.freezes = [];
  },
  hold: world => {
    world.held = !world.held;
  },
  operation: world => {
    world.running = !world.running;
  },
  'a run': (world, random) => {
    world.waiting = ([true, false, 'needless'] as const)[random % 3];
  },
  'somebody joins or leaves a team': (world, random) => {
    const team: Team = random % 2 ? 'platform' : 'security';
    const person = people[random % people.length];
    world.teams[team] = world.teams[team].includes(person)
      ? world.teams[team].filter(each => each !== person)
      : [...world.teams[team], person];
  },
  'all is well': world => {
    world.gate = 'pass';
    world.artifact = world.artifactAsked;
    world.artifactGone = false;
    world.ref = 'main';
    world.relation = 'newer';
    world.quarantined = false;
    world.spec = 'good';
    if (world.staging !== 'there') {
      world.staging = 'there';
      world.stagingSince = world.minute;
    }
    world.lock = false;
    world.freezes = [];
    world.held = false;
    world.running = false;
    world.waiting = true;
  },
};

export const mend = changes['all is well'];

const ids = [
  ...['order', 'soak', 'outdated', 'spec', 'hold'],
  ...['freeze:weekend', 'freeze:audit'],
  // These stand, whoever names them.
  ...['gate:coverage', 'approval:1', 'quarantine', 'lock', 'artifact', 'ref'],
  ...['operation', 'pipeline'],
];

export type Action =
  | { do: 'change'; what: string; random: number }
  | { do: 'wait'; minutes: number }
  | { do: 'look' }
  | { do: 'approve'; by: string; stale: boolean }
  | { do: 'override'; conditions: string[]; reason: string }
  | { do: 'reject'; comment: string }
  | { do: 'cancel' }
  | { do: 'crash' }
  | { do: 'newer release' }
  | { do: 'bypass' }
  | { do: 'withdraw'; rejected: boolean }
  | { do: 'deployed' | 'verified' | 'fail' | 'rolled-back' };

const person = fc.constantFrom(...people);

const only = <T extends Action>(action: T) => fc.constant<Action>(action);

const end: fc.Arbitrary<Action> = fc.oneof(
  only({ do: 'cancel' }),
  only({ do: 'newer release' }),
  only({ do: 'bypass' }),
  fc.record({
    do: fc.constant('withdraw' as const),
    rejected: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('reject' as const),
    comment: fc.constantFrom('Not like this.', ' '),
  }),
);

/** What ends a promotion comes seldom, or little else would be seen. */
export const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      what: fc.constantFrom(...Object.keys(changes)),
      random: fc.nat(1000),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      what: fc.constantFrom(
        'lock',
        'a freeze begins',
        'hold',
        'operation',
        'a run',
      ),
      random: fc.nat(1000),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      what: fc.constant('all is well'),
      random: fc.constant(0),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      minutes: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 90 }) },
        { weight: 1, arbitrary: fc.integer({ min: 91, max: 6000 }) },
      ),
    }),
  },
  { weight: 20, arbitrary: only({ do: 'look' }) },
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      by: person,
      stale: fc.integer({ min: 0, max: 9 }).map(number => number === 0),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('override' as const),
      conditions: fc.subarray(ids),
      reason: fc.constantFrom('It is urgent.', 'It is urgent.', ' '),
    }),
  },
  { weight: 6, arbitrary: only({ do: 'crash' }) },
  { weight: 2, arbitrary: end },
  { weight: 3, arbitrary: only({ do: 'deployed' }) },
  { weight: 3, arbitrary: only({ do: 'verified' }) },
  { weight: 1, arbitrary: only({ do: 'fail' }) },
  { weight: 1, arbitrary: only({ do: 'rolled-back' }) },
);

export function change(world: World, what: string, random: number) {
  changes[what](world, random);
}
