import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { AttemptFailure } from './attemptFailure';
import { backOff } from './backoff';
import { EngineLimits } from './limits';
import {
  isOver,
  OperationState,
  StepState,
  timeLimitOf,
  withStep,
} from './state';

/**
 * The rules of the engine, see README.md beside this file. Everything here is pure: a state and what
 * happened give the next state.
 */

/** Undoing that was cut off by crashes until its time was up is tried again this often at most. */
const MAX_LATE_COMPENSATIONS = 20;

/** The attempt that comes next. */
export interface NextAttempt {
  do: 'execute' | 'undo';
  /** Position of the step. */
  step: number;
}

/** Where an operation is led; without `next` there is nothing to do now. */
export interface Advance {
  state: OperationState;
  next?: NextAttempt;
}

/** Whether the operation has not been let through to its first step yet. */
export function needsAdmission(state: OperationState): boolean {
  return (
    state.phase === 'forward' &&
    !state.cancelRequested &&
    state.steps.every(step => step.status === 'pending')
  );
}

/** The operation was not let through: nothing has happened. */
export function refuse(
  state: OperationState,
  failure: Failure,
  now: Date,
): OperationState {
  return advance(turnBack(state, now, { failure }), now).state;
}

/** Cancelled before anything was done. */
export function cancelQueued(state: OperationState, now: Date): OperationState {
  return advance(turnBack(state, now), now).state;
}

/** Leads an operation to its next attempt, and begins it; or to its end. */
export function advance(state: OperationState, now: Date): Advance {
  let current = state;
  for (;;) {
    if (isOver(current)) {
      return { state: current };
    }
    if (current.phase === 'forward') {
      const step = current.steps.findIndex(isToDo);
      if (step < 0) {
        const nothingDone = current.steps.every(
          ({ status }) => status === 'skipped',
        );
        return {
          state: end(current, now, {
            status: 'succeeded',
            outcome: nothingDone ? 'already-there' : 'done',
          }),
        };
      }
      if (!current.cancelRequested) {
        const begun = beginExecution(current, step, now);
        if (begun) {
          return { state: begun, next: { do: 'execute', step } };
        }
        current = turnBack(current, now, {
          step,
          failure: lateFailure(current.steps[step], 'done'),
        });
        continue;
      }
      current = turnBack(current, now);
      continue;
    }
    const step = current.steps.findLastIndex(isToUndo);
    if (step < 0) {
      return {
        state: end(current, now, {
          status: current.failure ? 'failed' : 'cancelled',
          outcome: 'as-before',
        }),
      };
    }
    const begun = beginCompensation(current, step, now);
    if (begun) {
      return { state: begun, next: { do: 'undo', step } };
    }
    current = giveUp(
      current,
      step,
      lateFailure(current.steps[step], 'undone'),
      now,
    );
  }
}

/** An attempt came to its good end. */
export function succeed(
  state: OperationState,
  attempt: NextAttempt,
  result: { output?: StepState['output']; skipped?: boolean },
  now: Date,
): OperationState {
  const step = state.steps[attempt.step];
  const at = now.toISOString();
  if (attempt.do === 'undo') {
    return {
      ...withStep(state, attempt.step, {
        // The step that failed stays marked as the one that failed.
        status: step.status === 'failed' ? 'failed' : 'compensated',
        undoneAt: at,
      }),
      dueAt: at,
      parked: undefined,
    };
  }
  return {
    ...withStep(state, attempt.step, {
      // Found done at a later attempt, it may have been done by an earlier one, and then has to be undone.
      status: result.skipped && step.attempts === 1 ? 'skipped' : 'succeeded',
      output: result.output,
      failure: undefined,
      finishedAt: at,
    }),
    dueAt: at,
    parked: undefined,
  };
}

/**
 * An attempt failed: it is made again later (`dueAt` says when), or the operation turns back, or, if it was
 * undoing, ends.
 *
 * @param chance - 0 to 1
 */
export function fail(
  state: OperationState,
  attempt: NextAttempt,
  cause: AttemptFailure,
  now: Date,
  options: { limits: EngineLimits; chance: number },
): OperationState {
  const step = state.steps[attempt.step];
  const parked = park(state.parked, cause, now);
  const later = retryTime(step, attempt, cause, parked, now, options);
  const cancelled =
    attempt.do === 'execute' && state.cancelRequested !== undefined;
  if (later && !cancelled) {
    return {
      // While undoing, the step keeps the failure that led there.
      ...(attempt.do === 'execute'
        ? withStep(state, attempt.step, { failure: cause.failure })
        : state),
      dueAt: later.toISOString(),
      parked,
    };
  }
  if (later) {
    return { ...state, dueAt: now.toISOString(), parked: undefined };
  }
  if (cause.kind === 'credentials') {
    return fallThrough(state, attempt, unparkedFailure(step, cause), now);
  }
  return isRetried(cause)
    ? expire(state, attempt, cause.failure, now)
    : fallThrough(state, attempt, cause.failure, now);
}

