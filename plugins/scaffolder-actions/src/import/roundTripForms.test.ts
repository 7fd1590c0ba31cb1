import { importing } from './__testUtils__/importing';
import {
  differencesOf,
  generatedOf,
  NOTHING,
  specOf,
} from './__testUtils__/roundTrip';

const PORTAL = 'https://portal.example.test/api/deploy';
const AWS = `portal: '${PORTAL}', aws: { deployRole: { variable: ROLE } }`;

interface Parts {
  pipeline: string;
  environments: readonly string[];
  services: readonly string[];
  tests?: readonly string[];
}

function specTextOf({ pipeline, environments, services, tests = [] }: Parts) {
  return [
    'apiVersion: deploy.vvp.io/v1alpha1',
    'kind: Pipeline',
    'metadata: { name: shop }',
    'spec:',
    '  repository: example-org/shop',
    `  pipeline: { ${pipeline} }`,
    '  environments:',
    ...environments.map(one => `    - ${one}`),
    ...(tests.length > 0 ? ['  tests:'] : []),
    ...tests.map(one => `    ${one}`),
    '  services:',
    ...services.map(one => `    ${one}`),
  ].join('\n');
}

function environment(name: string, deploy: string): string {
  return `{ name: ${name}, tier: ${name}, deploy: { ${deploy} } }`;
}

function cluster(name: string): string {
  return `kubernetes: { cluster: { name: ${name}, region: eu-west-1 } }`;
}

/** A service at two clusters. */
function atKubernetes(key: string, more = ''): string {
  const place = (name: string) =>
    `${name}: { url: https://${name}.example.test, target: { type: kubernetes, connection: ${name}, namespace: ${name}, name: ${key} } }`;
  return `${key}: { entity: component:default/${key}, paths: [${key}/**], ${more} image: { dockerfile: ${key}/Dockerfile, repository: ghcr.io/example-org/${key}, sign: true }, environments: { ${place(
    'staging',
  )}, ${place('production')} } }`;
}

const SERVICES = [
  atKubernetes('web', "test: { language: typescript, version: '22' },"),
  atKubernetes('api'),
];

const CLUSTERS = [
  environment('staging', cluster('staging')),
  environment('production', cluster('production')),
];

function composed(images: string): string {
  return environment(
    'staging',
    `compose: { directory: app, files: [compose.yml], images: { ${images} }, host: shop.example.test, user: deploy, key: { secret: KEY }, knownHosts: { variable: HOSTS } }`,
  );
}

function atMachine(key: string, image: string, target: string): string {
  return `${key}: { entity: component:default/${key}, paths: [${key}/**], image: { ${image} }, environments: { staging: { url: https://shop.example.test, target: { type: github-workflow, workflow: back.yml, ${target} } } } }`;
}

/** A service at ECS, whose image has its names in one repository for both environments. */
function atEcs(key: string, image: string): string {
  const place = (name: string) =>
    `${name}: { url: https://${key}.${name}.example.test, target: { type: ecs, region: eu-west-1, cluster: ${name}, service: ${key}, taskDefinition: ${key}-${name}, container: ${key}, repository: ${key} } }`;
  return `${key}: { entity: component:default/${key}, paths: [${key}/**], image: { ${image} }, environments: { ${place(
    'staging',
  )}, ${place('production')} } }`;
}

/** A leg of a matrix. */
function leg(part: string, target: string): string {
  return `${part}: { entity: component:default/${part}, paths: [app/**], image: { dockerfile: Dockerfile }, environments: { production: { target: { type: azure-container-app, resourceGroup: shop, name: ${part}, image: registry.example.test/shop, ${target} }, jobs: [{ workflow: deploy.yml, job: roll-out, matrix: { part: ${part} } }] } } }`;
}

