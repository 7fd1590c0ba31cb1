import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { RunAnswer } from './answers';
import { WorkflowApi } from './WorkflowApi';

/** How long a run has to end by itself after it was cancelled. */
const LOOKS = 6;
const BETWEEN_LOOKS_MS = 5_000;

/**
 * Stops a run and waits until it has ended: cancelled first, which lets its jobs clean up and those go
 * on that say `always()`, then by force. Nothing happens to one that has ended.
 */
export async function endRun(
  api: WorkflowApi,
  runId: number,
  control: StepControl,
): Promise<RunAnswer> {
  let run = await api.run(runId);
  for (let look = 0; run.status !== 'completed'; look++) {
    if (look % LOOKS === 0) {
      const force = look > 0;
      control.log(
        force
          ? `The run ${runId} goes on although it was cancelled; stopping it by force.`
          : `Cancelling the run ${runId}${
              run.html_url ? `: ${run.html_url}` : ''
            }`,
        force ? 'warn' : 'info',
      );
      await api.cancel(runId, { force });
    }
    run = await api.run(runId);
    if (run.status !== 'completed') {
      await control.wait(BETWEEN_LOOKS_MS);
    }
  }
  return run;
}
