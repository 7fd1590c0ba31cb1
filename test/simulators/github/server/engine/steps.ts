import type { JsonObject } from '../json';
import type { Conclusion, JobStep, WorkflowJob } from '../state/model';

function nameOf(step: JsonObject): string {
  if (typeof step.name === 'string') return step.name;
  if (typeof step.uses === 'string') return `Run ${step.uses}`;
  return `Run ${String(step.run ?? '').split('\n')[0]}`;
}

/** The steps of a job that begins, as GitHub numbers and names them. */
export function beginSteps(steps: JsonObject[], startedAt: number): JobStep[] {
  return ['Set up job', ...steps.map(nameOf), 'Complete job'].map(
    (name, index) => ({
      name,
      number: index + 1,
      status: index === 0 ? 'in_progress' : 'queued',
      conclusion: undefined,
      startedAt: index === 0 ? startedAt : undefined,
      completedAt: undefined,
    }),
  );
}

/** Spreads a job's time over its steps; the last own step is the one that failed. */
export function finishSteps(job: WorkflowJob, conclusion: Conclusion): void {
  const { steps } = job;
  const end = job.completedAt ?? job.startedAt;
  const share = (end - job.startedAt) / Math.max(1, steps.length);
  const broken = conclusion === 'success' ? -1 : Math.max(0, steps.length - 2);
  steps.forEach((step, index) => {
    step.status = 'completed';
    step.conclusion = index === broken ? stepConclusion(conclusion) : 'success';
    step.startedAt = job.startedAt + Math.floor(share * index);
    step.completedAt = job.startedAt + Math.floor(share * (index + 1));
  });
}

function stepConclusion(conclusion: Conclusion): Conclusion {
  return conclusion === 'timed_out' ? 'failure' : conclusion;
}
