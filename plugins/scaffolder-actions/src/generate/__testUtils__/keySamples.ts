import { Turn } from '../../import/__testUtils__/turnOn';

/** What is turned on, and what has to be there for it to be about something. */
export type Sample = readonly [on: Turn, besides?: Turn];

const setting = (
  path: string,
  besides?: Turn,
): Record<'secret' | 'variable' | 'from', Sample> => ({
  secret: [{ [path]: { secret: 'OTHER' } }, besides],
  variable: [{ [path]: { variable: 'OTHER' } }, besides],
  from: [{ [path]: { from: 'repository' } }, besides],
});

const settings = (
  key: string,
  path: string,
  besides?: Turn,
): Record<string, Sample> =>
  Object.fromEntries(
    Object.entries(setting(path, besides)).map(([name, sample]) => [
      `${key}.${name}`,
      sample,
    ]),
  );

/** `SERVICE`, `PLACED`, `ENVIRONMENT` and `TESTS` stand for where a service, its environment, … is described. */
const PIPELINE: Readonly<Record<string, Sample>> = {
  workflow: [{ 'spec/pipeline/workflow': 'other.yml' }],
  title: [{ 'spec/pipeline/title': 'Other' }],
  'branches[]': [{ 'spec/pipeline/branches': ['trunk'] }],
  pullRequests: [{ 'spec/pipeline/pullRequests': true }],
  runner: [{ 'spec/pipeline/runner': 'ubuntu-22.04' }],
  portal: [{ 'spec/pipeline/portal': 'https://other.example.test/api/deploy' }],
  audience: [{ 'spec/pipeline/audience': 'other' }],
  safetyLevel: [{ 'spec/pipeline/safetyLevel': 4 }],
  'after.workflow': [
    { 'spec/pipeline/after': { workflow: 'first.yml', title: 'First' } },
  ],
  'after.title': [
    { 'spec/pipeline/after/title': 'Other' },
    { 'spec/pipeline/after': { workflow: 'first.yml', title: 'First' } },
  ],
  serviceInput: [{ 'spec/pipeline/serviceInput': 'only' }],
  'failureIssue.labels[]': [
    { 'spec/pipeline/failureIssue/labels': ['bug'] },
    { 'spec/pipeline/failureIssue': {} },
  ],
  'failureMessage.slack': [
    { 'spec/pipeline/failureMessage': { slack: 'CHAT' } },
  ],
  'cleanup.days': [{ 'spec/pipeline/cleanup': { days: 30 } }],
  'cleanup.schedule': [
    { 'spec/pipeline/cleanup/schedule': '4 5 * * 6' },
    { 'spec/pipeline/cleanup': { days: 30 } },
  ],
  'cleanup.keep': [
    { 'spec/pipeline/cleanup/keep': 3 },
    { 'spec/pipeline/cleanup': { days: 30 } },
  ],
  ...settings('aws.deployRole', 'spec/pipeline/aws/deployRole'),
  ...settings('aws.buildRole', 'spec/pipeline/aws/buildRole'),
  ...settings('aws.planRole', 'spec/pipeline/aws/planRole'),
  'aws.passRoles[]': [{ 'spec/pipeline/aws/passRoles': ['task'] }],
  'terraform.directory': [
    { 'spec/pipeline/terraform': { directory: 'infra', version: '1.9.0' } },
  ],
  'terraform.version': [
    { 'spec/pipeline/terraform/version': '1.8.0' },
    {
      'spec/pipeline/safetyLevel': 5,
      'spec/pipeline/terraform': { directory: 'infra', version: '1.9.0' },
    },
  ],
  'manual.workflow': [{ 'spec/pipeline/manual': { workflow: 'hand.yml' } }],
  'manual.title': [
    { 'spec/pipeline/manual/title': 'Other' },
    { 'spec/pipeline/manual': { workflow: 'hand.yml' } },
  ],
  ...settings('storage.account', 'spec/pipeline/storage/account', {
    'spec/pipeline/storage': { account: 'others', container: 'releases' },
  }),
  'storage.container': [
    { 'spec/pipeline/storage': { account: 'others', container: 'others' } },
  ],
};

