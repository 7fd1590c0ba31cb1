import { LifeRun } from './LifeRun';
import { LifeWorld, people } from './LifeWorld';
import { userRef } from './githubPayloads';
import { mayCount } from './oracle';
import { Random } from './random';
import { Replica } from './Replica';
import { deliver, push } from './worldSteps';
import { Task } from './Turns';

type Step = (run: LifeRun, random: Random) => Promise<void>;

const refusals = [
  'ConflictError',
  'InputError',
  'NotAllowedError',
  'NotFoundError',
];

/** A person who is refused is told so: that is no failure. True if it was done. */
async function orRefused(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Error && refusals.includes(error.name)) {
      return false;
    }
    throw error;
  }
}

/** Nobody can let these pass. */
const standing = ['lock', 'approval:1', 'quarantine', 'freeze:weekend'];

type Doing = (
  run: LifeRun,
  random: Random,
  replica: Replica,
) => Promise<unknown> | undefined;

/** What somebody does about a promotion, at one of the replicas. */
const doings = {
  approve: (run, random, replica) => {
    const promotion = pickOne(run, random);
    if (!promotion) {
      return undefined;
    }
    return approve(run, replica, {
      id: promotion.id,
      person: random.chance(15)
        ? promotion.requested_by
        : userRef(
            random.chance(60)
              ? memberOf(run.world, promotion.environment_id, random)
              : random.pick(people),
          ),
      isStale: random.chance(10),
    });
  },
  reject: (run, random, replica) => {
    const promotion = pickOne(run, random);
    return (
      promotion &&
      orRefused(
        replica.desk.reject(promotion.id, {
          by: userRef(random.pick(people)),
          comment: 'The call back breaks',
        }),
      )
    );
  },
  cancel: (run, random, replica) => {
    const promotion = pickOne(run, random);
    return (
      promotion &&
      orRefused(
        replica.desk.cancel(promotion.id, {
          by: userRef(random.pick(people)),
        }),
      )
    );
  },
  override: async (run, random, replica) => {
    const promotion = pickOne(run, random);
    if (!promotion) {
      return undefined;
    }
    const among = await replica.overridable(promotion.id);
    const chosen = [
      ...among.filter(() => random.chance(80)),
      ...standing.filter(() => random.chance(5)),
    ];
    const { letPass } = run.ledger(promotion.id);
    const before = new Set(letPass);
    // Written down first: it may go in by this at once.
    chosen.forEach(one => letPass.add(one));
    return orRefused(
      replica.desk.override(promotion.id, {
        by: userRef('boss'),
        reason: 'The shop cannot take payments',
        conditions: chosen,
      }),
    ).then(done => {
      if (done) {
        chosen.forEach(one => run.tally.count(`let pass ${one.split(':')[0]}`));
      } else {
        chosen
          .filter(one => !before.has(one))
          .forEach(one => letPass.delete(one));
      }
    });
  },
  ask: async (run, random, replica) => {
    const place = run.world.place(random.pick(['verifier', 'issuer']));
    const releases = await run.world.releases(place);
    const environment = await replica.environments.find({
      id: place.environmentId,
    });
    if (releases.length === 0 || !environment) {
      return undefined;
    }
    return orRefused(
      replica.desk.request({
        environment,
        releaseId: random.pick(releases).id,
        class: random.chance(25) ? 'hotfix' : 'regular',
        reason: 'Payments fail for everybody',
        by: random.chance(20) ? 'automatic' : userRef(random.pick(people)),
      }),
    );
  },
  progress: (_run, _random, replica) => replica.progress(),
  answer: (_run, _random, replica) => replica.answer(),
  retry: (_run, _random, replica) => replica.retry(),
} satisfies Record<string, Doing>;

/** Somebody whose approval is asked for, if anybody's is. */
function memberOf(
  world: LifeWorld,
  environmentId: string,
  random: Random,
): string {
  const { rules } = world.placeOf(environmentId);
  const teams = rules.flatMap(({ team }) =>
    team === 'anyone' ? [] : [world.teams[team]],
  );
  const among = teams.length > 0 ? random.pick(teams) : people;
  return among.length > 0 ? random.pick<string>(among) : random.pick(people);
}

