import { JsonObject } from '@backstage/types';
import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { EndedRun, followRun } from './followRun';
import { StepMemory } from './StepMemory';
import { WorkflowApi } from './WorkflowApi';

type Rerun = { after?: number } & JsonObject;

/** Runs the failed jobs of a run again, once however often it is called, and follows the new attempt. */
export async function rerunFailedJobs(
  api: WorkflowApi,
  runId: number,
  memory: StepMemory,
  control: StepControl,
): Promise<EndedRun> {
  const run = await api.run(runId);
  const attempt = run.run_attempt ?? 1;
  const known = memory.get<Rerun>('rerun').after;
  if (known === undefined && run.status !== 'completed') {
    throw new TargetError(
      'busy',
      `The run ${runId} of ${api.repository} has not ended yet.`,
    );
  }
  if (known === undefined && run.conclusion === 'success') {
    throw new TargetError(
      'invalid',
      `The run ${runId} of ${api.repository} has no failed jobs.`,
    );
  }
  const after = known ?? attempt;
  await memory.put('rerun', { after });
  if (attempt <= after) {
    await api.rerunFailed(runId);
    control.log(`The failed jobs of the run ${runId} run again.`);
  }
  return followRun(api, runId, control, { attempt: after + 1 });
}
