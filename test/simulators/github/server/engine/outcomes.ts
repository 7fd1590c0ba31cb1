import type { JobOutcome, Outcomes } from '../../client/types';
import type { WorkflowJob } from '../state/model';

function fits(pattern: string, text: string): boolean {
  const source = pattern
    .split('*')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(text);
}

/** What was decided about how a job ends; the most exact key wins. */
export function outcomeOf(job: WorkflowJob): JobOutcome {
  const { run } = job.attempt;
  const file = run.workflow.path.slice(run.workflow.path.lastIndexOf('/') + 1);
  const names = [
    `${run.displayTitle}/${job.name}`,
    `${file}/${job.name}`,
    job.name,
    `${file}/${job.definitionId}`,
    job.definitionId,
  ];
  const found =
    named(run.outcomes, names) ?? named(run.repository.outcomes, names);
  return found ?? {};
}

function named(outcomes: Outcomes, names: string[]): JobOutcome | undefined {
  for (const name of names) {
    if (outcomes[name]) return outcomes[name];
  }
  const pattern = Object.keys(outcomes).find(
    key => key.includes('*') && names.some(name => fits(key, name)),
  );
  return pattern === undefined ? undefined : outcomes[pattern];
}
