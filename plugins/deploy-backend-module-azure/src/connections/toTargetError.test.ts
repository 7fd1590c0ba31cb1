import {
  createHttpHeaders,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import {
  AggregateAuthenticationError,
  AuthenticationError,
  CredentialUnavailableError,
} from '@azure/identity';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { toTargetError } from './toTargetError';

function restError(
  statusCode: number,
  code?: string,
  headers: Record<string, string> = {},
): RestError {
  const request = createPipelineRequest({ url: 'https://azure.example.test' });
  const error = new RestError('The whole answer of Azure.', {
    statusCode,
    request,
    response: {
      request,
      status: statusCode,
      headers: createHttpHeaders(headers),
    },
  });
  error.details = code && { error: { code, message: 'Because.' } };
  return error;
}

function abortError(): Error {
  return Object.assign(new Error('The operation was aborted.'), {
    name: 'AbortError',
  });
}

describe('toTargetError', () => {
  it.each([
    [
      'transient',
      'a broken connection',
      new RestError('reset', { code: 'ECONNRESET' }),
    ],
    ['transient', 'a request that took too long', abortError()],
    [
      'transient',
      'throttling',
      restError(429, 'SubscriptionRequestsThrottled'),
    ],
    ['transient', 'a timeout', restError(408)],
    ['transient', 'an internal error', restError(500, 'InternalServerError')],
    ['transient', 'a gateway', restError(503)],
    [
      'transient',
      'Entra ID out of reach',
      new CredentialUnavailableError(
        'endpoints_resolution_error: See elsewhere',
      ),
    ],
    [
      'transient',
      'Entra ID throttling',
      new AuthenticationError(429, {
        error: 'throttled',
        error_description: 'AADSTS90055',
      }),
    ],
    ['busy', 'a conflict', restError(409, 'Conflict')],
    [
      'busy',
      'another update',
      restError(409, 'ContainerAppOperationInProgress'),
    ],
    [
      'busy',
      'another update, told as a bad request',
      restError(400, 'ContainerAppOperationInProgress'),
    ],
    [
      'credentials',
      'a refused token',
      restError(401, 'InvalidAuthenticationToken'),
    ],
    [
      'credentials',
      'a refused secret',
      new AuthenticationError(400, {
        error: 'invalid_client',
        error_description: 'AADSTS7000215',
      }),
    ],
    [
      'credentials',
      'no credential at all',
      new CredentialUnavailableError('none'),
    ],
    [
      'credentials',
      'a chain without a credential',
      new AggregateAuthenticationError([], 'none'),
    ],
    ['denied', 'a missing role', restError(403, 'AuthorizationFailed')],
    ['denied', 'a lock on the resource', restError(409, 'ScopeLocked')],
    ['not-found', 'a missing resource', restError(404, 'ResourceNotFound')],
    ['invalid', 'a refused request', restError(400, 'InvalidRequestContent')],
    [
      'transient',
      'what Azure gave up for a later change',
      new Error('Operation was canceled'),
    ],
    [
      'transient',
      'what Azure gave up for reasons of its own',
      new Error(
        'The long-running operation has failed. InternalExecutionError. Retry later.',
      ),
    ],
    [
      'invalid',
      'what Azure carried out, and that failed',
      new Error('The long-running operation has failed. BadRequest. No.'),
    ],
    ['invalid', 'anything else', new Error('strange')],
    ['invalid', 'what is no error', 'strange'],
  ])('says %s for %s', (kind, _, cause) => {
    expect(toTargetError(cause, 'do it')).toMatchObject({ kind });
  });

  it('tells code and message, not the whole answer', () => {
    expect(
      toTargetError(restError(403, 'AuthorizationFailed'), 'do it').message,
    ).toBe('Could not do it: AuthorizationFailed: Because.');
  });

  it('says in words that something is not there', () => {
    expect(
      toTargetError(
        restError(404, 'ResourceNotFound'),
        'read container app shop',
      ).message,
    ).toBe(
      'Could not read container app shop: Azure does not know it (ResourceNotFound).',
    );
  });

  it('tells how long Azure wants to be left alone', () => {
    const error = toTargetError(
      restError(429, 'Throttled', { 'Retry-After': '17' }),
      'do it',
    );

    expect(error.retryAfterMs).toBe(17_000);
  });

  it('keeps what is one already', () => {
    const error = new TargetError('unhealthy', 'It does not run.');

    expect(toTargetError(error, 'do it')).toBe(error);
  });

  it('shortens long messages to one line', () => {
    const message = toTargetError(
      new Error('a\nb '.repeat(1_000)),
      'do it',
    ).message;

    expect(message).toHaveLength('Could not do it: '.length + 401);
    expect(message).not.toContain('\n');
  });
});