const STAGE: Readonly<Record<string, Sample>> = {
  name: [{ 'ENVIRONMENT/name': 'other' }],
  url: [
    { 'ENVIRONMENT/url': 'https://whole.example.test' },
    { 'PLACED/url': undefined },
  ],
  'deploy.workflow': [{ 'ENVIRONMENT/deploy/workflow': 'other.yml' }],
  'deploy.title': [
    { 'ENVIRONMENT/deploy/title': 'Other' },
    { 'ENVIRONMENT/deploy/workflow': 'other.yml' },
  ],
  'deploy.branches[]': [{ 'ENVIRONMENT/deploy/branches': ['next'] }],
  'deploy.tags[]': [{ 'ENVIRONMENT/deploy/tags': ['v*'] }],
  'deploy.signedTags': [
    { 'ENVIRONMENT/deploy/signedTags': true },
    { 'ENVIRONMENT/deploy/tags': ['v*'] },
  ],
  'deploy.compose.directory': [
    { 'ENVIRONMENT/deploy/compose/directory': 'other' },
  ],
  'deploy.compose.files[]': [
    { 'ENVIRONMENT/deploy/compose/files': ['other.yml'] },
  ],
  ...settings(
    'deploy.compose.environmentFiles.*.*',
    'ENVIRONMENT/deploy/compose/environmentFiles/.env.other/VALUE',
  ),
  'deploy.compose.images.*': [
    { 'ENVIRONMENT/deploy/compose/images/OTHER': 'web' },
  ],
  ...settings('deploy.compose.host', 'ENVIRONMENT/deploy/compose/host'),
  ...settings('deploy.compose.user', 'ENVIRONMENT/deploy/compose/user'),
  'deploy.compose.key.secret': [
    { 'ENVIRONMENT/deploy/compose/key': { secret: 'OTHER' } },
  ],
  ...settings(
    'deploy.compose.knownHosts',
    'ENVIRONMENT/deploy/compose/knownHosts',
  ),
  ...Object.fromEntries(
    Object.entries({
      ...settings('clientId', 'ENVIRONMENT/deploy/compose/tailscale/clientId'),
      'secret.secret': [
        { 'ENVIRONMENT/deploy/compose/tailscale/secret': { secret: 'OTHER' } },
      ] as Sample,
      'tags[]': [
        { 'ENVIRONMENT/deploy/compose/tailscale/tags': ['tag:other'] },
      ] as Sample,
    }).map(([key, [on]]): [string, Sample] => [
      `deploy.compose.tailscale.${key}`,
      [
        on,
        {
          'ENVIRONMENT/deploy/compose/tailscale': {
            clientId: 'one',
            secret: { secret: 'ONE' },
            tags: ['tag:one'],
          },
        },
      ],
    ]),
  ),
  'deploy.compose.healthSeconds': [
    { 'ENVIRONMENT/deploy/compose/healthSeconds': 45 },
  ],
  'deploy.kubernetes.cluster.name': [
    {
      'ENVIRONMENT/deploy/kubernetes/cluster': {
        name: 'other',
        region: 'eu-west-1',
      },
    },
  ],
  'deploy.kubernetes.cluster.region': [
    {
      'ENVIRONMENT/deploy/kubernetes/cluster': {
        name: 'one',
        region: 'eu-west-3',
      },
    },
  ],
  'deploy.kubernetes.kubeconfig.secret': [
    { 'ENVIRONMENT/deploy/kubernetes/kubeconfig': { secret: 'OTHER' } },
  ],
  'deploy.kubernetes.kubectl': [
    { 'ENVIRONMENT/deploy/kubernetes/kubectl': '1.33.0' },
  ],
  'deploy.kubernetes.manifests[]': [
    { 'ENVIRONMENT/deploy/kubernetes/manifests': ['k8s'] },
  ],
};

/** What tests of a service and of several have in common. */
const RUN = (at: string): Readonly<Record<string, Sample>> => ({
  language: [{ [`${at}/language`]: 'OTHER_LANGUAGE' }],
  version: [{ [`${at}/version`]: '9.9' }],
  'localPackages[]': [{ [`${at}/localPackages`]: ['common'] }],
  'packages[]': [{ [`${at}/packages`]: ['other'] }],
  'systemPackages[]': [{ [`${at}/systemPackages`]: ['jq'] }],
  'databases[].type': [
    { [`${at}/databases`]: [{ type: 'redis', version: '7', variable: 'DB' }] },
  ],
  'databases[].version': [
    { [`${at}/databases`]: [{ type: 'redis', version: '8', variable: 'DB' }] },
    { [`${at}/databases`]: [{ type: 'redis', version: '7', variable: 'DB' }] },
  ],
  'databases[].variable': [
    { [`${at}/databases`]: [{ type: 'redis', version: '7', variable: 'DC' }] },
    { [`${at}/databases`]: [{ type: 'redis', version: '7', variable: 'DB' }] },
  ],
  'environment.*': [{ [`${at}/environment`]: { OTHER: 'text' } }],
  ...settings('environment.*', `${at}/environment/OTHER`),
  select: [{ [`${at}/select`]: 'not slow' }],
  timeoutMinutes: [{ [`${at}/timeoutMinutes`]: 44 }],
  directory: [{ [`${at}/directory`]: 'other' }],
});

