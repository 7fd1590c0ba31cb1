import { findEndpoint } from './findEndpoint';

describe('findEndpoint', () => {
  it.each([
    ['vvpacr.azurecr.io', 'https://vvpacr.azurecr.io'],
    ['vvpacr-h4b2c3.azurecr.io', 'https://vvpacr-h4b2c3.azurecr.io'],
  ])('asks %s, which is one of Azure', (host, address) => {
    expect(findEndpoint({}, host)).toBe(address);
  });

  it.each([
    'registry.example.test',
    'azurecr.io',
    '.azurecr.io',
    'a.b.azurecr.io',
    'vvpacr.azurecr.io:8443',
    'vvpacr.azurecr.io.example.test',
    'vvpacr-azurecr.io',
    '-vvpacr.azurecr.io',
    '169.254.169.254',
    'localhost:5000',
  ])('does not ask %s', host => {
    expect(findEndpoint({}, host)).toBeUndefined();
  });

  it('asks those that are configured, and no others', () => {
    const connection = { registries: ['registry.example.test'] };

    expect(findEndpoint(connection, 'registry.example.test')).toBe(
      'https://registry.example.test',
    );
    expect(findEndpoint(connection, 'vvpacr.azurecr.io')).toBeUndefined();
  });

  it('asks at the address that is configured', () => {
    const registryEndpoints = {
      'vvpacr.azurecr.io': 'https://10.0.0.4',
      'registry.example.test': 'https://10.0.0.5',
    };

    expect(findEndpoint({ registryEndpoints }, 'vvpacr.azurecr.io')).toBe(
      'https://10.0.0.4',
    );
    // An address alone is no leave to ask.
    expect(
      findEndpoint({ registryEndpoints }, 'registry.example.test'),
    ).toBeUndefined();
    expect(findEndpoint({ registries: ['constructor'] }, 'constructor')).toBe(
      'https://constructor',
    );
  });
});
