import { StepControl, StepResult } from '@vvp/backstage-plugin-deploy-node';
import { NewStep, RunningOperation, StepRunner } from './engine/types';
import { isTargetError } from './requests/toHttpError';

/** How long GitHub may take; the time limit of the step is longer. */
const STOP_MS = 3 * 60_000;

/**
 * Stops the runs that could undo a rollback, as far as that can be done. When GitHub is away or does not
 * allow it the rollback goes on all the same: production is down meanwhile, and the proof at its end puts
 * back what a run displaced.
 */
export class StopRunsRunner implements StepRunner {
  readonly #workflows: Pick<StepRunner, 'execute'>;
  readonly #stopMs: number;

  constructor(options: {
    workflows: Pick<StepRunner, 'execute'>;
    stopMs?: number;
  }) {
    this.#workflows = options.workflows;
    this.#stopMs = options.stopMs ?? STOP_MS;
  }

  async execute(
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ): Promise<StepResult> {
    const limit = AbortSignal.timeout(this.#stopMs);
    const signal = AbortSignal.any([control.signal, limit]);
    try {
      return await this.#workflows.execute(operation, step, {
        operationId: control.operationId,
        fence: control.fence,
        attempt: control.attempt,
        signal,
        memory: control.memory,
        outputs: control.outputs,
        log: (text, level) => control.log(text, level),
        remember: memory => control.remember(memory),
        wait: async milliseconds => {
          limit.throwIfAborted();
          await control.wait(milliseconds);
          limit.throwIfAborted();
        },
      });
    } catch (error) {
      control.signal.throwIfAborted();
      control.log(
        limit.aborted
          ? 'GitHub did not stop the runs in time. The rollback goes on.'
          : `The runs could not be stopped: ${reasonOf(
              error,
            )} The rollback goes on.`,
        'warn',
      );
      return { skipped: true };
    }
  }

  async compensate(): Promise<void> {
    // Runs that were stopped stay so.
  }
}

/** Other errors are ours, and of no use to who reads the log. */
function reasonOf(error: unknown): string {
  return isTargetError(error) ? error.message : 'the portal failed at it.';
}
