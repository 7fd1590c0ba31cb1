import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readRegistries } from './readRegistries';

function read(connection: JsonObject) {
  return readRegistries(
    new ConfigReader({ name: 'vvp', ...connection }),
    'connections',
  );
}

describe('readRegistries', () => {
  it('reads none where none are configured', () => {
    expect(read({})).toEqual({});
  });

  it('reads hosts and addresses', () => {
    expect(
      read({
        registries: ['Registry.Example.Test', 'registry.example.test:5000'],
        registryEndpoints: {
          'Registry.Example.Test': 'https://127.0.0.1:7443/',
        },
      }),
    ).toEqual({
      registries: ['registry.example.test', 'registry.example.test:5000'],
      registryEndpoints: { 'registry.example.test': 'https://127.0.0.1:7443' },
    });
  });

  it.each([
    'https://registry.example.test',
    'registry.example.test/vvp',
    '*.example.test',
    'user@registry.example.test',
    'registry',
  ])('refuses the host %s', host => {
    expect(() => read({ registries: [host] })).toThrow(
      `registries of "vvp" has "${host}"`,
    );
  });

  it.each([
    'http://registry.example.test',
    'https://registry.example.test/v2',
    'https://user:secret@registry.example.test',
    'https://registry.example.test?x=1',
    'registry.example.test',
    '',
    7443,
  ])('refuses the address %s, and does not repeat it', address => {
    const reading = () =>
      read({ registryEndpoints: { 'registry.example.test': address } });

    expect(reading).toThrow(
      'registryEndpoints of "vvp" has to name an address for registry.example.test',
    );
    expect(reading).not.toThrow('secret');
  });
});
