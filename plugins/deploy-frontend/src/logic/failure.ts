/**
 * What kind of answer an error stands for, as far as the user can do something about it.
 *
 * @internal
 */
export type FailureKind =
  | 'not-allowed'
  | 'not-found'
  | 'conflict'
  | 'bad-input'
  | 'other';

const kindByName: Record<string, FailureKind> = {
  NotAllowedError: 'not-allowed',
  NotFoundError: 'not-found',
  ConflictError: 'conflict',
  InputError: 'bad-input',
};

const kindByStatus: Record<number, FailureKind> = {
  403: 'not-allowed',
  404: 'not-found',
  409: 'conflict',
  400: 'bad-input',
};

/**
 * Reads the kind off an error, whether it comes from the backend (`ResponseError`) or from a local check.
 *
 * @internal
 */
export function failureKind(error: unknown): FailureKind {
  if (typeof error !== 'object' || error === null) {
    return 'other';
  }
  const { name, cause, statusCode } = error as {
    name?: unknown;
    cause?: unknown;
    statusCode?: unknown;
  };
  if (typeof name === 'string' && kindByName[name]) {
    return kindByName[name];
  }
  if (typeof statusCode === 'number' && kindByStatus[statusCode]) {
    return kindByStatus[statusCode];
  }
  return cause === undefined ? 'other' : failureKind(cause);
}

/** How Chromium, Firefox and Safari say that nobody answered. */
const noAnswer =
  /^(failed to fetch|networkerror when attempting to fetch resource\.?|load failed)$/i;

/**
 * The sentence to show: the backend's own, not the one that wraps it with a status code.
 *
 * @internal
 */
export function failureMessage(error: Error): string {
  if (error.name === 'TypeError' && noAnswer.test(error.message)) {
    return 'The backend of the portal does not answer.';
  }
  const cause: unknown = error.cause;
  if (cause instanceof Error && cause.message) {
    return cause.message;
  }
  return error.message || error.name;
}

/**
 * Makes an `Error` of whatever was thrown.
 *
 * @internal
 */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
