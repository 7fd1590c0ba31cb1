import { FakeRun, serviceKeys } from './githubPayloads';
import { LifeRun } from './LifeRun';
import { LifeWorld, people, Place } from './LifeWorld';
import { Random } from './random';

type Step = (run: LifeRun, random: Random) => Promise<void> | void;

const anyPlace = (world: LifeWorld, random: Random): Place =>
  world.place(random.pick(serviceKeys));

const anyRun = (world: LifeWorld, random: Random): FakeRun | undefined => {
  const runs = [...world.github.runs.values()];
  // The newest are where things happen.
  return runs.length > 0
    ? runs.at(-1 - random.below(Math.min(3, runs.length)))
    : undefined;
};

const anyCommit = (world: LifeWorld, random: Random) =>
  world.commits.length > 0
    ? world.commits.at(-1 - random.below(Math.min(2, world.commits.length)))
    : undefined;

const servicesOf = (random: Random) =>
  random.chance(50) ? serviceKeys : [random.pick(serviceKeys)];

/** Somebody pushes; a run begins. */
export const push: Step = ({ world }, random) => {
  const sha = (world.commits.length + 1).toString(16).padStart(40, 'c');
  world.commits.push({ sha, author: random.pick(people) });
  world.github.start({
    commit: sha,
    starter: random.pick(people),
    services: servicesOf(random),
  });
};

/** Delivers webhooks that came up, in any order; some twice, some only when all is calm. */
export async function deliver(
  { world }: LifeRun,
  random: Random,
  { isFair }: { isFair: boolean },
): Promise<void> {
  const { outbox } = world.github;
  const count = isFair ? outbox.length : random.below(outbox.length + 1);
  for (let index = 0; index < count; index++) {
    const at = isFair ? 0 : random.below(outbox.length);
    const webhook = outbox[at];
    if (isFair || !random.chance(15)) {
      outbox.splice(at, 1);
    }
    if (isFair || !random.chance(8)) {
      await random.pick(world.replicas).take(webhook);
    } else {
      world.github.lost.push(webhook);
    }
  }
}

/** Jobs that were let in, and those of staging, go on. */
export const work: Step = ({ world }, random) => {
  const conclusion = random.chance(80) ? 'success' : 'failure';
  const open = world.github
    .jobs()
    .filter(({ status }) => status === 'queued' || status === 'in_progress');
  if (open.length > 0) {
    world.github.work(random.pick(open), conclusion);
  }
};

const minutes = (world: LifeWorld, count: number) =>
  new Date(world.now.getTime() + count * 60_000);

/** What happens in the world, to be noticed or not. */
export const worldSteps = {
  push,
  deliver: (run, random) => deliver(run, random, { isFair: false }),
  'deliver all': (run, random) => deliver(run, random, { isFair: true }),
  work,
  'run again': ({ world }, random) => {
    const run = anyRun(world, random);
    if (run?.status === 'completed') {
      world.github.again(run);
    }
  },
  'another run of a release': ({ world }, random) => {
    const commit = anyCommit(world, random);
    if (commit) {
      world.github.start({
        commit: commit.sha,
        starter: random.pick(people),
        services: servicesOf(random),
      });
    }
  },
  'review at GitHub': ({ world }, random) => {
    const run = anyRun(world, random);
    if (run) {
      world.github.review(
        run,
        random.pick(['approved', 'rejected']),
        random.pick(people),
      );
    }
  },
  'cancel at GitHub': ({ world }, random) => {
    const run = anyRun(world, random);
    if (run) {
      world.github.cancel(run);
    }
  },
  'mood of GitHub': ({ world }, random) => {
    world.github.mood = random.pick(['well', 'down', 'lost', 'denies', 'well']);
    world.comparable = world.github.mood !== 'down';
  },
  'new evidence': ({ world }, random) => {
    const commit = anyCommit(world, random);
    if (commit) {
      const facts = world.facts(anyPlace(world, random), commit.sha);
      facts.report += 1;
      facts.gate = random.pick(['pass', 'pass', 'fail', 'pending']);
    }
  },
  'the gate waits, or no longer': ({ world }, random) => {
    const commit = anyCommit(world, random);
    if (commit) {
      // What was approved comes back as it was: who approved it before has to do so again.
      const facts = world.facts(anyPlace(world, random), commit.sha);
      facts.gate = facts.gate === 'pass' ? 'pending' : 'pass';
    }
  },
  waiver: ({ world }, random) => {
    const commit = anyCommit(world, random);
    if (commit) {
      world.facts(anyPlace(world, random), commit.sha).gate = 'waived';
    }
  },
  'another artifact': async ({ world }, random) => {
    const releases = await world.releases(anyPlace(world, random));
    if (releases.length > 0) {
      await world
        .knex('releases')
        .where({ id: random.pick(releases).id })
        .update({ artifact: `sha256:${random.below(2)}` });
    }
  },
  quarantine: async ({ world }, random) => {
    const place = anyPlace(world, random);
    const releases = await world.releases(place);
    if (releases.length > 0) {
      const release = random.pick(releases);
      await world.quarantine(
        place,
        release,
        !world.facts(place, release.commit).quarantined,
      );
    }
  },
  lock: async ({ world }, random) => {
    await world.lock(
      anyPlace(world, random),
      random.chance(50) ? 'open' : minutes(world, 1 + random.below(90)),
    );
  },
  unlock: ({ world }, random) => world.unlock(anyPlace(world, random)),
  freeze: ({ world }, random) => {
    const place = anyPlace(world, random);
    const id = random.pick(['weekend', 'audit']);
    const from = minutes(world, random.pick([0, 0, 10]));
    place.freezes = [
      ...place.freezes.filter(each => each.id !== id),
      {
        id,
        from,
        to: new Date(from.getTime() + (1 + random.below(90)) * 60_000),
        letsHotfixes: random.chance(30),
      },
    ];
  },
  hold: ({ world }, random) => {
    const place = anyPlace(world, random);
    return world.hold(place, !place.held);
  },
  operation: ({ world }, random) => {
    const place = anyPlace(world, random);
    return world.operate(place, !place.operating);
  },
  'somebody joins or leaves': ({ world }, random) => {
    const team = random.pick(['platform', 'security'] as const);
    const person = random.pick(people);
    world.teams[team] = world.teams[team].includes(person)
      ? world.teams[team].filter(each => each !== person)
      : [...world.teams[team], person];
  },
  wait: ({ world }, random) => {
    const short = [20, 61, 130, 1000, 3600];
    world.later(random.chance(90) ? random.pick(short) : 13 * 3600);
  },
  mend: ({ world }) => mend(world),
} satisfies Record<string, Step>;

/** Nothing stands in the way any more but what nobody can mend. */
export async function mend(world: LifeWorld): Promise<void> {
  world.github.mood = 'well';
  world.comparable = true;
  for (const place of world.places.values()) {
    await world.unlock(place);
    place.freezes = [];
    await world.hold(place, false);
    await world.operate(place, false);
    for (const release of await world.releases(place)) {
      await world.quarantine(place, release, false);
    }
    for (const facts of place.releases.values()) {
      facts.gate = 'pass';
    }
  }
}
