import { RunInFlight } from '@vvp/backstage-plugin-deploy-common';
import { JobFact, RunFact } from '@vvp/backstage-plugin-deploy-node';
import { Trace } from '../fold/trace';

/** The latest attempt of a trace's run; undefined where only its jobs are known. */
export function newestRun(trace: Trace): RunFact | undefined {
  return Object.values(trace.runs).sort(
    (left, right) => right.attempt - left.attempt,
  )[0];
}

/** Number of the latest attempt. */
export function attemptOf(trace: Trace): number {
  return Math.max(
    1,
    ...Object.values({ ...trace.runs }).map(run => run.attempt),
    ...Object.values(trace.jobs).map(job => job.attempt),
  );
}

/** The jobs of the latest attempt. */
export function jobsOf(trace: Trace): JobFact[] {
  const attempt = attemptOf(trace);
  return Object.values(trace.jobs).filter(job => job.attempt === attempt);
}

/** Undefined for a deployment without a run. */
export function runIdOf(trace: Trace): string | undefined {
  return Object.values({ ...trace.jobs, ...trace.runs })[0]?.runId;
}

/** Whether the run has not ended. */
export function isInFlight(trace: Trace): boolean {
  const run = newestRun(trace);
  return run
    ? run.status !== 'completed'
    : jobsOf(trace).some(job => job.status !== 'completed');
}

/** A run of which a job waits and none goes on waits itself; GitHub does not always tell. */
export function statusOf(trace: Trace): RunInFlight['status'] {
  const open = jobsOf(trace).filter(job => job.status !== 'completed');
  if (open.some(job => job.status === 'in_progress')) {
    return 'in_progress';
  }
  if (open.some(job => job.status === 'waiting')) {
    return 'waiting';
  }
  const status = newestRun(trace)?.status;
  return status === 'in_progress' || status === 'waiting' ? status : 'queued';
}

/** The last part of a path. */
export function fileOf(path: string): string {
  return path.split('@')[0].split('/').at(-1) ?? path;
}
