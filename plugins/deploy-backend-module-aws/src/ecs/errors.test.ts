import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { toTargetError } from './errors';

const place = {
  action: 'ecs:UpdateService',
  connection: 'main',
  resource: 'service api in cluster main',
};

function failure(fields: object): Error {
  return Object.assign(new Error('said by AWS'), fields);
}

describe('toTargetError', () => {
  it.each([
    [{ name: 'AccessDeniedException' }, 'denied'],
    [{ name: 'AccessDenied' }, 'denied'],
    [{ name: 'UnrecognizedClientException' }, 'credentials'],
    [{ name: 'ExpiredToken' }, 'credentials'],
    [{ name: 'ExpiredTokenException' }, 'credentials'],
    [{ name: 'InvalidSignatureException' }, 'credentials'],
    [{ name: 'CredentialsProviderError' }, 'credentials'],
    [{ name: 'ThrottlingException' }, 'transient'],
    [{ name: 'ServerException' }, 'transient'],
    [{ name: 'TimeoutError' }, 'transient'],
    [{ code: 'ECONNRESET' }, 'transient'],
    [{ code: 'ENOTFOUND' }, 'transient'],
    [{ name: 'Odd', $metadata: { httpStatusCode: 502 } }, 'transient'],
    [{ name: 'Odd', $metadata: { httpStatusCode: 429 } }, 'transient'],
    [{ name: 'Odd', $metadata: { httpStatusCode: 400 } }, 'invalid'],
    [
      { message: 'AWS SDK error wrapper for TimeoutError: hung up' },
      'transient',
    ],
    [{ name: 'UpdateInProgressException' }, 'busy'],
    [{ name: 'ConflictException' }, 'busy'],
    [{ name: 'ServiceNotFoundException' }, 'not-found'],
    [{ name: 'ClusterNotFoundException' }, 'not-found'],
    [
      {
        name: 'ClientException',
        message: 'Unable to describe task definition.',
      },
      'not-found',
    ],
    [
      { name: 'ClientException', message: 'TaskDefinition is inactive' },
      'not-found',
    ],
    [{ name: 'ClientException', message: 'Something else' }, 'invalid'],
    [{ name: 'ServiceNotActiveException' }, 'invalid'],
    [{ name: 'InvalidParameterException' }, 'invalid'],
    [{}, 'invalid'],
  ])('takes %j for %s', (fields, kind) => {
    const error = toTargetError(failure(fields), place);

    expect(error).toBeInstanceOf(TargetError);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(/\.|:/);
  });

  it('names the action that AWS named, and not who asked', () => {
    const error = toTargetError(
      failure({
        name: 'AccessDeniedException',
        message:
          'User: arn:aws:sts::111122223333:assumed-role/secret-role/x is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/task',
      }),
      place,
    );

    expect(error.message).toContain('iam:PassRole');
    expect(`${error.message} ${error.remedy}`).not.toContain('secret-role');
  });

  it.each([undefined, null, 'text', 7, {}])('survives %p', cause => {
    expect(toTargetError(cause, place).kind).toBe('invalid');
  });

  it('bounds what AWS says', () => {
    const error = toTargetError(
      failure({ name: 'ClientException', message: 'x'.repeat(10_000) }),
      place,
    );

    expect(error.message.length).toBeLessThan(500);
  });

  it('leaves a TargetError as it is', () => {
    const error = new TargetError('busy', 'Busy.');

    expect(toTargetError(error, place)).toBe(error);
  });
});
