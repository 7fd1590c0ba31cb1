import { RestError } from '@azure/core-rest-pipeline';
import { AuthenticationError } from '@azure/identity';
import { judgeFailure } from './judgeFailure';

const asked = {
  image: 'registry.example.test/issuer:1',
  registry: 'registry.example.test',
  connection: 'vvp',
};

function restError(statusCode: number | undefined, details?: unknown) {
  const error = new RestError('failed', { statusCode });
  error.details = details;
  return error;
}

describe('judgeFailure', () => {
  it.each(['MANIFEST_UNKNOWN', 'NAME_UNKNOWN'])(
    'takes %s for an image that is gone',
    code => {
      expect(
        judgeFailure(restError(404, { errors: [{ code }] }), asked),
      ).toMatchObject({ state: 'missing' });
    },
  );

  it.each([
    ['a 404 of somebody else', restError(404), 'status 404'],
    [
      'a 404 with another code',
      restError(404, { errors: [{ code: 'NOT_FOUND' }] }),
      'status 404',
    ],
    ['errors that are none', restError(404, { errors: [null] }), 'status 404'],
    [
      'a code of a missing image with another status',
      restError(403, { errors: [{ code: 'MANIFEST_UNKNOWN' }] }),
      'AcrPull',
    ],
    ['no right', restError(401), 'AcrPull'],
    ['throttling', restError(429), 'throttles'],
    ['a failure of the registry', restError(503), 'status 503'],
    ['a broken connection', restError(undefined), 'did not answer'],
    [
      'credentials that are not taken',
      new AuthenticationError(400, { error: 'invalid_client' }),
      'Entra ID',
    ],
    ['anything else', 'text', 'did not answer'],
    ['nothing', undefined, 'did not answer'],
  ])('knows nothing after %s', (_, cause, message) => {
    expect(judgeFailure(cause, asked)).toEqual({
      state: 'unknown',
      message: expect.stringContaining(message),
    });
  });
});
