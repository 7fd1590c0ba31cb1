import { JsonObject } from '@backstage/types';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { RunningOperation } from '../operations/engine/types';
import { DrivenEnvironment } from '../targets/TargetEnvironments';

/** Puts in place again what an operation put there. */
export type Reapply = (
  operation: RunningOperation,
  control: StepControl,
) => Promise<void>;

/**
 * Does the target's steps of an operation again, in order. They are safe to do again; each gets a memory of
 * its own, so that what they remembered for undoing stays what it was before the operation.
 */
export function reapplyTargetSteps(
  targetOf: (operation: RunningOperation) => Promise<DrivenEnvironment>,
): Reapply {
  return async (operation, control) => {
    const { target, environment } = await targetOf(operation);
    const memories = { ...control.memory } as Record<string, JsonObject>;
    const outputs = { ...control.outputs };
    for (const step of operation.steps) {
      if (step.runner !== 'target') {
        continue;
      }
      const { output } = await target.executeStep(environment, step, {
        operationId: control.operationId,
        fence: control.fence,
        // It was done before, by the step itself.
        attempt: control.attempt + 1,
        signal: control.signal,
        // As the engine has it: what the step remembers, it sees at once.
        get memory() {
          return memories[step.name] ?? {};
        },
        outputs,
        log: (text, level) => control.log(text, level),
        wait: milliseconds => control.wait(milliseconds),
        remember: async memory => {
          memories[step.name] = memory;
          await control.remember({ ...memories });
        },
      });
      if (output) {
        outputs[step.name] = output;
      }
    }
  };
}
