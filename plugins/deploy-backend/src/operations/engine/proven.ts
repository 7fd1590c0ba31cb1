import { Failure, OperationStep } from '@vvp/backstage-plugin-deploy-common';
import { OperationState, StepState, withStep } from './state';

/** Runner of the steps that come after the proof: they keep out what was taken out. */
const KEEPING_OUT = 'restrictions';

/** How often such a step is tried: with the waits in between about eight minutes. */
export const MAX_KEEPING_ATTEMPTS = 20;

/**
 * Whether all that an operation does is done, its proof included, and only what keeps it so is left. One
 * without such steps is over as soon as it is proven.
 */
export function isProven(
  steps: readonly (Pick<OperationStep, 'status'> & { runner: string })[],
): boolean {
  const doing = steps.filter(({ runner }) => runner !== KEEPING_OUT);
  return (
    doing.length > 0 &&
    doing.length < steps.length &&
    doing.every(({ status }) => status === 'succeeded' || status === 'skipped')
  );
}

/** Whether a step comes after the proof, and so must not undo what is proven. */
export function isAfterProof(state: OperationState, position: number): boolean {
  return (
    state.steps[position].plan.runner === KEEPING_OUT &&
    isProven(
      state.steps.map(({ plan, status }) => ({ runner: plan.runner, status })),
    )
  );
}

/** Nobody is let turn back any more, who asked for it whenever. */
export function isKeepingBegun(state: OperationState): boolean {
  return state.steps.some(
    ({ plan, attempts }) => plan.runner === KEEPING_OUT && attempts > 0,
  );
}

/** A step after the proof is given up. What it would have kept out is told at the end; the others go on. */
export function giveUpKeeping(
  state: OperationState,
  position: number,
  failure: Failure,
  now: Date,
): OperationState {
  const at = now.toISOString();
  return {
    ...withStep(state, position, { status: 'failed', failure, finishedAt: at }),
    dueAt: at,
    parked: undefined,
  };
}

/** What is missing at the end of an operation that is done and proven. */
export function keepingFailure(
  steps: readonly StepState[],
): Failure | undefined {
  const missing = steps.filter(({ status }) => status === 'failed');
  if (missing.length === 0) {
    return undefined;
  }
  const titles = missing.map(({ plan }) => `"${plan.title}"`).join(', ');
  const reason = missing[0].failure?.message;
  return {
    message: `It is done and proven, but what was taken out is not kept out. Not done: ${titles}.${
      reason ? ` ${reason}` : ''
    }`,
    remedy:
      'Do by hand what is missing, the quarantine or the hold: until then a pipeline may bring back what was taken out.',
  };
}
