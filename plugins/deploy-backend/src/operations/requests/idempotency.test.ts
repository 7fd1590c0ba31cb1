import { InputError } from '@backstage/errors';
import { readIdempotency } from './idempotency';

const request = { path: '/rollbacks', body: { a: 1, b: { c: 2, d: [3] } } };

describe('readIdempotency', () => {
  it('is nothing without a header', () => {
    expect(readIdempotency(undefined, 'user:default/dana', request)).toBe(
      undefined,
    );
  });

  it('is the same whatever order the members came in', () => {
    const first = readIdempotency('key', 'user:default/dana', request);
    const second = readIdempotency('key', 'user:default/dana', {
      path: '/rollbacks',
      body: { b: { d: [3], c: 2 }, a: 1 },
    });

    expect(second).toEqual(first);
  });

  it('tells callers, keys and requests apart', () => {
    const first = readIdempotency('key', 'user:default/dana', request);
    const caller = readIdempotency('key', 'user:default/omar', request);
    const key = readIdempotency('other', 'user:default/dana', request);
    const body = readIdempotency('key', 'user:default/dana', {
      ...request,
      body: { a: 2 },
    });
    const path = readIdempotency('key', 'user:default/dana', {
      ...request,
      path: '/promotions',
    });

    expect(caller?.key).not.toBe(first?.key);
    expect(key?.key).not.toBe(first?.key);
    expect(body?.key).toBe(first?.key);
    expect(body?.request).not.toBe(first?.request);
    expect(path?.request).not.toBe(first?.request);
  });

  it.each(['', 'a b', 'ä', 'a\n', 'x'.repeat(256)])(
    'refuses the key %j',
    key => {
      expect(() => readIdempotency(key, 'user:default/dana', request)).toThrow(
        InputError,
      );
    },
  );
});
