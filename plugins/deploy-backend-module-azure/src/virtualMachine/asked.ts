import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { hasNotRun } from './machine/VirtualMachine';
import { RunScript } from './Variant';

/**
 * Remembers that Azure was asked to run a script that changes something, before it is asked, and forgets it
 * if Azure refused to. What was never asked needs no undoing, not even permission for it.
 */
export function rememberAsking(
  run: RunScript,
  control: StepControl,
): RunScript {
  return async (script, values) => {
    const first = !wasAsked(control);
    if (first) {
      await control.remember({ ...control.memory, asked: true });
    }
    try {
      return await run(script, values);
    } catch (error) {
      if (first && hasNotRun(error)) {
        await control.remember({ ...control.memory, asked: false });
      }
      throw error;
    }
  };
}

/** Whether Azure may have run a script of this step. */
export function wasAsked(control: StepControl): boolean {
  return control.memory.asked === true;
}
