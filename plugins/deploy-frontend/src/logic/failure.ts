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
 * An answer without an error of the backend's own: of a proxy, or of a backend that has just been started
 * and does not know its plugins yet. Its status tells nothing about what was asked for.
 */
function isStrangers(error: unknown): error is Error & { statusCode: number } {
  return (
    error instanceof Error &&
    error.name === 'ResponseError' &&
    error.cause instanceof Error &&
    error.cause.message.startsWith('Request failed with status ')
  );
}

/**
 * Reads the kind off an error, whether it comes from the backend (`ResponseError`) or from a local check.
 *
 * @internal
 */
export function failureKind(error: unknown): FailureKind {
  if (typeof error !== 'object' || error === null || isStrangers(error)) {
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
  if (isStrangers(error)) {
    return `The backend of the portal did not answer this itself (${error.statusCode}): it may just be starting, or something in front of it answers.`;
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
