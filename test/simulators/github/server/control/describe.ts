import type { RunSummary } from '../../client/types';
import type { WorkflowRun } from '../state/model';

/** A run as the control API tells it: short, every attempt. */
export function describeRun(run: WorkflowRun): RunSummary {
  return {
    id: run.id,
    workflow: run.name,
    event: run.event,
    headBranch: run.headBranch,
    headSha: run.headSha,
    attempts: run.attempts.map(attempt => ({
      number: attempt.number,
      status: attempt.status,
      conclusion: attempt.conclusion,
      jobs: attempt.jobs.map(job => ({
        id: job.id,
        name: job.name,
        status: job.status,
        conclusion: job.conclusion,
        environment: job.environment?.name,
      })),
    })),
  };
}
