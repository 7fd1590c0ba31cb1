import { RestError } from '@azure/core-rest-pipeline';
import {
  TargetError,
  TargetErrorKind,
} from '@vvp/backstage-plugin-deploy-node';
import { retryAfterMs } from './retryAfter';

const LONGEST_MESSAGE = 400;

const credentialErrors: readonly string[] = [
  'AuthenticationError',
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
];

const busyCodes: readonly string[] = [
  'ContainerAppOperationInProgress',
  'Conflict',
];

/** Of operations that Azure took and gave up: for a later one, or for reasons of its own. */
const givenUpCodes: readonly string[] = [
  'InternalExecutionError',
  'InternalOperationError',
  'OperationPreempted',
  'RetryableError',
];

const statusKinds: Readonly<Record<number, TargetErrorKind>> = {
  401: 'credentials',
  403: 'denied',
  404: 'not-found',
  409: 'busy',
  412: 'busy',
};

const remedies: Readonly<Partial<Record<TargetErrorKind, string>>> = {
  credentials:
    'Check the identity of this connection in deploy.targets.azure.connections: its secret may have run out, or the workload identity is not set up.',
  denied:
    'Give the identity of this connection the role in docs/azure, or lift the lock on the resource.',
  'not-found': 'Check subscription, resource group and name in deploy.yaml.',
};

/**
 * Whether Azure took something and then gave it up, so that the same may go well when it is asked for again.
 * The SDK keeps the code of an operation that failed in its message only, and that of one that was cancelled nowhere.
 */
export function isGivenUp(error: { code?: string; message?: string }): boolean {
  const { code, message = '' } = error;
  const told =
    code ??
    /^The long-running operation has failed\. (\w+)\./.exec(message)?.[1];
  return (
    message === 'Operation was canceled' ||
    (told !== undefined && givenUpCodes.includes(told))
  );
}

/**
 * What a failure of an SDK of Azure means for the operation.
 *
 * @param doing - what was tried, to follow "could not", such as `activate revision vvp-issuer--0000007`
 * @public
 */
export function toTargetError(cause: unknown, doing: string): TargetError {
  if (cause instanceof TargetError) {
    return cause;
  }
  const error = readError(cause);
  const kind = kindOf(error);
  if (isUnreachable(error)) {
    return new TargetError(
      kind,
      `Could not ${doing}: Entra ID cannot be reached, or its certificate is not trusted.`,
      {
        remedy:
          'Check the way out of the network, and authorityHost and caFile of this connection.',
      },
    );
  }
  return new TargetError(kind, `Could not ${doing}: ${whyNot(kind, error)}`, {
    remedy: remedies[kind],
    ...(error.retryAfterMs !== undefined && {
      retryAfterMs: error.retryAfterMs,
    }),
  });
}

/** Of what is not there Azure names type and documentation; who reads this knows what was asked for. */
function whyNot(kind: TargetErrorKind, { code, message }: ReadError): string {
  return kind === 'not-found' && code
    ? `Azure does not know it (${code}).`
    : [code, message].filter(Boolean).join(': ');
}

interface ReadError {
  name: string;
  status?: number;
  code?: string;
  message: string;
  retryAfterMs?: number;
}

function kindOf(error: ReadError): TargetErrorKind {
  const { name, status, code } = error;
  // A lock that somebody set on the resource; it does not go away by waiting.
  if (code === 'ScopeLocked') {
    return 'denied';
  }
  if (status !== undefined && status !== 400) {
    return kindOfStatus(status);
  }
  if (isUnreachable(error)) {
    return 'transient';
  }
  if (credentialErrors.includes(name)) {
    return 'credentials';
  }
  if (code !== undefined && busyCodes.includes(code)) {
    return 'busy';
  }
  if (status === 400) {
    return 'invalid';
  }
  // No answer: the connection broke, or took too long.
  return name === 'RestError' || name === 'AbortError' || isGivenUp(error)
    ? 'transient'
    : 'invalid';
}

/** What MSAL makes of a connection to Entra ID that fails, whatever the reason. */
function isUnreachable({ message }: ReadError): boolean {
  return /^endpoints_resolution_error|^network_error/.test(message);
}

function kindOfStatus(status: number): TargetErrorKind {
  if (status === 408 || status === 429 || status >= 500) {
    return 'transient';
  }
  return statusKinds[status] ?? 'invalid';
}

function readError(cause: unknown): ReadError {
  if (!(cause instanceof Error)) {
    return { name: 'Error', message: 'Azure failed in an unknown way.' };
  }
  const status = (cause as { statusCode?: unknown }).statusCode;
  const told = platformError(cause);
  return {
    name: cause.name,
    ...(typeof status === 'number' && { status }),
    code: told?.code ?? codeOf(cause),
    message: shorten(told?.message ?? cause.message),
    retryAfterMs:
      cause instanceof RestError && cause.response
        ? retryAfterMs(header => cause.response?.headers.get(header))
        : undefined,
  };
}

/** What the Resource Manager says in `error`; the rest of its answer is left out. */
function platformError(
  cause: Error,
): { code?: string; message?: string } | undefined {
  const details = (cause as { details?: unknown }).details;
  if (typeof details !== 'object' || details === null) {
    return undefined;
  }
  const error: unknown = (details as { error?: unknown }).error ?? details;
  if (typeof error !== 'object' || error === null) {
    return undefined;
  }
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    ...(typeof code === 'string' && { code: shorten(code) }),
    ...(typeof message === 'string' && { message }),
  };
}

function codeOf(cause: Error): string | undefined {
  const code = (cause as { code?: unknown }).code;
  return typeof code === 'string' ? code : undefined;
}

/** One line, and not more than a person reads. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_MESSAGE
    ? `${line.slice(0, LONGEST_MESSAGE)}…`
    : line;
}