const under = (
  prefix: string,
  samples: Readonly<Record<string, Sample>>,
): Readonly<Record<string, Sample>> =>
  Object.fromEntries(
    Object.entries(samples).map(([key, sample]) => [
      `${prefix}.${key}`,
      sample,
    ]),
  );

const SERVICE: Readonly<Record<string, Sample>> = {
  entity: [{ 'SERVICE/entity': 'component:default/other' }],
  'paths[]': [{ 'SERVICE/paths': ['other/**'] }],
  'sharedPaths[]': [{ 'SERVICE/sharedPaths': ['other/**'] }],
  'testedBy[]': [{ 'SERVICE/testedBy': ['OTHER_SERVICE'] }],
  'image.dockerfile': [{ 'SERVICE/image/dockerfile': 'other/Dockerfile' }],
  'image.context': [{ 'SERVICE/image/context': 'other' }],
  'image.target': [{ 'SERVICE/image/target': 'other' }],
  'image.platforms[]': [{ 'SERVICE/image/platforms': ['linux/arm64'] }],
  'image.repository': [
    { 'SERVICE/image/repository': 'ghcr.io/example-org/other' },
  ],
  'image.tags[]': [{ 'SERVICE/image/tags': ['branch'] }],
  'image.version.file': [
    { 'SERVICE/image/version/file': 'OTHER' },
    {
      'SERVICE/image/version/file': 'VERSION',
      'SERVICE/image/tags': ['version'],
    },
  ],
  'image.version.pattern': [
    { 'SERVICE/image/version/pattern': 'v=(.*)' },
    {
      'SERVICE/image/version/file': 'VERSION',
      'SERVICE/image/tags': ['version'],
    },
  ],
  'image.sign': [
    { 'SERVICE/image/sign': true },
    { 'SERVICE/image/sign': undefined },
  ],
  'image.scan.severity': [{ 'SERVICE/image/scan/severity': 'low' }],
  'image.scan.ignoreUnfixed': [
    { 'SERVICE/image/scan/ignoreUnfixed': true },
    { 'SERVICE/image/scan/severity': 'low' },
  ],
  'image.timeoutMinutes': [{ 'SERVICE/image/timeoutMinutes': 33 }],
};

const SERVICE_TEST: Readonly<Record<string, Sample>> = {
  ...RUN('SERVICE/test'),
  source: [{ 'SERVICE/test/source': 'src' }],
  'requirements[]': [{ 'SERVICE/test/requirements': ['requirements.txt'] }],
  'suites.*': [{ 'SERVICE/test/suites': { unit: 'tests/unit' } }],
};

