import { isAfterProof, MAX_KEEPING_ATTEMPTS } from './proven';
import { OperationState, StepState, timeLimitOf, withStep } from './state';

/** Undoing that was cut off by crashes until its time was up is tried again this often at most. */
const MAX_LATE_COMPENSATIONS = 20;

function resumed(
  state: OperationState,
  position: number,
  change: Partial<StepState>,
  now: Date,
): OperationState {
  const { parked } = state;
  return {
    ...withStep(state, position, change),
    parked: parked && {
      ...parked,
      resumedAt: parked.resumedAt ?? now.toISOString(),
    },
  };
}

/** The time that an operation is parked does not count. */
function deadlineOf(
  state: OperationState,
  stored: string | undefined,
  now: Date,
): Date | undefined {
  if (stored === undefined) {
    return undefined;
  }
  const { parked } = state;
  const parkedFor =
    parked && !parked.resumedAt ? now.getTime() - Date.parse(parked.at) : 0;
  return new Date(Date.parse(stored) + Math.max(0, parkedFor));
}

function limitFrom(now: Date, step: StepState): Date {
  return new Date(now.getTime() + timeLimitOf(step));
}

/** Undefined if the time limit is over, or a step after the proof was begun often enough. */
export function beginExecution(
  state: OperationState,
  position: number,
  now: Date,
): OperationState | undefined {
  const step = state.steps[position];
  const isKeeping = isAfterProof(state, position);
  // After the proof each attempt has the time for itself: being late is no reason to undo what is proven.
  const deadline =
    (isKeeping ? undefined : deadlineOf(state, step.deadlineAt, now)) ??
    limitFrom(now, step);
  if (deadline <= now || (isKeeping && step.attempts >= MAX_KEEPING_ATTEMPTS)) {
    return undefined;
  }
  return {
    ...resumed(
      state,
      position,
      {
        status: 'running',
        attempts: step.attempts + 1,
        startedAt: step.startedAt ?? now.toISOString(),
        deadlineAt: deadline.toISOString(),
      },
      now,
    ),
    dueAt: now.toISOString(),
  };
}

/** Undefined if the time limit is over. */
export function beginCompensation(
  state: OperationState,
  position: number,
  now: Date,
): OperationState | undefined {
  const step = state.steps[position];
  const { compensationAttempts } = step;
  let deadline =
    compensationAttempts === 0
      ? limitFrom(now, step)
      : deadlineOf(state, step.deadlineAt, now) ?? limitFrom(now, step);
  if (deadline <= now && compensationAttempts < MAX_LATE_COMPENSATIONS) {
    // Nobody was there while the time ran: leaving things half undone would be worse than being late.
    deadline = limitFrom(now, step);
  }
  if (deadline <= now) {
    return undefined;
  }
  return {
    ...resumed(
      state,
      position,
      {
        compensationAttempts: compensationAttempts + 1,
        deadlineAt: deadline.toISOString(),
      },
      now,
    ),
    dueAt: now.toISOString(),
  };
}
