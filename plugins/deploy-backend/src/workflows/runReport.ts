import { JobAnswer, RunAnswer } from './answers';

/** A line for the log of a step. */
export interface ReportLine {
  text: string;
  level: 'info' | 'warn' | 'error';
}

/** Where the jobs of a run stood at the last look. */
export type JobStates = Readonly<Record<number, string>>;

/** GitHub's conclusions after which a job did what it should, or had nothing to do. */
const GOOD = ['success', 'skipped', 'neutral'];

/** How many jobs a message names. */
const MOST_NAMES = 5;

/** What has changed about the jobs of a run since the last look. */
export function reportJobs(
  before: JobStates,
  jobs: readonly JobAnswer[],
): { states: JobStates; lines: ReportLine[] } {
  const lines = jobs.flatMap(job =>
    before[job.id] === stateOf(job) ? [] : lineOf(job),
  );
  const states = Object.fromEntries(jobs.map(job => [job.id, stateOf(job)]));
  return { states, lines };
}

/** Whether a job got as far as a machine, on which it may have changed something. */
export function hasStarted(job: JobAnswer): boolean {
  // GitHub gives a starting time to jobs that never began, too.
  return (
    job.status === 'in_progress' ||
    (job.status === 'completed' &&
      job.conclusion !== 'skipped' &&
      (Boolean(job.runner_id) || Boolean(job.steps?.length)))
  );
}

/** Jobs that by their name only look, or tell what was seen. */
const ONLY_LOOKS = /^(?:checks?|report|report-failure)(?:-report)?$/i;

/** Whether a job may have changed something of what runs: it began, and does not only check or report. */
export function mayHaveChanged(job: JobAnswer): boolean {
  return hasStarted(job) && !ONLY_LOOKS.test(job.name);
}

/** How a run failed, in a sentence. */
export function describeFailure(
  run: Pick<RunAnswer, 'id' | 'conclusion' | 'html_url'>,
  workflow: string,
  jobs: readonly JobAnswer[],
): string {
  const bad = jobs.filter(
    job =>
      job.status === 'completed' && !GOOD.includes(job.conclusion ?? 'success'),
  );
  const names = bad
    .slice(0, MOST_NAMES)
    .map(job => `${job.name} (${job.conclusion})`);
  const more =
    bad.length > MOST_NAMES ? ` and ${bad.length - MOST_NAMES} more` : '';
  const which =
    names.length > 0 ? ` Not well ended: ${names.join(', ')}${more}.` : '';
  return `The run ${run.id} of ${workflow} ended with ${
    run.conclusion ?? 'no conclusion'
  }.${which}${run.html_url ? ` See ${run.html_url}` : ''}`;
}

function stateOf(job: JobAnswer): string {
  return job.conclusion ?? job.status;
}

function lineOf(job: JobAnswer): ReportLine {
  const isBad =
    job.status === 'completed' && !GOOD.includes(job.conclusion ?? 'success');
  return {
    text: `${job.name}: ${stateOf(job)}${
      isBad && job.html_url ? ` ${job.html_url}` : ''
    }`,
    level: isBad ? 'error' : 'info',
  };
}
