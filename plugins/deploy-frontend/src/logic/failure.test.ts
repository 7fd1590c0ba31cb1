import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ResponseError,
} from '@backstage/errors';
import { failureKind, failureMessage, toError } from './failure';

/** As the client makes it of an answer. */
function answered(status: number, body: string, type = 'text/html') {
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: 'Whatever',
    headers: { get: () => type },
    text: async () => body,
  } as unknown as Response);
}

describe('an answer that is not of the backend', () => {
  it.each([
    ['a backend that starts', 404, ''],
    ['a proxy', 403, '<html>Forbidden</html>'],
    ['a gateway', 502, '<html>Bad gateway</html>'],
  ])('says nothing about what was asked for: %s', async (_by, status, body) => {
    const error = await answered(status, body);

    expect(failureKind(error)).toBe('other');
    expect(failureMessage(error)).toMatch(
      new RegExp(`did not answer this itself \\(${status}\\): it may just`),
    );
  });

  it('is told apart from what the backend says', async () => {
    const error = await answered(
      404,
      JSON.stringify({
        error: { name: 'NotFoundError', message: 'There is no operation 7.' },
        response: { statusCode: 404 },
      }),
      'application/json',
    );

    expect(failureKind(error)).toBe('not-found');
    expect(failureMessage(error)).toBe('There is no operation 7.');
  });
});

describe('failureKind', () => {
  it.each([
    ['a local refusal', new NotAllowedError('no'), 'not-allowed'],
    ['a local absence', new NotFoundError('no'), 'not-found'],
    [
      'a refusal by the backend',
      Object.assign(new Error('Request failed with 403'), {
        name: 'ResponseError',
        cause: new NotAllowedError('no'),
      }),
      'not-allowed',
    ],
    [
      'a status without a cause',
      Object.assign(new Error('Request failed'), { statusCode: 404 }),
      'not-found',
    ],
    ['a conflict', new ConflictError('busy'), 'conflict'],
    ['bad input', new InputError('confirm: type it'), 'bad-input'],
    [
      'a conflict without a cause',
      Object.assign(new Error('Request failed'), { statusCode: 409 }),
      'conflict',
    ],
    ['a broken connection', new TypeError('Failed to fetch'), 'other'],
    ['something that is no error', 'oops', 'other'],
  ])('reads %s', (_name, error, kind) => {
    expect(failureKind(error)).toBe(kind);
  });
});

describe('failureMessage', () => {
  it('prefers what the backend said to the wrapping', () => {
    const error = new Error('Request failed with 500');
    error.cause = new Error('The database is being migrated');

    expect(failureMessage(error)).toBe('The database is being migrated');
  });

  it.each([
    'Failed to fetch',
    'NetworkError when attempting to fetch resource.',
    'Load failed',
  ])('says for every browser that nobody answered: %s', message => {
    expect(failureMessage(new TypeError(message))).toBe(
      'The backend of the portal does not answer.',
    );
  });

  it('falls back on the name', () => {
    expect(failureMessage(new TypeError(''))).toBe('TypeError');
  });
});

describe('toError', () => {
  it('keeps errors and wraps the rest', () => {
    const error = new Error('kept');

    expect(toError(error)).toBe(error);
    expect(toError('text').message).toBe('text');
  });
});
