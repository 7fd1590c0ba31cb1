import { ApiException } from '@kubernetes/client-node';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { toTargetError } from './toTargetError';

const attempt = { verb: 'patch', what: 'Deployment shop/api', connection: 'c' };

function answer(
  code: number,
  body: unknown = {},
  headers: Record<string, string> = {},
) {
  return toTargetError(new ApiException(code, 'x', body, headers), attempt);
}

describe('toTargetError', () => {
  it.each([
    [401, 'credentials'],
    [403, 'denied'],
    [404, 'not-found'],
    [409, 'transient'],
    [415, 'invalid'],
    [422, 'invalid'],
    [429, 'transient'],
    [500, 'transient'],
    [503, 'transient'],
  ])('%d is %s', (code, kind) => {
    expect(answer(code)).toMatchObject({ name: 'TargetError', kind });
  });

  it('tells what the API server said, cut and in one line, and no header', () => {
    const { message } = answer(
      403,
      JSON.stringify({ message: `no\n${'x'.repeat(5_000)}` }),
      { cookie: 'secret' },
    );

    expect(message).toMatch(
      /^The cluster "c" does not allow to patch Deployment shop\/api: no x/,
    );
    expect(message.length).toBeLessThan(400);
    expect(message).not.toContain('secret');
  });

  it.each([
    ['2', 2_000],
    ['9999', 300_000],
    ['soon', undefined],
  ])('reads Retry-After: %s', (value, expected) => {
    expect(answer(429, '', { 'retry-after': value }).retryAfterMs).toBe(
      expected,
    );
  });

  it.each([
    ['ECONNREFUSED', 'transient'],
    ['ECONNRESET', 'transient'],
    ['ENOTFOUND', 'transient'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'credentials'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'credentials'],
  ])('%s is %s', (code, kind) => {
    const error = Object.assign(new Error('connect 10.0.0.1:6443'), { code });

    expect(toTargetError(error, attempt)).toMatchObject({ kind });
  });

  it('leaves a TargetError as it is', () => {
    const error = new TargetError('busy', 'x');

    expect(toTargetError(error, attempt)).toBe(error);
  });
});
