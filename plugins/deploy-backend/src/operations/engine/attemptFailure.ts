import { ErrorLike, isError } from '@backstage/errors';
import { Failure, redact } from '@vvp/backstage-plugin-deploy-common';
import { TargetErrorKind } from '@vvp/backstage-plugin-deploy-node';
import { findDatabaseError, isOfConnection } from './databaseError';

const MAX_MESSAGE = 2_000;

/** Longer waits than an hour are not believed. */
const MAX_RETRY_AFTER_MS = 60 * 60_000;

/** Every kind, so that what a stranger's target throws is checked. */
const kinds: Record<TargetErrorKind, true> = {
  transient: true,
  busy: true,
  credentials: true,
  denied: true,
  'not-found': true,
  unhealthy: true,
  invalid: true,
};

/** Why an attempt at a step failed. */
export interface AttemptFailure {
  /** `fault`: the runner threw something that is no TargetError. */
  kind: TargetErrorKind | 'fault';
  failure: Failure;
  retryAfterMs?: number;
  /** Only for the server's log. */
  hidden?: ErrorLike;
}

/** What a runner threw, fit to be stored and shown. */
export function toAttemptFailure(error: unknown): AttemptFailure {
  const hidden = findDatabaseError(error);
  if (!isTargetError(error)) {
    if (hidden) {
      return { kind: 'transient', failure: hiddenFailure(hidden), hidden };
    }
    const message = isError(error) ? error.message : textOf(error);
    return {
      kind: 'fault',
      failure: {
        message: bounded(`The step itself is at fault: ${message}`),
        remedy: 'Report this to whoever looks after the portal.',
      },
    };
  }
  const { remedy, retryAfterMs } = error;
  return {
    kind: error.kind,
    failure: {
      message: bounded(error.message),
      ...(typeof remedy === 'string' && { remedy: bounded(remedy) }),
    },
    ...(typeof retryAfterMs === 'number' &&
      retryAfterMs > 0 && {
        retryAfterMs: Math.min(retryAfterMs, MAX_RETRY_AFTER_MS),
      }),
    // What a platform's connection did stands in the message of its target.
    ...(hidden && !isOfConnection(hidden) && { hidden }),
  };
}

/** What may be told of an error whose text may not. */
function hiddenFailure(error: ErrorLike): Failure {
  return {
    message: isOfConnection(error)
      ? 'A connection broke, or could not be made.'
      : 'The database of the portal did not do what the step asked for.',
    remedy:
      'It is tried again by itself. If it stays so, look at the log of the portal: the reason stands there.',
  };
}

/** For the server's log. */
export function hiddenText(error: ErrorLike): string {
  return bounded(`${error.name}: ${error.message}`);
}

/** By name, as errors of another copy of the package are none of its class. */
function isTargetError(error: unknown): error is Error & {
  kind: TargetErrorKind;
  remedy?: unknown;
  retryAfterMs?: unknown;
} {
  return (
    error instanceof Error &&
    error.name === 'TargetError' &&
    'kind' in error &&
    typeof error.kind === 'string' &&
    Object.hasOwn(kinds, error.kind)
  );
}

/** A failure without secrets, of a bounded size. */
export function boundedFailure(failure: Failure): Failure {
  return {
    message: bounded(failure.message),
    ...(failure.remedy && { remedy: bounded(failure.remedy) }),
  };
}

function bounded(text: string): string {
  const clean = redact(text.slice(0, 4 * MAX_MESSAGE));
  return clean.length > MAX_MESSAGE
    ? `${clean.slice(0, MAX_MESSAGE - 1)}…`
    : clean;
}

function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : `${typeof thrown} was thrown`;
}
