import { mockServices } from '@backstage/backend-test-utils';
import { JsonArray } from '@backstage/types';
import { ApiKeys } from './ApiKeys';

function read(keys?: JsonArray) {
  return ApiKeys.fromConfig(
    mockServices.rootConfig({
      data: keys ? { deploy: { deploymentTests: { keys } } } : {},
    }),
  );
}

describe('ApiKeys', () => {
  const keys = read([
    { name: 'vvp', key: 'key-of-vvp' },
    { name: 'other', key: 'key-of-the-other' },
  ]);

  it.each([
    ['key-of-vvp', 'vvp'],
    ['key-of-the-other', 'other'],
    ['key-of-vv', undefined],
    ['KEY-OF-VVP', undefined],
    ['key-of-vvp ', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is the key of %s', (key, name) => {
    expect(keys.nameOf(key)).toBe(name);
  });

  it('lets nobody in without any', () => {
    expect(read().nameOf('')).toBeUndefined();
    expect(read([]).nameOf('anything')).toBeUndefined();
  });

  it.each([
    [
      'two of one name',
      [
        { name: 'a', key: 'secret-1' },
        { name: 'a', key: 'secret-2' },
      ],
    ],
    [
      'one key twice',
      [
        { name: 'a', key: 'secret-1' },
        { name: 'b', key: 'secret-1' },
      ],
    ],
    ['an empty key', [{ name: 'a', key: '' }]],
    ['no name', [{ key: 'secret-1' }]],
  ])('refuses %s, and does not say the key', (_case, entries) => {
    expect(() => read(entries)).toThrow('deploy.deploymentTests.keys');
    expect(() => read(entries)).not.toThrow('secret-1');
  });
});
