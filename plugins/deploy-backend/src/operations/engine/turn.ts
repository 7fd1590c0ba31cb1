import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { OperationState, StepState, timeLimitOf, withStep } from './state';

function cancellation(state: OperationState): string {
  return `${state.cancelRequested?.by ?? 'Somebody'} cancelled it.`;
}

export function isToDo(step: StepState): boolean {
  return step.status === 'pending' || step.status === 'running';
}

export function isToUndo(step: StepState): boolean {
  return (
    step.plan.compensates === true &&
    step.undoneAt === undefined &&
    (step.status === 'succeeded' ||
      step.status === 'failed' ||
      step.status === 'running')
  );
}

export function end(
  state: OperationState,
  now: Date,
  how: Pick<OperationState, 'status' | 'outcome' | 'failure'>,
): OperationState {
  const failure =
    how.failure ??
    state.failure ??
    (how.status === 'cancelled' ? { message: cancellation(state) } : undefined);
  const at = now.toISOString();
  return { ...state, ...how, failure, parked: undefined, finishedAt: at };
}

/** Every attempt at it found no credentials, and it remembers nothing: it cannot have done anything. */
function foundNoCredentials(
  { attempts, memory }: StepState,
  parked: OperationState['parked'],
): boolean {
  return (
    attempts > 0 &&
    parked?.attempts === attempts &&
    Object.keys(memory).length === 0
  );
}

/** Forward is over: what was done is undone from now on. Without a failure it is being cancelled. */
export function turnBack(
  state: OperationState,
  now: Date,
  cause: { step?: number; failure?: Failure } = {},
): OperationState {
  const at = now.toISOString();
  return {
    ...state,
    phase: 'compensating',
    failure: cause.failure,
    parked: undefined,
    dueAt: at,
    steps: state.steps.map((step, index) => {
      const isUntouched = foundNoCredentials(step, state.parked);
      if (index === cause.step) {
        return {
          ...step,
          status: 'failed',
          failure: cause.failure,
          finishedAt: at,
          ...(isUntouched && { undoneAt: at }),
        };
      }
      if (step.status === 'pending') {
        return { ...step, status: 'skipped' };
      }
      if (
        step.status === 'running' &&
        (isUntouched || !step.plan.compensates)
      ) {
        return { ...step, status: 'skipped', finishedAt: at };
      }
      return step;
    }),
  };
}

/** Undoing failed for good. Nothing more is touched: earlier steps may hold up what is left. */
export function giveUp(
  state: OperationState,
  position: number,
  failure: Failure,
  now: Date,
): OperationState {
  const left = state.steps
    .filter(isToUndo)
    .map(step => `"${step.plan.title}"`)
    .reverse();
  const first = state.failure?.message ?? cancellation(state);
  const before = state.steps[position].failure?.message;
  const failed = withStep(state, position, {
    status: 'failed',
    failure: before
      ? {
          ...failure,
          message: `${before} Undoing it failed as well: ${failure.message}`,
        }
      : failure,
    finishedAt: now.toISOString(),
  });
  return end(failed, now, {
    status: 'failed',
    outcome: 'unclear',
    failure: {
      message: `${first} Undoing it failed as well: ${failure.message}`,
      remedy: [
        `Look at the platform yourself: not undone, in part or in full, ${
          left.length === 1 ? 'is' : 'are'
        } ${left.join(', ')}.`,
        failure.remedy,
        state.failure?.remedy,
      ]
        .filter(Boolean)
        .join(' '),
    },
  });
}

export function lateFailure(
  step: StepState,
  what: 'done' | 'undone',
  last: Failure | undefined = what === 'done' ? step.failure : undefined,
): Failure {
  const seconds = timeLimitOf(step) / 1000;
  return {
    message: `"${
      step.plan.title
    }" was not ${what} within its ${seconds} seconds.${
      last ? ` Last problem: ${last.message}` : ''
    }`,
    ...(last?.remedy && { remedy: last.remedy }),
  };
}
