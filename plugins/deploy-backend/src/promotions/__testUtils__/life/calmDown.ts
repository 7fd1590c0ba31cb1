import { LifeRun, assertThat } from './LifeRun';
import { userRef } from './githubPayloads';
import { Known, obstacleOf } from './oracle';
import { mend } from './worldSteps';

const fresh = ['new-a', 'new-b', 'new-c', 'new-d'];

/** Reasons that time, people and repair do not mend; each is told at the promotion. */
const lasting = [
  'a newer one runs there',
  'it runs there',
  'its artifact changed',
  'it has not worked in staging',
];

/** Some minutes pass, and those who are asked approve. */
async function goOn(run: LifeRun, rounds: number) {
  const { world } = run;
  const [replica] = world.replicas;
  for (let round = 0; round < rounds; round++) {
    for (const job of world.github.jobs()) {
      world.github.work(job, 'success');
      world.github.work(job, 'success');
    }
    for (const webhook of world.github.outbox.splice(0)) {
      await replica.take(webhook);
    }
    await replica.answer();
    await replica.progress();
    await run.check();
    for (const { id, status } of run.undecided()) {
      for (const name of status === 'awaiting_approval' ? fresh : []) {
        run.noteVoice(id, userRef(name));
        await replica.desk
          .approve(id, { by: userRef(name), seen: await replica.seen(id) })
          .catch(() => {});
      }
    }
    // Longer than a lease, and than a pause.
    world.later(150);
  }
  await replica.retry();
  await run.check();
}

/** Nobody is stranded: what can go in does, and everything ends. */
export async function calmDown(run: LifeRun): Promise<void> {
  const { world } = run;
  world.teams.platform.push(...fresh);
  world.teams.security.push(...fresh);
  await mend(world);
  // The poll brings in what was lost.
  world.github.outbox.push(...world.github.lost.splice(0));
  await goOn(run, 4);
  checkWaiting(run);

  // What was let in and never began is given up; who waited for that goes in only then.
  const before = new Set(onTheirWay(run).map(({ id }) => id));
  world.later(7 * 3600);
  await goOn(run, 2);
  const stuck = onTheirWay(run).filter(({ id }) => before.has(id));
  assertThat(
    stuck.length === 0,
    `Promotions are on their way for ever: ${JSON.stringify(stuck)}.`,
  );

  for (let time = 0; time < 6 && isAnythingOpen(run); time++) {
    world.later(50 * 3600);
    await goOn(run, 2);
  }
  assertThat(
    !isAnythingOpen(run),
    `It goes on for ever: ${JSON.stringify([
      run.active(),
      world.github.waiting(),
    ])}.`,
  );
}

function onTheirWay(run: LifeRun): Known[] {
  return run
    .active()
    .filter(({ status }) => status === 'executing' || status === 'verifying');
}

/** Who waits although all is well waits for something that can be named. */
function checkWaiting(run: LifeRun): void {
  const { world, snapshot } = run;
  for (const promotion of run.undecided()) {
    const obstacle = obstacleOf(
      world,
      snapshot,
      promotion,
      run.ledger(promotion.id),
    );
    const place = world.placeOf(promotion.environment_id);
    const service = [...world.places].find(([, each]) => each === place)![0];
    const waiting = world.github
      .waiting()
      .filter(
        job =>
          job.service === service &&
          world.github.runs.get(job.runId)!.commit === promotion.commit,
      );
    const isNameable = promotion.run_id
      ? lasting.includes(obstacle ?? '') &&
        waiting.some(job => String(job.runId) === promotion.run_id)
      : waiting.length === 0;
    const isFirstInLine = [...snapshot.promotions.values()].some(
      other =>
        other.environment_id === promotion.environment_id &&
        other.status === 'executing',
    );
    assertThat(
      isNameable || isFirstInLine,
      `Promotion ${promotion.id} of run ${promotion.run_id} is ${promotion.status} although all is well; ${obstacle}.`,
    );
    run.tally.count('waits');
  }
}

function isAnythingOpen(run: LifeRun): boolean {
  return run.active().length > 0 || run.world.github.waiting().length > 0;
}
