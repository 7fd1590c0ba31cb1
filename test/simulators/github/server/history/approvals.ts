import { answerReview, answerRule } from '../engine';
import { latestAttempt, type WorkflowRun } from '../state/model';
import { MINUTE, SECOND } from '../state/time';
import type { World } from '../state/World';

const EVERY = 10 * MINUTE;
const PATIENCE = 18 * MINUTE;
const AT_ONCE = 10 * SECOND;
/** What began to wait this shortly before the end still waits. */
const LEFT_OPEN = 2 * 60 * MINUTE;

/** In the past every approval came, some twenty minutes after it was asked for. */
export function approveUntil(world: World, anchor: number): void {
  const look = async () => {
    for (const run of world.openRuns()) {
      await approveWaiting(world, run, PATIENCE);
    }
    const next = world.now + EVERY;
    if (next < anchor - LEFT_OPEN) world.scheduler.schedule(next, look);
  };
  world.scheduler.schedule(world.now + EVERY, look);
}

/** Approves what waits in a run's first attempt, as soon as it does. */
export function approveAtOnce(world: World, run: WorkflowRun): void {
  const look = async () => {
    const attempt = latestAttempt(run);
    if (attempt.number > 1 || attempt.status === 'completed') return;
    await approveWaiting(world, run, 0);
    world.scheduler.schedule(world.now + AT_ONCE, look);
  };
  world.scheduler.schedule(world.now + AT_ONCE, look);
}

async function approveWaiting(
  world: World,
  run: WorkflowRun,
  patience: number,
): Promise<void> {
  for (const job of latestAttempt(run).jobs) {
    if (job.status !== 'waiting') continue;
    if (world.now - job.createdAt < patience) continue;
    const environment = world.environment(
      run.repository,
      job.environment?.name ?? '',
    );
    const answer = { approved: true, comment: 'Looks good' };
    await answerRule(world, run, {
      ...answer,
      environment: environment.name,
      actor: world.account(`${world.app.slug}[bot]`, 'Bot'),
    });
    const [reviewer] = environment.reviewers;
    if (!reviewer) continue;
    await answerReview(world, run, {
      ...answer,
      environmentIds: [environment.id],
      actor: reviewer,
    });
  }
}