/** One that is under way, more often than one that is over. */
function pickOne(run: LifeRun, random: Random) {
  const active = run.active();
  const among =
    active.length > 0 && random.chance(90)
      ? active
      : [...run.snapshot.promotions.values()];
  return among.length > 0 ? random.pick(among) : undefined;
}

async function approve(
  run: LifeRun,
  replica: Replica,
  { id, person, isStale }: { id: string; person: string; isStale: boolean },
): Promise<void> {
  const promotion = run.snapshot.promotions.get(id)!;
  const seen = isStale ? 'stale' : await replica.seen(id);
  if (!isStale) {
    run.noteVoice(id, person);
  }
  const isTaken = await orRefused(
    replica.desk.approve(id, { by: person, seen }),
  );
  if (isTaken) {
    run.tally.count('approval');
    run.noteTaken(id, person);
    if (isStale) {
      throw new Error(`${person} approved something else than what is there.`);
    }
    if (!mayCount(run.world, promotion, person)) {
      throw new Error(
        `The approval of ${person} was taken, and may not count.`,
      );
    }
  }
}

/** The same, one after the other, at one replica. */
const alone: Record<keyof typeof doings, Step> = Object.fromEntries(
  Object.entries(doings).map(([name, doing]) => [
    name,
    async (run: LifeRun, random: Random) => {
      await doing(run, random, random.pick(run.world.replicas));
    },
  ]),
) as Record<keyof typeof doings, Step>;

/** Several at once, which take turns at every await; one of the replicas may end amid it. */
const race: Step = async (run, random) => {
  const { world } = run;
  // What was looked at a moment ago is due again.
  world.later(61);
  const names = [
    'progress',
    'progress',
    'answer',
    'answer',
    'answer',
    'approve',
    'approve',
    'approve',
    'cancel',
    'reject',
  ] as const;
  const tasks: Task[] = Array.from({ length: 2 + random.below(2) }, () => {
    const process = random.pick(world.replicas);
    const doing = doings[random.pick(names)] as Doing;
    return {
      process,
      run: async () => doing(run, random, process),
    };
  });
  await world.turns.race(tasks, count => random.below(count));
};

const crash: Step = async (run, random) => {
  const { world } = run;
  world.later(61);
  const index = random.below(world.replicas.length);
  const process = world.replicas[index];
  const names = [
    'progress',
    'answer',
    'answer',
    'approve',
    'ask',
    'retry',
  ] as const;
  const doing = doings[random.pick(names)] as Doing;
  await world.turns.race(
    [{ process, run: async () => doing(run, random, process) }],
    count => random.below(count),
    { process, after: random.below(50) },
  );
  if (process.isDead) {
    run.tally.count('crash');
    world.replicas[index] = new Replica(world);
  }
};

/** Somebody who did not write it asks for a release before its run does, or a policy. */
const askFirst: Step = async (run, random) => {
  const { world } = run;
  push(run, random);
  const { sha, author } = world.commits.at(-1)!;
  const fakeRun = [...world.github.runs.values()].at(-1)!;
  await deliver(run, random, { isFair: true });
  const place = world.place(random.pick(fakeRun.services));
  const replica = random.pick(world.replicas);
  const environment = await replica.environments.find({
    id: place.environmentId,
  });
  const releases = await world.releases(place);
  const release = releases.find(({ commit }) => commit === sha);
  const requester = random.pick(
    people.filter(name => name !== author && name !== fakeRun.starter),
  );
  const isAutomatic = random.chance(40);
  const isHeld = isAutomatic && random.chance(50);
  if (isHeld) {
    await world.hold(place, true);
  }
  if (environment && release) {
    await orRefused(
      replica.desk.request({
        environment,
        releaseId: release.id,
        class: 'regular',
        by: isAutomatic ? 'automatic' : userRef(requester),
      }),
    );
  }
  if (isHeld) {
    // Before anybody lifts it.
    await replica.answer();
    await replica.progress();
  }
};

/** Everything is noticed. */
export const settle: Step = async (run, random) => {
  await deliver(run, random, { isFair: true });
  for (const replica of run.world.replicas) {
    await replica.answer();
    await replica.progress();
  }
};

export const portalSteps = {
  ...alone,
  'ask first': askFirst,
  race,
  crash,
  settle,
};
