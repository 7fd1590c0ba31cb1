import { JsonObject } from '@backstage/types';
import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { JobAnswer, RunAnswer } from './answers';
import { endRun } from './endRun';
import { EndedRun, followRun } from './followRun';
import { hasStarted } from './runReport';
import { StepMemory } from './StepMemory';
import { WorkflowApi } from './WorkflowApi';

type Rerun = { after?: number } & JsonObject;

/**
 * Runs the failed jobs of a run again, once however often it is called, and follows the new attempt until it
 * ends or is held: who lets it in may have to wait for the end of whatever goes on here.
 *
 * @param order.attempt - the attempt that was looked at; a later one is nobody's wish
 */
export async function rerunFailedJobs(
  api: WorkflowApi,
  order: { runId: number; attempt?: number },
  memory: StepMemory,
  control: StepControl,
): Promise<EndedRun> {
  const { runId } = order;
  const run = await api.run(runId);
  const attempt = run.run_attempt ?? 1;
  const known = memory.get<Rerun>('rerun').after;
  if (known === undefined) {
    assertRerunnable(api, run, order.attempt);
  }
  const after = known ?? attempt;
  await memory.put('rerun', { after });
  if (attempt <= after) {
    await api.rerunFailed(runId);
    control.log(`The failed jobs of the run ${runId} run again.`);
  }
  return followRun(api, runId, control, {
    attempt: after + 1,
    untilHeld: true,
  });
}

/**
 * Stops the attempt that was asked for, if it goes on. What its jobs did on their machines is not taken back:
 * then a TargetError says that somebody has to look.
 */
export async function undoRerun(
  api: WorkflowApi,
  runId: number,
  memory: StepMemory,
  control: StepControl,
): Promise<void> {
  const { after } = memory.get<Rerun>('rerun');
  const { run_attempt: attempt = 1 } = await api.run(runId);
  if (after === undefined || attempt <= after) {
    control.log('Nothing was run again: there is nothing to undo.');
    return;
  }
  const run = await endRun(api, runId, control);
  const { value: jobs } = await api.jobsUnless(runId);
  if (jobs.some(job => hasStarted(job) && !isCarriedOver(job, run))) {
    throw new TargetError(
      'invalid',
      `The run ${runId} of ${api.repository} may have changed the environment before it ended.`,
      { remedy: 'Look at what runs there, and deploy a release that works.' },
    );
  }
}

/** GitHub lists jobs that are not run again in the new attempt, too, with their old times. */
function isCarriedOver(job: JobAnswer, run: RunAnswer): boolean {
  return (
    job.completed_at !== undefined &&
    run.run_started_at !== undefined &&
    job.completed_at < run.run_started_at
  );
}

function assertRerunnable(
  api: WorkflowApi,
  run: RunAnswer,
  attempt: number | undefined,
): void {
  const name = `The run ${run.id} of ${api.repository}`;
  if (run.status !== 'completed') {
    throw new TargetError('busy', `${name} has not ended yet.`);
  }
  if (run.conclusion === 'success') {
    throw new TargetError('invalid', `${name} has no failed jobs.`);
  }
  if (attempt !== undefined && run.run_attempt !== attempt) {
    throw new TargetError('invalid', `${name} was run again meanwhile.`, {
      remedy: 'Look at its newest attempt.',
    });
  }
  if (attempt !== undefined && run.event.startsWith('pull_request')) {
    throw new TargetError('invalid', `${name} is one of a pull request.`, {
      remedy: 'Run it again at GitHub.',
    });
  }
}