const TARGET: Readonly<Record<string, Sample>> = {
  type: [{ 'PLACED/target/type': 'custom' }],
  resourceGroup: [{ 'PLACED/target/resourceGroup': 'other' }],
  name: [{ 'PLACED/target/name': 'other' }],
  container: [{ 'PLACED/target/container': 'other' }],
  image: [{ 'PLACED/target/image': 'registry.example.test/other' }],
  minReplicas: [{ 'PLACED/target/minReplicas': 2 }],
  maxReplicas: [{ 'PLACED/target/maxReplicas': 9 }],
  strategy: [
    { 'PLACED/target/strategy': 'canary' },
    { 'PLACED/target/strategy': undefined, 'PLACED/target/canary': undefined },
  ],
  ...Object.fromEntries(
    Object.entries({
      percent: 22,
      minutes: 22,
      maxErrors: 22,
      logEntries: 22,
    }).map(([key, value]): [string, Sample] => [
      `canary.${key}`,
      [
        { [`PLACED/target/canary/${key}`]: value },
        { 'PLACED/target/strategy': 'canary' },
      ],
    ]),
  ),
  'release.directory': [{ 'PLACED/target/release/directory': '/opt/other' }],
  'release.unit': [{ 'PLACED/target/release/unit': 'other.service' }],
  'release.environmentFile': [
    { 'PLACED/target/release/environmentFile': '/etc/other.env' },
  ],
  'release.keep': [{ 'PLACED/target/release/keep': 9 }],
  'configFile.source': [{ 'PLACED/target/configFile/source': 'other.conf' }],
  'configFile.path': [{ 'PLACED/target/configFile/path': '/etc/other.conf' }],
  'configFile.backupDirectory': [
    { 'PLACED/target/configFile/backupDirectory': '/var/other' },
  ],
  'configFile.owner': [{ 'PLACED/target/configFile/owner': 'other' }],
  'configFile.reload': [
    { 'PLACED/target/configFile/reload': 'freeswitch-xml' },
  ],
  'health.url': [{ 'PLACED/target/health/url': 'http://127.0.0.1:99/' }],
  'health.keyVariable': [
    { 'PLACED/target/health/keyVariable': 'KEY' },
    { 'PLACED/target/health/url': 'http://127.0.0.1:99/' },
  ],
  'health.keyHeader': [
    { 'PLACED/target/health/keyHeader': 'X-Other' },
    { 'PLACED/target/health/url': 'http://127.0.0.1:99/' },
  ],
  'health.udpPort': [{ 'PLACED/target/health/udpPort': 5060 }],
  namespace: [{ 'PLACED/target/namespace': 'other' }],
  workload: [{ 'PLACED/target/workload': 'StatefulSet' }],
  region: [{ 'PLACED/target/region': 'eu-west-3' }],
  cluster: [{ 'PLACED/target/cluster': 'other' }],
  service: [{ 'PLACED/target/service': 'other' }],
  taskDefinition: [{ 'PLACED/target/taskDefinition': 'other' }],
  repository: [{ 'PLACED/target/repository': 'other' }],
  workflow: [{ 'PLACED/target/workflow': 'other.yml' }],
  'inputs.*': [{ 'PLACED/target/inputs/other': 'value' }],
  releaseInput: [{ 'PLACED/target/releaseInput': 'other' }],
  releaseValue: [{ 'PLACED/target/releaseValue': 'version' }],
  platform: [{ 'PLACED/target/platform': 'other' }],
  'settings.*': [{ 'PLACED/target/settings': { other: 'value' } }],
};

const PLACED: Readonly<Record<string, Sample>> = {
  url: [{ 'PLACED/url': 'https://other.example.test' }],
  ...under('target', TARGET),
  'deploy.environment.*': [{ 'PLACED/deploy/environment': { OTHER: 'text' } }],
  ...settings('deploy.environment.*', 'PLACED/deploy/environment/OTHER'),
  'deploy.include[]': [{ 'PLACED/deploy/include': ['other'] }],
  'deploy.watch.minutes': [{ 'PLACED/deploy/watch': { minutes: 7 } }],
  'deploy.watch.seconds': [
    { 'PLACED/deploy/watch/seconds': 7 },
    { 'PLACED/deploy/watch': { minutes: 7 } },
  ],
  'deploy.watch.failures': [
    { 'PLACED/deploy/watch/failures': 7 },
    { 'PLACED/deploy/watch': { minutes: 7 } },
  ],
  'deploy.secrets[].name': [
    { 'PLACED/deploy/secrets': [{ name: 'other', awsSecret: 'one' }] },
  ],
  'deploy.secrets[].awsSecret': [
    { 'PLACED/deploy/secrets': [{ name: 'one', awsSecret: 'other' }] },
  ],
  ...Object.fromEntries(
    Object.entries({
      url: 'https://other.example.test',
      query: 'other',
      maximum: 9,
      'token/secret': 'OTHER',
    }).map(([key, value]): [string, Sample] => [
      `deploy.metric.${key.replace('/', '.')}`,
      [
        { [`PLACED/deploy/metric/${key}`]: value },
        {
          'PLACED/target/strategy': 'canary',
          'PLACED/deploy/metric': {
            url: 'https://one.example.test',
            query: 'up',
            maximum: 1,
          },
        },
      ],
    ]),
  ),
  'deploy.timeoutMinutes': [{ 'PLACED/deploy/timeoutMinutes': 177 }],
  'verify.path': [{ 'PLACED/verify/path': '/other' }],
  'verify.statuses[]': [{ 'PLACED/verify/statuses': [200, 204] }],
  'verify.attempts': [{ 'PLACED/verify/attempts': 5 }],
  'verify.seconds': [{ 'PLACED/verify/seconds': 3 }],
  'jobs[].job': [{ 'PLACED/jobs': [{ workflow: 'WORKFLOW', job: 'other' }] }],
  'jobs[].workflow': [
    { 'PLACED/jobs': [{ workflow: 'other.yml', job: 'other' }] },
  ],
  'jobs[].matrix.*': [
    {
      'PLACED/jobs': [
        { workflow: 'WORKFLOW', job: 'other', matrix: { part: 'x' } },
      ],
    },
    { 'PLACED/jobs': [{ workflow: 'WORKFLOW', job: 'other' }] },
  ],
  'jobs[].commit': [
    {
      'PLACED/jobs': [
        { workflow: 'WORKFLOW', job: 'other', commit: 'triggering-run' },
      ],
    },
    { 'PLACED/jobs': [{ workflow: 'WORKFLOW', job: 'other' }] },
  ],
};

