import { mockServices } from '@backstage/backend-test-utils';
import { JsonValue } from '@backstage/types';
import { readOidcIssuers } from './oidcConfig';

function read(oidc?: JsonValue) {
  return readOidcIssuers(
    mockServices.rootConfig({
      data: oidc === undefined ? {} : { deploy: { evidence: { oidc } } },
    }),
  );
}

describe('readOidcIssuers', () => {
  it('trusts GitHub’s cloud, unless told otherwise', () => {
    expect(read()).toEqual([
      {
        issuer: 'https://token.actions.githubusercontent.com',
        audience: 'deploy',
        host: 'github.com',
      },
    ]);
    expect(read([])).toEqual([]);
  });

  it.each([
    ['https://github.example.test/_services/token', 'github.example.test'],
    ['https://token.actions.githubusercontent.com/example', 'github.com'],
    ['https://token.actions.example.ghe.com', 'example.ghe.com'],
    ['http://127.0.0.1:4000/_oidc', '127.0.0.1:4000'],
    ['http://localhost:4000/_oidc', 'localhost:4000'],
  ])('knows which repositories %s speaks for', (issuer, host) => {
    expect(read([{ issuer }])).toEqual([{ issuer, host, audience: 'deploy' }]);
  });

  it('takes several, with audience and host as told', () => {
    const entries = [
      {
        issuer: 'https://a.example.test',
        audience: 'https://portal.example.test',
        host: 'Git.example.test',
      },
      {},
    ];

    expect(read(entries)).toEqual([
      { ...entries[0], host: 'git.example.test' },
      expect.objectContaining({ host: 'github.com' }),
    ]);
  });

  it.each([
    ['plain http', [{ issuer: 'http://github.example.test' }]],
    ['no address', [{ issuer: 'github' }]],
    ['a query', [{ issuer: 'https://github.example.test/?a=b' }]],
    ['a password', [{ issuer: 'https://a:b@github.example.test' }]],
    ['the same twice', [{}, {}]],
    ['no list', 'github'],
  ])('names the key for %s', (_case, entries) => {
    expect(() => read(entries)).toThrow('deploy.evidence.oidc');
  });
});
