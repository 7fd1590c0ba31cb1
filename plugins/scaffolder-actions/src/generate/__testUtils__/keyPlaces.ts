import { BASES } from '../../import/__testUtils__/everyKey';
import { Turn, turnedOn } from '../../import/__testUtils__/turnOn';
import { SAMPLES } from './keySamples';

/** A way to deploy or test, where keys are turned on. */
export interface Place {
  name: string;
  document: unknown;
  /** Which samples are about it. */
  groups: readonly (keyof typeof SAMPLES)[];
  /** What stands for the words in capitals of the samples. */
  words: Readonly<Record<string, string>>;
}

const WEB = 'spec/services/web/environments/staging';

/** What is said once for all is turned on beside each kind of target. */
const ALL: Place['groups'] = ['pipeline', 'environment', 'service', 'placed'];

function placed(
  name: string,
  base: string,
  {
    service = 'web',
    other = 'api',
    environment = 'staging',
    index = 0,
    workflow = 'deploy.yml',
    turn = {},
    groups = ['service', 'placed'],
  }: Partial<{
    service: string;
    other: string;
    environment: string;
    index: number;
    workflow: string;
    turn: Turn;
    groups: Place['groups'];
  }> = {},
): Place {
  return {
    name,
    document: turnedOn(BASES[base], [turn]),
    groups,
    words: {
      SERVICE: `spec/services/${service}`,
      PLACED: `spec/services/${service}/environments/${environment}`,
      ENVIRONMENT: `spec/environments/${index}`,
      OTHER_SERVICE: other,
      WORKFLOW: workflow,
    },
  };
}

function tested(language: string, version: string): Place {
  const place = placed(`tests in ${language}`, 'APPS', {
    service: 'api',
    other: 'web',
    turn: { 'spec/services/api/test': { language, version } },
  });
  return {
    ...place,
    groups: ['serviceTest'],
    words: {
      ...place.words,
      OTHER_LANGUAGE: language === 'rust' ? 'python' : 'rust',
    },
  };
}

function testing(
  name: string,
  key: string,
  turn: Turn = {},
  base: string = 'TESTS',
): Place {
  return {
    name: `spec.tests: ${name}`,
    document: turnedOn(BASES[base], [turn]),
    groups: ['tests'],
    words: {
      TESTS: `spec/tests/${key}`,
      NEEDED: key === 'nightly' ? 'python' : 'nightly',
      OTHER_LANGUAGE: name.endsWith('rust') ? 'python' : 'rust',
    },
  };
}

const alone = (more: object): Turn => ({
  'spec/tests/one': { workflow: 'nightly.yml', directory: 'e2e', ...more },
});

const scanning = (scan: object, on = 'push'): Turn => ({
  'spec/tests/one': {
    language: 'none',
    workflow: 'nightly.yml',
    on: [on],
    scan,
  },
});

/** Every kind of target, every language, and wherever tests may run. */
export const PLACES: readonly Place[] = [
  placed('a Container App', 'APPS', { groups: ALL }),
  placed('a Container App, without an address', 'APPS', {
    turn: { [`${WEB}/url`]: undefined },
  }),
  placed('a Container App, with an image of its own', 'APPS', {
    turn: {
      'spec/services/web/image/repository': 'ghcr.io/example-org/web',
      [`${WEB}/target/image`]: undefined,
      'spec/services/web/environments/production': undefined,
    },
  }),
  placed('Container Apps in a matrix', 'APPS', {
    turn: {
      [`${WEB}/jobs`]: [
        { workflow: 'deploy.yml', job: 'legs', matrix: { part: 'web' } },
      ],
      'spec/services/api/environments/staging/jobs': [
        { workflow: 'deploy.yml', job: 'legs', matrix: { part: 'api' } },
      ],
      'spec/services/api/image/dockerfile': 'web/Dockerfile',
      'spec/services/api/environments/staging/target/image':
        'registry.example.test/web',
      'spec/services/api/environments/production': undefined,
      'spec/services/web/environments/production': undefined,
    },
  }),
  placed('releases on a machine', 'MACHINES', {
    service: 'queue',
    other: 'proxy',
    environment: 'production',
    groups: ALL,
  }),
  placed('a file on a machine', 'MACHINES', {
    service: 'proxy',
    other: 'queue',
    environment: 'production',
  }),
  placed('ECS', 'TASKS', { other: 'web', groups: ALL }),
  placed('ECS, after another workflow', 'FILES', {
    other: 'web',
    environment: 'production',
    index: 1,
    workflow: 'cd.yml',
  }),
  placed('Amazon EKS', 'CLUSTER', { groups: ALL }),
  placed('Kubernetes by a kubeconfig', 'CLUSTER', {
    service: 'api',
    other: 'web',
    environment: 'production',
    index: 1,
  }),
  placed('Kubernetes by a canary', 'CLUSTER', {
    environment: 'production',
    index: 1,
    turn: {
      'spec/services/web/environments/production/target/strategy': 'canary',
    },
  }),
  placed('docker compose', 'MACHINE', {
    environment: 'production',
    groups: ALL,
  }),
  tested('python', '3.12'),
  tested('typescript', '22'),
  tested('rust', '1.89'),
  testing('after a deployment', 'after'),
  testing('before a deployment', 'before'),
  testing('by night', 'nightly'),
  testing('a scan of dependencies', 'scan'),
  testing('python', 'python'),
  testing(
    'typescript',
    'one',
    alone({ language: 'typescript', version: '22' }),
  ),
  testing('rust', 'one', alone({ language: 'rust', version: '1.89' })),
  ...['python', 'rust'].map(language =>
    testing(
      `commands beside ${language}`,
      'one',
      alone({ language, version: '1.1', commands: ['make'] }),
    ),
  ),
  testing(
    'a scan by CodeQL',
    'one',
    scanning({ type: 'codeql', languages: ['python'] }),
  ),
  testing('a scan for secrets', 'one', scanning({ type: 'secrets' })),
  testing(
    'a scan of commits',
    'one',
    scanning({ type: 'commits' }, 'pull-request'),
  ),
  testing(
    'a scan of images',
    'one',
    scanning({ type: 'image', tag: 'stable' }),
    'CLUSTER',
  ),
];

/** A turn with the words of a place put in. */
export function turnAt(turn: Turn, { words }: Place): Turn {
  return Object.fromEntries(
    Object.entries(turn).map(([path, value]) => [
      path.replace(/^[A-Z]+(?=\/)/, word => words[word] ?? word),
      withWords(value, words),
    ]),
  );
}

function withWords(
  value: unknown,
  words: Readonly<Record<string, string>>,
): unknown {
  if (Array.isArray(value)) {
    return value.map(one => withWords(one, words));
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, withWords(one, words)]),
    );
  }
  return typeof value === 'string' && Object.hasOwn(words, value)
    ? words[value]
    : value;
}
