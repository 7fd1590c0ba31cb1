import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  Admission,
  redact,
  Refusal,
} from '@vvp/backstage-plugin-deploy-common';
import {
  TargetError,
  TargetErrorKind,
} from '@vvp/backstage-plugin-deploy-node';

/** Something is not let through. */
export class RefusedError extends ConflictError {
  readonly refusals: readonly Refusal[];

  constructor(message: string, refusals: readonly Refusal[]) {
    super(message);
    this.refusals = refusals;
  }
}

/** A platform does something else, and has time later. */
export class PlatformBusyError extends ConflictError {}

/** Throws what a refusal means to the caller, with every reason and what to do about each. */
export function assertAdmitted({ admitted, refusals }: Admission): void {
  if (admitted) {
    return;
  }
  const message = refusals
    .map(refusal => `${refusal.message} ${refusal.remedy}`)
    .join('\n');
  throw refusals.some(({ code }) => code === 'permission')
    ? new NotAllowedError(message)
    : new RefusedError(message, refusals);
}

/** A platform may answer with a book. */
const MAX_MESSAGE = 2_000;

const errors: Record<TargetErrorKind, new (message: string) => Error> = {
  transient: ServiceUnavailableError,
  busy: PlatformBusyError,
  credentials: ServiceUnavailableError,
  denied: ServiceUnavailableError,
  'not-found': NotFoundError,
  unhealthy: ConflictError,
  invalid: ConflictError,
};

/** What a failure of a target means to a caller of the API; other errors stay as they are. */
export function toHttpError(error: unknown): unknown {
  if (!isTargetError(error)) {
    return error;
  }
  const { kind, message, remedy } = error;
  const text = remedy ? `${message} ${remedy}` : message;
  return new errors[kind](redact(text.slice(0, MAX_MESSAGE)));
}

/** By name: a module may have a copy of the class. A kind that is none is no TargetError's. */
export function isTargetError(error: unknown): error is TargetError {
  return (
    error instanceof Error &&
    error.name === 'TargetError' &&
    'kind' in error &&
    typeof error.kind === 'string' &&
    Object.hasOwn(errors, error.kind)
  );
}
