import { findingsOf, specOf } from './testing';

interface Changes {
  compose?: string;
  target?: string;
  other?: string;
  tests?: string;
  production?: string;
}

/** A shop with a web server and a worker, on a machine of its own. */
function composed({
  compose = '',
  target = 'inputs: { environment: staging }, releaseInput: commit',
  other = target.replace('staging', 'production'),
  tests = '',
  production = 'shop-production',
}: Changes = {}): string {
  const machine = `directory: shop, files: [compose.yml], images: { WEB_IMAGE: web }, host: { secret: HOST }, user: deployer, key: { secret: KEY }, knownHosts: { variable: KNOWN_HOSTS }`;
  const overridden = compose.replace(/:.*/, '');
  const kept = machine
    .split(/, (?=[a-zA-Z]+: )/)
    .filter(part => compose === '' || !part.startsWith(`${overridden}:`));
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  pipeline: {}
  environments:
    - { name: staging, tier: staging, deploy: { compose: { ${[...kept, compose]
      .filter(Boolean)
      .join(', ')} } } }
    - { name: production, tier: production, deploy: { compose: { ${machine.replace(
      'shop',
      production,
    )} } } }
  tests: { ${tests} }
  services:
    web:
      environments:
        staging: { target: { type: github-workflow, workflow: back.yml, ${target} } }
        production: { target: { type: github-workflow, workflow: back.yml, ${other} } }
    worker:
      environments:
        staging: {}
`;
}

describe('docker compose on a machine', () => {
  it('is described by the environment', () => {
    const { environments } = specOf(
      composed({
        compose:
          "environmentFiles: { .env: { DEBUG: '0' }, config/.env.web: { TOKEN: { secret: TOKEN } } }",
      }),
    );

    expect(environments[0].stage?.compose).toMatchObject({
      directory: 'shop',
      images: { WEB_IMAGE: 'web' },
      key: { secret: 'KEY' },
    });
  });

  it.each([
    ['key: plain', 'must be a map'],
    ['key: { variable: KEY }', 'key'],
    ['directory: ~/shop', 'directory'],
    ['directory: shop/../other', 'leads out of another one'],
    ['directory: "a b"', 'directory'],
    ['images: { WEB_IMAGE: wbe }', 'there is no service "wbe" in "staging"'],
    ['images: { WEB_IMAGE: worker }', 'is no github-workflow'],
    ['images: { "WEB-IMAGE": web }', 'WEB-IMAGE'],
    ["environmentFiles: { compose.yml: { A: '1' } }", 'is no name for'],
    ["environmentFiles: { a/../../.env: { A: '1' } }", 'is no name for'],
    ["environmentFiles: { .env: { WEB_IMAGE: '1' } }", 'is an image'],
    ['healthSeconds: 0', 'healthSeconds'],
    [
      'tailscale: { clientId: { secret: ID }, secret: { secret: SECRET }, tags: [ci] }',
      'tags',
    ],
  ])('refuses %s', (compose, message) => {
    expect(findingsOf(composed({ compose })).join('\n')).toContain(message);
  });

  it.each<[string, Changes]>([
    ['the target has no "releaseInput"', { target: 'inputs: { a: staging }' }],
    ['have the same target', { target: 'releaseInput: commit' }],
    [
      'the input "commit" has a meaning of its own',
      { target: 'inputs: { commit: staging }, releaseInput: commit' },
    ],
    [
      'the input "correlation" has a meaning of its own',
      { target: 'inputs: { correlation: staging }, releaseInput: commit' },
    ],
    [
      'back.yml is the name of another generated workflow',
      {
        tests:
          "t: { language: python, version: '3.12', directory: t, workflow: back.yml }",
      },
    ],
    ['have the same directory on the same host', { production: 'shop' }],
    [
      'back.yml is given part, commit here, and environment, commit elsewhere',
      { other: 'inputs: { part: web }, releaseInput: commit' },
    ],
    [
      'in upper and lower case only',
      { other: 'inputs: { environment: Staging }, releaseInput: commit' },
    ],
  ])('refuses it if %s', (message, changes) => {
    expect(findingsOf(composed(changes)).join('\n')).toContain(message);
  });

  const NAMED = 'COMPOSE_PROJECT_NAME';
  it.each<[string, Changes]>([
    ['directories that end alike', { production: 'production/shop' }],
    ['directories that differ by case', { production: 'other/Shop' }],
    [
      'files in directories that are called the same',
      { compose: 'files: [shop-production/compose.yml]' },
    ],
    [
      'a name that the other has by its directory',
      {
        compose: `environmentFiles: { .env: { ${NAMED}: shop-production } }`,
      },
    ],
  ])('is refused for projects of one name on one host: %s', (_, changes) => {
    expect(findingsOf(composed(changes)).join('\n')).toContain(
      'Docker would call the projects of the environments "staging" and "production" both "shop',
    );
  });

  it.each<[string, Changes]>([
    [
      'a name of its own',
      {
        production: 'production/shop',
        compose: `environmentFiles: { .env: { ${NAMED}: shop-staging } }`,
      },
    ],
    [
      'a host of its own',
      { production: 'production/shop', compose: 'host: { secret: STAGING }' },
    ],
  ])('may be called as another one that has %s', (_, changes) => {
    expect(findingsOf(composed(changes))).toEqual([]);
  });
});
