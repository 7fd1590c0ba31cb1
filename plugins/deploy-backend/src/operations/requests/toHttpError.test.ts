import {
  TargetError,
  TargetErrorKind,
} from '@vvp/backstage-plugin-deploy-node';
import { isTargetError, toHttpError } from './toHttpError';

const forged = (kind: unknown) =>
  Object.assign(new Error('boom'), { name: 'TargetError', kind });

describe('toHttpError', () => {
  it.each<[TargetErrorKind, string]>([
    ['transient', 'ServiceUnavailableError'],
    ['busy', 'ConflictError'],
    ['credentials', 'ServiceUnavailableError'],
    ['denied', 'ServiceUnavailableError'],
    ['not-found', 'NotFoundError'],
    ['unhealthy', 'ConflictError'],
    ['invalid', 'ConflictError'],
  ])('makes of %s a %s with its remedy', (kind, name) => {
    const error = new TargetError(kind, 'It cannot be done.', {
      remedy: 'Wait.',
      cause: new Error('a whole answer'),
    });

    expect(toHttpError(error)).toMatchObject({
      name,
      message: 'It cannot be done. Wait.',
    });
  });

  it('blacks out secrets, and cuts a book short', () => {
    const error = new TargetError(
      'transient',
      `Authorization: Bearer abcdefgh12345678 ${'x'.repeat(10_000)}`,
    );

    const { message } = toHttpError(error) as Error;

    expect(message).not.toContain('abcdefgh12345678');
    expect(message.length).toBeLessThanOrEqual(2_000);
  });

  it.each([undefined, 'constructor', 7])(
    'leaves an error of the kind %p as it is',
    kind => {
      const error = forged(kind);

      expect(isTargetError(error)).toBe(false);
      expect(toHttpError(error)).toBe(error);
    },
  );
});