/** The time limit of an attempt ran out. */
export function expire(
  state: OperationState,
  attempt: NextAttempt,
  last: Failure | undefined,
  now: Date,
): OperationState {
  const failure = lateFailure(
    state.steps[attempt.step],
    attempt.do === 'execute' ? 'done' : 'undone',
    last,
  );
  return fallThrough(state, attempt, failure, now);
}

function fallThrough(
  state: OperationState,
  attempt: NextAttempt,
  failure: Failure,
  now: Date,
): OperationState {
  return attempt.do === 'execute'
    ? turnBack(state, now, { step: attempt.step, failure })
    : giveUp(state, attempt.step, failure, now);
}

/** Forward is over: what was done is undone from now on. Without a failure it is being cancelled. */
function turnBack(
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
      if (index === cause.step) {
        return {
          ...step,
          status: 'failed',
          failure: cause.failure,
          finishedAt: at,
        };
      }
      if (step.status === 'pending') {
        return { ...step, status: 'skipped' };
      }
      if (step.status === 'running' && !step.plan.compensates) {
        return { ...step, status: 'skipped', finishedAt: at };
      }
      return step;
    }),
  };
}

/** Undoing failed for good. Nothing more is touched: earlier steps may hold up what is left. */
function giveUp(
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

function end(
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

function cancellation(state: OperationState): string {
  return `${state.cancelRequested?.by ?? 'Somebody'} cancelled it.`;
}

function isToDo(step: StepState): boolean {
  return step.status === 'pending' || step.status === 'running';
}

function isToUndo(step: StepState): boolean {
  return (
    step.plan.compensates === true &&
    step.undoneAt === undefined &&
    (step.status === 'succeeded' ||
      step.status === 'failed' ||
      step.status === 'running')
  );
}

/** Undefined if the time limit is over. */
function beginExecution(
  state: OperationState,
  position: number,
  now: Date,
): OperationState | undefined {
  const step = state.steps[position];
  const deadline =
    deadlineOf(state, step.deadlineAt, now) ?? limitFrom(now, step);
  if (deadline <= now) {
    return undefined;
  }
  return {
    ...resumed(state, position, {
      status: 'running',
      attempts: step.attempts + 1,
      startedAt: step.startedAt ?? now.toISOString(),
      deadlineAt: deadline.toISOString(),
    }),
    dueAt: now.toISOString(),
  };
}

/** Undefined if the time limit is over. */
function beginCompensation(
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
    ...resumed(state, position, {
      compensationAttempts: compensationAttempts + 1,
      deadlineAt: deadline.toISOString(),
    }),
    dueAt: now.toISOString(),
  };
}

function resumed(
  state: OperationState,
  position: number,
  change: Partial<StepState>,
): OperationState {
  return {
    ...withStep(state, position, change),
    parked: state.parked && { ...state.parked, resumed: true },
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
    parked && !parked.resumed ? now.getTime() - Date.parse(parked.at) : 0;
  return new Date(Date.parse(stored) + Math.max(0, parkedFor));
}

function limitFrom(now: Date, step: StepState): Date {
  return new Date(now.getTime() + timeLimitOf(step));
}

function isRetried(cause: AttemptFailure): boolean {
  return (
    cause.kind === 'transient' ||
    cause.kind === 'busy' ||
    cause.kind === 'credentials'
  );
}

function park(
  before: OperationState['parked'],
  cause: AttemptFailure,
  now: Date,
): OperationState['parked'] {
  if (cause.kind !== 'credentials') {
    return undefined;
  }
  const at = now.toISOString();
  return { ...cause.failure, since: before?.since ?? at, at };
}

/** When the attempt is made again; undefined if it is not. */
function retryTime(
  step: StepState,
  attempt: NextAttempt,
  cause: AttemptFailure,
  parked: OperationState['parked'],
  now: Date,
  { limits, chance }: { limits: EngineLimits; chance: number },
): Date | undefined {
  if (parked) {
    const limit = Date.parse(parked.since) + limits.parkLimitMs;
    const due = now.getTime() + limits.parkMs;
    return due <= limit ? new Date(due) : undefined;
  }
  if (!isRetried(cause)) {
    return undefined;
  }
  const wait =
    cause.kind === 'busy'
      ? Math.max(limits.busyMs, cause.retryAfterMs ?? 0)
      : backOff(
          attempt.do === 'execute' ? step.attempts : step.compensationAttempts,
          chance,
          {
            firstMs: limits.firstRetryMs,
            maxMs: limits.maxRetryMs,
            retryAfterMs: cause.retryAfterMs,
          },
        );
  const due = now.getTime() + wait;
  return step.deadlineAt !== undefined && due < Date.parse(step.deadlineAt)
    ? new Date(due)
    : undefined;
}

function unparkedFailure(step: StepState, cause: AttemptFailure): Failure {
  return {
    ...cause.failure,
    message: `"${step.plan.title}" waited too long for credentials. ${cause.failure.message}`,
  };
}

function lateFailure(
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
