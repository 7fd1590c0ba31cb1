/** A small `deploy.yaml`, as far as it decides who is deployed where. */
export interface Shape {
  /** Whose pushes deploy, unless an environment says otherwise. */
  branches: string[];
  /** What starts a deployment. */
  start: 'push' | 'word' | 'workflow';
  serviceInput: boolean;
  environments: ShapeEnvironment[];
  services: ShapeService[];
  tests: Record<string, ShapeTests>;
}

interface ShapeEnvironment {
  name: string;
  branches?: string[];
  tags?: string[];
  /** Services that one job brings here. */
  together: string[];
}

interface ShapeService {
  key: string;
  environments: string[];
  tested: boolean;
  testedBy?: string;
}

/** One of `spec.tests`. */
export interface ShapeTests {
  before?: string[];
  after?: string[];
  in?: string;
  services?: string[];
}

/** Numbers from 0 to 1, the same ones for the same seed. */
export function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** One of several, by the next number. */
export function oneOf<Item>(next: () => number, items: readonly Item[]): Item {
  return items[Math.floor(next() * items.length)];
}

/** A shape, whether or not it can be generated. */
export function shapeOf(next: () => number): Shape {
  const often = (share: number) => next() < share;
  const start = oneOf(next, ['push', 'push', 'push', 'word', 'workflow']);
  // What several have in common is what they are called together; else it is the first one.
  const third = oneOf(next, ['shop-c', 'worker']);
  const keys = ['shop-a', 'shop-b', third].slice(0, oneOf(next, [1, 2, 3, 3]));
  const names = oneOf(next, [
    ['staging', 'production'],
    ['staging', 'production'],
    ['staging', 'preview', 'production'],
  ]);
  const tags = start === 'workflow' ? undefined : ['v*'];
  const environments = names.map(name => ({
    name,
    ...oneOf<Pick<ShapeEnvironment, 'branches' | 'tags'>>(next, [
      {},
      {},
      { branches: ['main'] },
      { branches: ['main', 'develop'] },
      { branches: ['main', 'hotfix/**'] },
      { branches: ['develop'] },
      { tags },
      { branches: ['main'], tags },
    ]),
    together: often(0.4)
      ? oneOf(next, [keys, keys.slice(0, 2), keys.slice(1)])
      : [],
  }));
  const services = keys.map((key, index) => ({
    key,
    environments: names.filter(
      name => name === 'production' || often(key === third ? 0.6 : 0.9),
    ),
    tested: index === 0 || often(0.6),
    ...(index === 1 && often(0.3) && { tested: false, testedBy: keys[0] }),
  }));
  const some = () => oneOf(next, [keys, keys.slice(0, 1), keys.slice(-1)]);
  const about = () => (often(0.5) ? { services: some() } : {});
  const tests: [string, ShapeTests][] = [
    ['e2e', { after: some(), in: 'staging' }],
    ['look', { after: some() }],
    ['smoke', { before: ['production'], in: 'staging', ...about() }],
    ['lint', { before: ['staging'] }],
    ['vet', { before: names, ...about() }],
  ];
  return {
    branches: oneOf(next, [['main'], ['main'], ['main', 'develop']]),
    start: start as Shape['start'],
    serviceInput: often(0.3),
    environments,
    services,
    tests: Object.fromEntries(tests.filter(() => often(0.35))),
  };
}

/** The `deploy.yaml` of a shape; its braces and brackets are those of JSON. */
export function textOf(shape: Shape): string {
  const { environments, services, tests } = shape;
  const document = {
    apiVersion: 'deploy.vvp.io/v1alpha1',
    kind: 'Pipeline',
    metadata: { name: 'shop' },
    spec: {
      repository: 'example-org/shop',
      pipeline: {
        branches: shape.branches,
        failureIssue: {},
        ...(shape.start === 'word' && { safetyLevel: 4 }),
        ...(shape.start === 'workflow' && {
          after: { workflow: 'ci.yml', title: 'CI' },
        }),
        ...(shape.serviceInput && { serviceInput: 'what' }),
      },
      environments: environments.map(({ name, branches, tags }) => ({
        name,
        tier: name === 'production' ? 'production' : 'staging',
        ...((branches ?? tags) && { deploy: { branches, tags } }),
      })),
      ...(Object.keys(tests).length > 0 && {
        tests: Object.fromEntries(
          Object.entries(tests).map(([key, one]) => [
            key,
            { language: 'none', commands: ['make'], ...one },
          ]),
        ),
      }),
      services: Object.fromEntries(
        services.map(one => [one.key, serviceOf(shape, one)]),
      ),
    },
  };
  return JSON.stringify(document);
}

function serviceOf(shape: Shape, service: ShapeService) {
  const { key, tested, testedBy } = service;
  return {
    paths: [`${key}/**`],
    image: { dockerfile: 'Dockerfile' },
    ...(tested && {
      test: { language: 'python', version: '3.12', directory: '.' },
    }),
    ...(testedBy && { testedBy: [testedBy] }),
    environments: Object.fromEntries(
      shape.environments
        .filter(({ name }) => service.environments.includes(name))
        .map(({ name, together }) => [
          name,
          {
            target: {
              type: 'azure-container-app',
              resourceGroup: name,
              name: `${key}-${name}`,
              image: 'shop.azurecr.io/shop',
            },
            ...(together.includes(key) && {
              jobs: [
                {
                  workflow: 'deploy.yml',
                  job: `bring-${name}`,
                  // A job of one service has no matrix.
                  ...(shape.services.some(
                    other =>
                      other.key !== key &&
                      together.includes(other.key) &&
                      other.environments.includes(name),
                  ) && { matrix: { part: key } }),
                  ...(shape.start === 'workflow' && {
                    commit: 'triggering-run',
                  }),
                },
              ],
            }),
          },
        ]),
    ),
  };
}
