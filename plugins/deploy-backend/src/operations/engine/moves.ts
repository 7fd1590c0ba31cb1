import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { AttemptFailure } from './attemptFailure';
import { beginCompensation, beginExecution } from './begin';
import { EngineLimits } from './limits';
import {
  giveUpKeeping,
  isAfterProof,
  isKeepingBegun,
  keepingFailure,
  MAX_KEEPING_ATTEMPTS,
} from './proven';
import {
  isRetried,
  keepingRetryTime,
  park,
  retryTime,
  unparkedFailure,
} from './retry';
import {
  isOver,
  NextAttempt,
  OperationState,
  StepState,
  withStep,
} from './state';
import { end, giveUp, isToDo, isToUndo, lateFailure, turnBack } from './turn';

/**
 * The rules of the engine, see README.md beside this file. Everything here is pure: a state and what
 * happened give the next state.
 */

/** Where an operation is led; without `next` there is nothing to do now. */
export interface Advance {
  state: OperationState;
  next?: NextAttempt;
}

/** The operation was not let through. A step that was begun before it was parked is undone. */
export function refuse(
  state: OperationState,
  failure: Failure,
  now: Date,
): Advance {
  return advance(turnBack(state, now, { failure }), now);
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
            failure: keepingFailure(current.steps),
          }),
        };
      }
      if (!current.cancelRequested || isKeepingBegun(current)) {
        const begun = beginExecution(current, step, now);
        if (begun) {
          return { state: begun, next: { do: 'execute', step } };
        }
        const late = lateFailure(current.steps[step], 'done');
        current = fallThrough(current, { do: 'execute', step }, late, now);
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
  if (isKeeping(state, attempt)) {
    const again = keepingRetryTime(step, now, options);
    return again
      ? {
          ...withStep(state, attempt.step, { failure: cause.failure }),
          dueAt: again.toISOString(),
          parked: undefined,
        }
      : giveUpKeeping(state, attempt.step, cause.failure, now);
  }
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
    return { ...state, dueAt: now.toISOString(), parked };
  }
  if (cause.kind === 'credentials') {
    const failure = unparkedFailure(step, cause);
    return fallThrough({ ...state, parked }, attempt, failure, now);
  }
  return isRetried(cause)
    ? expire(state, attempt, cause.failure, now)
    : fallThrough(state, attempt, cause.failure, now);
}

/** The time limit of an attempt ran out. After the proof it is made again. */
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
  const { attempts } = state.steps[attempt.step];
  if (isKeeping(state, attempt) && attempts < MAX_KEEPING_ATTEMPTS) {
    return {
      ...withStep(state, attempt.step, { failure }),
      dueAt: now.toISOString(),
    };
  }
  return fallThrough(state, attempt, failure, now);
}

function fallThrough(
  state: OperationState,
  attempt: NextAttempt,
  failure: Failure,
  now: Date,
): OperationState {
  if (attempt.do === 'undo') {
    return giveUp(state, attempt.step, failure, now);
  }
  return isKeeping(state, attempt)
    ? giveUpKeeping(state, attempt.step, failure, now)
    : turnBack(state, now, { step: attempt.step, failure });
}

/** What is proven is not undone for a step after the proof. */
function isKeeping(state: OperationState, attempt: NextAttempt): boolean {
  return attempt.do === 'execute' && isAfterProof(state, attempt.step);
}