const FORMS: readonly (readonly [string, Parts])[] = [
  [
    'one workflow, where tags go further than branches',
    {
      pipeline: AWS,
      environments: [
        environment('staging', cluster('staging')),
        environment(
          'production',
          `tags: ['v*'], signedTags: true, ${cluster('production')}`,
        ),
      ],
      services: SERVICES,
    },
  ],
  [
    'one workflow, of whose tags some have to be signed',
    {
      pipeline: `pullRequests: true, ${AWS}`,
      environments: [
        environment('staging', `tags: ['rc*'], ${cluster('staging')}`),
        environment(
          'production',
          `tags: ['v*'], signedTags: true, ${cluster('production')}`,
        ),
      ],
      services: [
        atKubernetes(
          'web',
          "test: { language: typescript, version: '22', directory: web/app },",
        ),
        atKubernetes('api'),
      ],
    },
  ],
  [
    'one workflow, whose branches and tags all go on to production',
    {
      pipeline: AWS,
      environments: [
        environment('staging', cluster('staging')),
        environment(
          'production',
          `branches: [main], tags: ['v*'], ${cluster('production')}`,
        ),
      ],
      services: SERVICES,
    },
  ],
  [
    'one workflow, whose feature branches end where the others wait for a tag',
    {
      pipeline: AWS,
      environments: [
        environment(
          'staging',
          `branches: [main, feature/**], ${cluster('staging')}`,
        ),
        environment('production', `tags: ['v*'], ${cluster('production')}`),
      ],
      services: SERVICES,
    },
  ],
  [
    'deployments by hand, of fewer branches to production',
    {
      pipeline: `safetyLevel: 4, branches: [main, next], ${AWS}`,
      environments: [
        environment('staging', cluster('staging')),
        environment('production', `branches: [main], ${cluster('production')}`),
      ],
      services: [atKubernetes('web'), atKubernetes('api')],
    },
  ],
  [
    'deployments by hand',
    {
      pipeline: `safetyLevel: 4, ${AWS}`,
      environments: CLUSTERS,
      services: [atKubernetes('web'), atKubernetes('api')],
    },
  ],
  [
    'images that several jobs may name at once',
    {
      pipeline: `safetyLevel: 4, ${AWS}`,
      environments: ['staging', 'production'].map(
        name => `{ name: ${name}, tier: ${name} }`,
      ),
      services: [
        atEcs('web', 'dockerfile: web/Dockerfile'),
        atEcs('api', 'dockerfile: api/Dockerfile'),
      ],
    },
  ],
  [
    'clusters by kubeconfig, one for fewer branches',
    {
      pipeline: 'branches: [trunk, next]',
      environments: ['staging', 'production'].map(name =>
        environment(
          name,
          `${
            name === 'production' ? 'branches: [trunk], ' : ''
          }kubernetes: { kubeconfig: { secret: KUBE_${name} }, kubectl: '1.33.0', manifests: [k8s/${name}] }`,
        ),
      ),
      services: SERVICES,
    },
  ],
  [
    'one service by compose, by its version and signed',
    {
      pipeline: `portal: '${PORTAL}'`,
      environments: [composed('SHOP_IMAGE: web')],
      services: [
        atMachine(
          'web',
          'dockerfile: web/Dockerfile, repository: ghcr.io/example-org/web, sign: true, tags: [version], version: { file: web/package.json }',
          'inputs: { environment: staging }, releaseInput: version, releaseValue: version',
        ),
      ],
    },
  ],
  [
    'one image of two services by compose',
    {
      pipeline: `portal: '${PORTAL}'`,
      environments: [composed('WEB: web, WORKER: worker')],
      services: ['web', 'worker'].map(key =>
        atMachine(
          key,
          'dockerfile: Dockerfile, repository: ghcr.io/example-org/shop',
          `inputs: { service: ${key} }, releaseInput: commit`,
        ),
      ),
    },
  ],
  [
    'legs of a matrix of which some say nothing',
    {
      pipeline: '',
      environments: ['{ name: production, tier: production }'],
      services: [
        leg('web', 'container: web, minReplicas: 2, maxReplicas: 4'),
        leg('worker', 'maxReplicas: 3'),
      ],
    },
  ],
  [
    'tests wherever they can be',
    {
      pipeline: AWS,
      environments: CLUSTERS,
      services: SERVICES,
      tests: [
        'smoke: { language: none, after: [web, api], commands: [make smoke] }',
        "smoke-web: { language: python, version: '3.12', after: [web], in: staging, packages: [httpx], select: smoke }",
        'between: { language: none, before: [production], in: staging, commands: [make check], reports: { performance: out.json } }',
        "lint: { language: none, before: [staging], services: [api], tools: { node: '22', terraform: '1.5.0' }, systemPackages: [libsodium23], commands: [npx eslint .] }",
        "pip: { language: python, version: '3.13', directory: api, localPackages: [common, api], packages: [ruff, 'pytest[x]'], before: [staging, production], commands: [ruff check .], databases: [{ type: postgresql, version: '16', variable: DB }], issue: { title: Oh no } }",
        "npm: { language: typescript, version: '22', directory: web, localPackages: [lib], packages: [vite], before: [staging], commands: [npx vite build], artifacts: [dist] }",
        "cargo: { language: rust, version: '1.89', directory: core, workflow: w.yml, title: W, on: [push], branches: [next], tools: { cargo: [cargo-audit@0.21.2] }, commands: [cargo audit] }",
        'code: { language: none, workflow: w.yml, on: [push], branches: [next], scan: { type: codeql, languages: [python, rust], severity: high }, suite: sast, services: [web] }',
        "images: { language: none, workflow: night.yml, schedule: '1 2 * * *', scan: { type: image, tag: stable, severity: low }, issue: { title: x, labels: [a, b] } }",
        "nightly: { language: python, version: '3.12', workflow: night.yml, schedule: '3 4 * * 0', directory: api }",
        'quick: { language: none, workflow: night.yml, mode: quick, in: staging, login: azure, commands: [make quick], environment: { A: { variable: B }, C: d, S: { secret: T } }, reports: { test: r.xml }, waitFor: [https://a.example.test/x], waitSeconds: 60, results: { url: https://r.example.test, key: RESULTS } }',
        "installing: { language: none, tools: { python: '3.12', node: '22' }, before: [staging], environment: { A: b, PIP_INDEX_URL: { secret: INDEX }, S: { secret: T } }, commands: [python -m pip install locust, npm ci, './load.sh'] }",
        "installing-first: { language: none, tools: { node: '22' }, before: [staging], environment: { S: { secret: T } }, commands: [npm ci, npm run check] }",
        'deep: { language: none, workflow: night.yml, mode: deep, needs: quick, commands: [make deep], reports: { test: r.xml }, matrix: { suite: [a, b] }, timeoutMinutes: 12 }',
      ],
    },
  ],
];

