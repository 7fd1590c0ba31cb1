import { JsonObject } from '@backstage/types';
import {
  PlannedStep,
  StepControl,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { ScriptValues } from './machine/scripts';
import { digest } from './settings';

/** Long enough for the pipelines of the other services on the machine to have their turn. */
export const CHANGE_SECONDS = 900;
export const AWAIT_SECONDS = 900;

/** Whose script it is, for the fence on the machine. */
export function ownership(control: StepControl): ScriptValues {
  return { operation: digest(control.operationId), fence: control.fence };
}

/** A text of a step's input. Throws a TargetError if the stored plan does not have it. */
export function readInput(step: PlannedStep, key: string): string {
  const value = step.input[key];
  if (typeof value !== 'string') {
    throw new TargetError(
      'invalid',
      `The step ${step.name} was stored without "${key}".`,
      { remedy: 'Ask for the operation again.' },
    );
  }
  return value;
}

/** Says in the log what undoing came to. */
export function logRestored(
  control: StepControl,
  answer: JsonObject,
  before: string,
): void {
  switch (answer.restored) {
    case 'untouched':
      control.log('Nothing was changed: there is nothing to undo.');
      break;
    case 'overtaken':
      control.log(
        'Something else was put in place meanwhile; it is left as it is.',
        'warn',
      );
      break;
    case 'restored':
      control.log(`${before} is in place again.`);
      break;
    default:
      throw new TargetError(
        'invalid',
        'The script on the machine does not say whether it undid the step.',
      );
  }
}
