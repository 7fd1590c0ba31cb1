import type {
  Account,
  Deployment,
  WorkflowJob,
  WorkflowRun,
} from '../state/model';
import { latestAttempt } from '../state/model';
import { SECOND } from '../state/time';
import type { World } from '../state/World';
import { emitReview } from './reviews';
import { playerOf } from './players';

function waitingJobs(
  run: WorkflowRun,
  isAsked: (job: WorkflowJob) => boolean,
): WorkflowJob[] {
  return latestAttempt(run).jobs.filter(
    job => job.status === 'waiting' && isAsked(job),
  );
}

async function settle(job: WorkflowJob, approved: boolean): Promise<void> {
  const player = playerOf(job.attempt);
  if (approved) await player?.approve(job);
  else await player?.reject(job);
}

/**
 * A GitHub App answers its custom rule: every job of the run that waits for
 * the environment has its answer. `false` when nothing waited.
 */
export async function answerRule(
  world: World,
  run: WorkflowRun,
  answer: {
    environment: string;
    approved: boolean;
    comment: string;
    actor: Account;
  },
): Promise<boolean> {
  const jobs = jobsAtRule(run, answer.environment);
  if (jobs.length === 0) return false;
  run.approvals.push({
    environment: world.environment(run.repository, answer.environment),
    state: answer.approved ? 'approved' : 'rejected',
    user: answer.actor,
    comment: answer.comment,
  });
  run.ruleReports.push({
    environment: answer.environment,
    state: answer.approved ? 'approved' : 'rejected',
    comment: answer.comment,
    jobs: jobs.map(job => job.name),
    at: world.now,
  });
  for (const job of jobs) job.pendingRules.shift();
  world.scheduler.schedule(world.now + SECOND, async () => {
    for (const job of jobs) await settle(job, answer.approved);
  });
  return true;
}

/** GitHub takes as many reports on one deployment. */
const MOST_REPORTS = 10;

/** What keeps a report from being taken; reports without a decision only show on the run. */
export type ReportOutcome = 'taken' | 'nothing-waits' | 'too-many';

/** Notes a comment on a custom rule, which decides nothing. */
export function commentRule(
  world: World,
  run: WorkflowRun,
  report: { environment: string; comment: string },
): ReportOutcome {
  const jobs = jobsAtRule(run, report.environment);
  if (jobs.length === 0) return 'nothing-waits';
  const since = Math.min(...jobs.map(job => job.createdAt));
  const given = run.ruleReports.filter(
    other =>
      other.state === undefined &&
      other.environment.toLowerCase() === report.environment.toLowerCase() &&
      other.at >= since,
  );
  if (given.length >= MOST_REPORTS) return 'too-many';
  run.ruleReports.push({
    ...report,
    state: undefined,
    jobs: jobs.map(job => job.name),
    at: world.now,
  });
  return 'taken';
}

/** An administrator starts what waits, whatever its rules say. */
export async function bypassRules(
  run: WorkflowRun,
  environment: string,
): Promise<boolean> {
  const jobs = waitingJobs(
    run,
    job => job.environment?.name.toLowerCase() === environment.toLowerCase(),
  );
  for (const job of jobs) {
    job.pendingRules = [];
    job.pendingReview = false;
    await settle(job, true);
  }
  return jobs.length > 0;
}

function jobsAtRule(run: WorkflowRun, environment: string): WorkflowJob[] {
  return waitingJobs(
    run,
    job =>
      job.pendingRules.length > 0 &&
      job.environment?.name.toLowerCase() === environment.toLowerCase(),
  );
}

/** A person reviews what waits for named reviewers. */
export async function answerReview(
  world: World,
  run: WorkflowRun,
  answer: {
    environmentIds: number[];
    approved: boolean;
    comment: string;
    actor: Account;
  },
): Promise<Deployment[] | undefined> {
  const jobs = waitingJobs(run, job => {
    const environment = world.environment(
      run.repository,
      job.environment?.name ?? '',
    );
    return (
      job.pendingReview &&
      answer.environmentIds.includes(environment.id) &&
      environment.reviewers.includes(answer.actor) &&
      !(
        environment.preventSelfReview &&
        job.attempt.triggeringActor === answer.actor
      )
    );
  });
  if (jobs.length === 0) return undefined;
  for (const job of jobs) {
    job.pendingReview = false;
    run.approvals.push({
      environment: world.environment(
        run.repository,
        job.environment?.name ?? '',
      ),
      state: answer.approved ? 'approved' : 'rejected',
      user: answer.actor,
      comment: answer.comment,
    });
    await emitReview(world, job, answer.approved ? 'approved' : 'rejected', {
      user: answer.actor,
      comment: answer.comment,
    });
  }
  world.scheduler.schedule(world.now + SECOND, async () => {
    for (const job of jobs) await settle(job, answer.approved);
  });
  return jobs.flatMap(job => (job.deployment ? [job.deployment] : []));
}