describe('an import of what is generated of', () => {
  it.each(FORMS)('%s gives the spec back', (_, parts) => {
    const text = specTextOf(parts);
    // Without the name of the repository: what is signed says it.
    const name = text.includes('sign: true')
      ? {}
      : { repository: 'example-org/shop' };

    expect(
      differencesOf(specOf(text), importing(generatedOf(text), name)),
    ).toEqual(NOTHING);
  });

  it('services that come together says whose paths are guessed', () => {
    const of = (key: string, glob: string) =>
      atMachine(
        key,
        `dockerfile: Dockerfile, repository: ghcr.io/example-org/${key}`,
        `inputs: { service: ${key} }, releaseInput: commit`,
      ).replace(`${key}/**`, glob);
    const guessedOf = (...globs: string[]) =>
      importing(
        generatedOf(
          specTextOf({
            pipeline: `portal: '${PORTAL}'`,
            environments: [composed('A: base, B: basex')],
            services: [of('base', globs[0]), of('basex', globs[1])],
          }),
        ),
      )
        .report.guessed.filter(({ key }) => /aths$/.test(key))
        .map(({ key, message }) => [key, /^"(.*?)"/.exec(message)?.[1]]);

    expect(guessedOf('base/**', 'basex/**')).toEqual([
      ['spec.services.base.paths', 'base/**'],
      ['spec.services.basex.paths', 'basex/**'],
    ]);
    expect(guessedOf('base/**', 'x/**')).toEqual([
      ['spec.services.base.paths', 'base/**'],
      ['spec.services.basex.sharedPaths', 'base/**, x/**'],
    ]);
    expect(guessedOf('a/**', 'x/**')).toEqual([
      ['spec.services.base.paths', 'a/**, x/**'],
      ['spec.services.basex.paths', 'a/**, x/**'],
    ]);
  });
});
