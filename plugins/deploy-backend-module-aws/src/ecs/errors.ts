import {
  TargetError,
  TargetErrorKind,
} from '@vvp/backstage-plugin-deploy-node';

const kinds: Record<string, TargetErrorKind> = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  BlockedException: 'denied',
  UnauthorizedOperation: 'denied',
  CredentialsProviderError: 'credentials',
  ExpiredToken: 'credentials',
  ExpiredTokenException: 'credentials',
  IncompleteSignature: 'credentials',
  IncompleteSignatureException: 'credentials',
  InvalidClientTokenId: 'credentials',
  InvalidSignatureException: 'credentials',
  MissingAuthenticationToken: 'credentials',
  MissingAuthenticationTokenException: 'credentials',
  NotAuthorized: 'credentials',
  RequestExpired: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  TokenProviderError: 'credentials',
  UnrecognizedClientException: 'credentials',
  BandwidthLimitExceeded: 'transient',
  InternalFailure: 'transient',
  InternalServerException: 'transient',
  RequestLimitExceeded: 'transient',
  RequestThrottled: 'transient',
  RequestThrottledException: 'transient',
  ServerException: 'transient',
  ServiceUnavailable: 'transient',
  ServiceUnavailableException: 'transient',
  SlowDown: 'transient',
  Throttling: 'transient',
  ThrottlingException: 'transient',
  TimeoutError: 'transient',
  TooManyRequestsException: 'transient',
  ConflictException: 'busy',
  ResourceInUseException: 'busy',
  UpdateInProgressException: 'busy',
  ClusterNotFoundException: 'not-found',
  ServiceDeploymentNotFoundException: 'not-found',
  ServiceNotFoundException: 'not-found',
};

const connectionCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Where an error came up, for its message. */
export interface ErrorPlace {
  /** Such as `ecs:UpdateService`. */
  action: string;
  connection: string;
  /** Such as `service api in cluster main`. */
  resource: string;
}

/** Turns what the SDK threw into a TargetError. What AWS says is kept only where it is harmless. */
export function toTargetError(cause: unknown, place: ErrorPlace): TargetError {
  if (cause instanceof TargetError) {
    return cause;
  }
  const { name, message, code, status } = factsOf(cause);
  const kind = kindOf({ name, message, code, status });
  return new TargetError(
    kind,
    messageOf(kind, { name, message, code }, place),
    {
      remedy: remedyOf(kind, { name, message }, place),
    },
  );
}

interface ErrorFacts {
  name: string;
  message: string;
  code?: string;
  status?: number;
}

function kindOf(facts: ErrorFacts): TargetErrorKind {
  const known = kinds[facts.name];
  if (known) {
    return known;
  }
  if (facts.name === 'ClientException') {
    return /unable to describe task ?definition|task ?definition is inactive/i.test(
      facts.message,
    )
      ? 'not-found'
      : 'invalid';
  }
  if (facts.code && connectionCodes.has(facts.code)) {
    return 'transient';
  }
  if (facts.status !== undefined && isPassing(facts.status)) {
    return 'transient';
  }
  return 'invalid';
}

function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function messageOf(
  kind: TargetErrorKind,
  facts: ErrorFacts,
  place: ErrorPlace,
): string {
  switch (kind) {
    case 'denied':
      return `AWS does not let the connection "${
        place.connection
      }" do ${deniedAction(facts.message, place)} on ${place.resource}.`;
    case 'credentials':
      return facts.name === 'CredentialsProviderError'
        ? `There are no AWS credentials for the connection "${place.connection}".`
        : `AWS does not accept the credentials of the connection "${place.connection}" (${facts.name}).`;
    case 'transient':
      return `AWS did not answer ${place.action} on ${place.resource} (${
        facts.code ?? facts.name
      }).`;
    case 'busy':
      return `ECS is busy with another change of ${place.resource}.`;
    case 'not-found':
      return notFoundMessage(facts, place);
    default:
      return `ECS refused ${place.action} on ${place.resource} (${
        facts.name
      }): ${bounded(facts.message)}`;
  }
}

function notFoundMessage(facts: ErrorFacts, place: ErrorPlace): string {
  if (facts.name === 'ClusterNotFoundException') {
    return `The cluster of ${place.resource} is not there.`;
  }
  if (facts.name === 'ClientException') {
    return `The task definition for ${place.resource} is not there, or has been deregistered.`;
  }
  return `What ${place.action} was asked for is not there: ${place.resource}.`;
}

function remedyOf(
  kind: TargetErrorKind,
  facts: ErrorFacts,
  place: ErrorPlace,
): string | undefined {
  switch (kind) {
    case 'denied':
      return `Allow ${deniedAction(
        facts.message,
        place,
      )} to the role of this connection; docs/aws/policy.json has all that is needed.`;
    case 'credentials':
      return `Give the portal valid credentials for deploy.targets.aws.connections "${place.connection}" in app-config, by the role of its machine if possible. The operation then goes on by itself.`;
    case 'not-found':
      return facts.name === 'ClientException'
        ? 'Choose another revision, or register the task definition again.'
        : 'Correct region, cluster and service of target in deploy.yaml.';
    default:
      return undefined;
  }
}

/** The action that AWS names: behind UpdateService it may be iam:PassRole. */
function deniedAction(message: string, place: ErrorPlace): string {
  return (
    /not authorized to perform: ([a-z0-9-]{1,40}:[A-Za-z]{1,80})/.exec(
      message,
    )?.[1] ?? place.action
  );
}

function factsOf(cause: unknown): ErrorFacts {
  const error = (typeof cause === 'object' && cause !== null ? cause : {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: unknown };
  };
  const status = error.$metadata?.httpStatusCode;
  const message = typeof error.message === 'string' ? error.message : '';
  const name = typeof error.name === 'string' ? error.name : 'Error';
  return {
    // The SDK wraps what it does not take for an error; the name of that is in the message.
    name: bounded(
      /^AWS SDK error wrapper for (\w+)/.exec(message)?.[1] ?? name,
    ),
    message,
    code: typeof error.code === 'string' ? error.code : undefined,
    status: typeof status === 'number' ? status : undefined,
  };
}

function bounded(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
