import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { failureKind, failureMessage, toError } from './failure';

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
