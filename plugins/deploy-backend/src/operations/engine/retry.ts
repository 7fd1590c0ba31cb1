import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { AttemptFailure } from './attemptFailure';
import { backOff } from './backoff';
import { EngineLimits } from './limits';
import { MAX_KEEPING_ATTEMPTS } from './proven';
import { NextAttempt, OperationState, StepState } from './state';

export function isRetried(cause: AttemptFailure): boolean {
  return (
    cause.kind === 'transient' ||
    cause.kind === 'busy' ||
    cause.kind === 'credentials'
  );
}

export function park(
  before: OperationState['parked'],
  cause: AttemptFailure,
  now: Date,
): OperationState['parked'] {
  if (cause.kind !== 'credentials') {
    return undefined;
  }
  const at = now.toISOString();
  return {
    ...cause.failure,
    since: before?.since ?? at,
    at,
    attempts: (before?.attempts ?? 0) + 1,
  };
}

/** When the attempt is made again; undefined if it is not. */
export function retryTime(
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

/** When a step after the proof is tried again, whatever the cause; undefined if it is given up. */
export function keepingRetryTime(
  { attempts }: StepState,
  now: Date,
  { limits, chance }: { limits: EngineLimits; chance: number },
): Date | undefined {
  if (attempts >= MAX_KEEPING_ATTEMPTS) {
    return undefined;
  }
  const wait = backOff(attempts, chance, {
    firstMs: limits.firstRetryMs,
    maxMs: limits.maxRetryMs,
  });
  return new Date(now.getTime() + wait);
}

export function unparkedFailure(
  step: StepState,
  cause: AttemptFailure,
): Failure {
  return {
    ...cause.failure,
    message: `"${step.plan.title}" waited too long for credentials. ${cause.failure.message}`,
  };
}
