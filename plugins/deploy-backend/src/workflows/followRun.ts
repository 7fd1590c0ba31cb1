import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { JobAnswer, RunAnswer } from './answers';
import { JobStates, reportJobs } from './runReport';
import { Tagged } from './RepositoryClient';
import { WorkflowApi } from './WorkflowApi';

/** A run that has ended, or is held. */
export interface EndedRun {
  run: RunAnswer;
  jobs: JobAnswer[];
}

/** From look to look; what has not changed does not count for GitHub's limit. */
const BETWEEN_LOOKS_MS = 5_000;

/** How often in a row GitHub may fail before the step does. */
const MOST_FAILURES = 5;

/** Follows a run, and those of its attempts that come on top, until it ends; tells the log about its jobs. */
export async function followRun(
  api: WorkflowApi,
  runId: number,
  control: StepControl,
  options: {
    attempt?: number;
    /** It is not followed on where it waits to be let in, and nothing else of it goes on. */
    untilHeld?: boolean;
  } = {},
): Promise<EndedRun> {
  let run: Tagged<RunAnswer> | undefined;
  let jobs: Tagged<JobAnswer[]> | undefined;
  let states: JobStates = {};
  let told = '';
  let failures = 0;
  for (;;) {
    let wait = BETWEEN_LOOKS_MS;
    try {
      run = await api.runUnless(runId, run);
      jobs = await api.jobsUnless(runId, jobs);
      const report = reportJobs(states, jobs.value);
      states = report.states;
      report.lines.forEach(line => control.log(line.text, line.level));
      const { value } = run;
      const isAwaited = (value.run_attempt ?? 1) >= (options.attempt ?? 1);
      if (value.status === 'completed' && isAwaited) {
        return { run: value, jobs: jobs.value };
      }
      // GitHub does not call a run waiting as long as another job goes on.
      const waiting = jobs.value.filter(job => job.status === 'waiting');
      if (waiting.length > 0) {
        told = await tellWaiting(api, value, waiting, told, control);
        const open = jobs.value.filter(job => job.status !== 'completed');
        if (options.untilHeld && isAwaited && open.length === waiting.length) {
          return { run: value, jobs: jobs.value };
        }
      }
      failures = 0;
    } catch (error) {
      failures += 1;
      if (
        !(error instanceof TargetError) ||
        error.kind !== 'transient' ||
        failures > MOST_FAILURES
      ) {
        throw error;
      }
      wait = error.retryAfterMs ?? BETWEEN_LOOKS_MS * 2 ** failures;
      control.log(error.message, 'warn');
    }
    try {
      await control.wait(wait);
    } catch (error) {
      if (told && jobs?.value.some(job => job.status === 'waiting')) {
        throw stillWaiting(runId, run?.value.html_url, told);
      }
      throw error;
    }
  }
}

/** Told when the time is up; an answer to the environment is nobody's but theirs whom it asks. */
function stillWaiting(
  runId: number,
  page: string | undefined,
  where: string,
): TargetError {
  return new TargetError(
    'transient',
    `The run ${runId} waited for a go-ahead of ${where} to the end: ${
      page ?? 'look at it at GitHub'
    }`,
    {
      remedy: `See at GitHub who has not answered. Required reviewers of an environment take no word of the portal: leave them out there, or have them review in time ("seam: review" of the policy asks them before).`,
    },
  );
}

/** Says once which environments have not let the run in. */
async function tellWaiting(
  api: WorkflowApi,
  run: RunAnswer,
  jobs: readonly JobAnswer[],
  told: string,
  control: StepControl,
): Promise<string> {
  const environments = await api.waitsFor(run.id);
  const where =
    environments.length > 0
      ? environments.join(', ')
      : // GitHub lists those with reviewers, not always those with a rule of an app.
        `the environment of ${jobs.map(job => job.name).join(', ')}`;
  if (where !== told) {
    const page = run.html_url ?? `run ${run.id}`;
    control.log(`The run waits for a go-ahead of ${where}: ${page}`, 'warn');
  }
  return where;
}
