import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { TargetErrorKind } from '@vvp/backstage-plugin-deploy-node';
import { redact } from './redact';

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
}

/** What a runner threw, fit to be stored and shown. */
export function toAttemptFailure(error: unknown): AttemptFailure {
  if (!isTargetError(error)) {
    const message = error instanceof Error ? error.message : textOf(error);
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
  };
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
