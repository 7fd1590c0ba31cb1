import {
  Conclusion,
  JobFact,
  RunFact,
} from '@vvp/backstage-plugin-deploy-node';
import { DeploymentTrace, Trace } from '../fold/trace';
import { attemptOf } from '../workflows/traceRuns';
import { ElsewhereDecision, ProtectionCallback } from './types';

/**
 * What a run's events say about a callback that got no answer of ours. `waiting` as long as they say nothing.
 *
 * `perhaps-let-through`: only a status of the deployment says so, and whoever may write to the repository may set
 * one. GitHub has to be asked whether anybody waits there.
 *
 * @param context.isFresh - the run was read from GitHub after it had asked
 */
export function runDecision(
  trace: Trace,
  callback: Pick<ProtectionCallback, 'deploymentId'>,
  context: { isFresh?: boolean } = {},
): ElsewhereDecision | 'waiting' | 'perhaps-let-through' {
  const deployment = Object.hasOwn(trace.deployments, callback.deploymentId)
    ? trace.deployments[callback.deploymentId]
    : undefined;
  const jobId = deployment?.base.jobId;
  const job =
    jobId && Object.hasOwn(trace.jobs, jobId) ? trace.jobs[jobId] : undefined;
  const fromJob = job && jobDecision(job, deployment);
  if (fromJob) {
    return fromJob;
  }
  const hint =
    deployment && looksLetThrough(deployment)
      ? 'perhaps-let-through'
      : undefined;
  if (hint && !context.isFresh) {
    return hint;
  }
  const attempt = job?.attempt ?? deployment?.base.attempt;
  const fromRun = decisionOfRun(
    trace,
    attempt ?? (context.isFresh ? attemptOf(trace) : 0),
  );
  return fromRun === 'waiting' ? hint ?? fromRun : fromRun;
}

/** The attempt whose job asked; undefined where nothing tells. */
export function askingAttempt(
  { deployments, jobs }: Pick<Trace, 'deployments' | 'jobs'>,
  { deploymentId }: Pick<ProtectionCallback, 'deploymentId'>,
): number | undefined {
  const { jobId, attempt } = Object.hasOwn(deployments, deploymentId)
    ? deployments[deploymentId].base
    : { jobId: undefined, attempt: undefined };
  return jobId && Object.hasOwn(jobs, jobId) ? jobs[jobId].attempt : attempt;
}

function jobDecision(
  job: JobFact,
  deployment: DeploymentTrace | undefined,
): ElsewhereDecision | undefined {
  if (job.status === 'in_progress') {
    return 'let-through';
  }
  if (job.status !== 'completed') {
    return undefined;
  }
  return ended(job.conclusion, deployment?.progress?.state === 'in_progress');
}

/** @param ran - whether it was seen at work */
function ended(
  conclusion: Conclusion | undefined,
  ran: boolean,
): ElsewhereDecision {
  switch (conclusion) {
    case 'success':
      return 'let-through';
    case 'cancelled':
      return ran ? 'let-through' : 'cancelled';
    case 'failure':
      // GitHub fails a job that was turned away; one that failed by itself has been at work before.
      return ran ? 'let-through' : 'rejected';
    case 'timed_out':
      return ran ? 'let-through' : 'gone';
    default:
      return 'gone';
  }
}

function looksLetThrough({
  progress,
  outcome,
  inactive,
}: DeploymentTrace): boolean {
  return (
    progress?.state === 'in_progress' ||
    outcome?.state === 'success' ||
    inactive !== undefined
  );
}

/** An attempt that ended leaves nobody waiting, whatever its jobs said last. */
function decisionOfRun(
  trace: Trace,
  attempt: number,
): ElsewhereDecision | 'waiting' {
  // Which attempt asked is not known yet, and an earlier one may have ended long ago.
  if (attempt === 0) {
    return 'waiting';
  }
  const run: RunFact | undefined = trace.runs[attempt];
  if (run?.status !== 'completed' && attempt >= attemptOf(trace)) {
    return 'waiting';
  }
  return run?.conclusion === 'cancelled' ? 'cancelled' : 'gone';
}