const REPOSITORY_TESTS: Readonly<Record<string, Sample>> = {
  ...RUN('TESTS'),
  ...under(
    'tools',
    Object.fromEntries(
      Object.entries({
        python: '3.9',
        node: '9',
        rust: '1.9',
        k6: '1.2.9',
        kubectl: '1.9.0',
        terraform: '1.9.0',
        cargo: ['cargo-other'],
      }).map(([key, value]): [string, Sample] => [
        key === 'cargo' ? 'cargo[]' : key,
        [{ [`TESTS/tools/${key}`]: value }],
      ]),
    ),
  ),
  'commands[]': [{ 'TESTS/commands': ['make other'] }],
  'scan.type': [{ 'TESTS/scan': { type: 'codeql', languages: ['go'] } }],
  'scan.languages[]': [{ 'TESTS/scan/languages': ['go'] }],
  'scan.severity': [{ 'TESTS/scan/severity': 'low' }],
  'scan.tag': [{ 'TESTS/scan/tag': 'other' }],
  'scan.licence': [{ 'TESTS/scan/licence': 'OTHER' }],
  'reports.test': [{ 'TESTS/reports/test': 'other.xml' }],
  'reports.coverage': [{ 'TESTS/reports/coverage': 'other.xml' }],
  'reports.security': [{ 'TESTS/reports/security': 'other.xml' }],
  'reports.performance': [{ 'TESTS/reports/performance': 'other.xml' }],
  'artifacts[]': [{ 'TESTS/artifacts': ['other'] }],
  'services[]': [{ 'TESTS/services': ['api'] }],
  'before[]': [{ 'TESTS/before': ['staging'] }],
  'on[]': [{ 'TESTS/on': ['push', 'pull-request'] }],
  'branches[]': [{ 'TESTS/branches': ['next'] }],
  'matrix.*[]': [{ 'TESTS/matrix': { other: ['a', 'b'] } }],
  'issue.title': [{ 'TESTS/issue': { title: 'Other' } }],
  'issue.labels[]': [
    { 'TESTS/issue/labels': ['other'] },
    { 'TESTS/issue': { title: 'Other' } },
  ],
  'after[]': [{ 'TESTS/after': ['api'] }],
  in: [{ 'TESTS/in': 'production' }],
  workflow: [{ 'TESTS/workflow': 'other.yml' }],
  title: [{ 'TESTS/title': 'Other' }],
  schedule: [{ 'TESTS/schedule': '3 3 * * 3' }],
  suite: [{ 'TESTS/suite': 'other' }],
  mode: [{ 'TESTS/mode': 'other' }],
  modeInput: [{ 'TESTS/modeInput': 'other' }],
  'pushPaths[]': [{ 'TESTS/pushPaths': ['other/**'] }],
  needs: [{ 'TESTS/needs': 'NEEDED' }],
  'compose[]': [{ 'TESTS/compose': ['other.yml'] }],
  login: [{ 'TESTS/login': 'azure' }],
  'waitFor[]': [{ 'TESTS/waitFor': ['https://other.example.test'] }],
  waitSeconds: [{ 'TESTS/waitSeconds': 60 }],
  'results.url': [
    { 'TESTS/results': { url: 'https://other.example.test', key: 'ONE' } },
  ],
  'results.key': [
    { 'TESTS/results': { url: 'https://one.example.test', key: 'OTHER' } },
    { 'TESTS/results': { url: 'https://one.example.test', key: 'ONE' } },
  ],
  artifactDays: [{ 'TESTS/artifactDays': 3 }],
};

/** A value for every key of `deploy.yaml` that workflows are made of, by what it is about. */
export const SAMPLES = {
  pipeline: under('spec.pipeline', PIPELINE),
  environment: under('spec.environments[]', STAGE),
  service: under('spec.services.*', SERVICE),
  serviceTest: under('spec.services.*.test', SERVICE_TEST),
  placed: under('spec.services.*.environments.*', PLACED),
  tests: under('spec.tests.*', REPOSITORY_TESTS),
} as const;
