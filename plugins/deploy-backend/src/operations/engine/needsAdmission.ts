import { OperationState, StepState } from './state';

/**
 * Whether an operation has to be let through before its next attempt: before its first step, and whenever
 * it goes on after it was parked and has changed nothing on the target so far. Hours may have passed, and
 * somebody may have locked the environment meanwhile.
 *
 * Once something is changed nobody is asked any more: half of a change is worse than either end. Who wants
 * it back cancels it.
 */
export function needsAdmission(state: OperationState): boolean {
  if (state.phase !== 'forward' || state.cancelRequested) {
    return false;
  }
  return (
    state.steps.every(step => step.status === 'pending') ||
    (isParked(state) && !state.steps.some(hasChanged))
  );
}

/** And is not being tried again already. */
function isParked({ parked }: OperationState): boolean {
  return parked !== undefined && !parked.resumedAt;
}

/**
 * One that was begun and remembers nothing has most likely found no credentials. If it did change
 * something, and is refused, it is undone all the same.
 */
function hasChanged({ plan, status, memory }: StepState): boolean {
  const mayChange = plan.runner === 'target' || plan.compensates === true;
  return (
    mayChange &&
    (status === 'succeeded' ||
      (status === 'running' && Object.keys(memory).length > 0))
  );
}
