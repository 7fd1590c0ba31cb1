import { Turn } from '../turnOn';

/** Of virtual machines at Azure. */
export const MACHINES: readonly Turn[] = [
  { 'spec/pipeline/storage/account': { from: 'repository' } },
  { 'spec/pipeline/storage/account': { secret: 'ACCOUNT' } },
  { 'spec/pipeline/storage/account': 'shopreleases' },
  {
    '#': 'what nobody shares is its own',
    'spec/services/queue/sharedPaths': ['common/**'],
  },
  {
    'spec/services/queue/environments/production/deploy': {
      include: ['queue', 'config/queue.json'],
    },
  },
  {
    'spec/services/queue/environments/production/deploy': {
      timeoutMinutes: 155,
    },
  },
  { 'spec/services/queue/environments/production/target/release/keep': 7 },
  {
    'spec/services/queue/environments/production/target/release/environmentFile':
      '/etc/queue.env',
  },
  {
    'spec/services/queue/environments/production/target/health': {
      url: 'http://127.0.0.1:8080/health',
    },
  },
  {
    'spec/services/queue/environments/production/target/health': {
      url: 'http://127.0.0.1:8080/health',
      keyVariable: 'KEY',
      keyHeader: 'X-Key',
    },
    'spec/services/queue/environments/production/target/release/environmentFile':
      '/etc/queue.env',
  },
  {
    'spec/services/queue/environments/production/target/health': {
      udpPort: 5060,
    },
  },
  { 'spec/services/queue/environments/production/target/connection': 'azure' },
  {
    'spec/services/queue/environments/production/verify': {
      statuses: [200, 204],
    },
    'spec/services/queue/environments/production/target/health': {
      url: 'http://127.0.0.1:8080/health',
    },
  },
  {
    'spec/services/proxy/environments/production/target/configFile/owner':
      'proxy:proxy',
  },
  {
    'spec/services/proxy/environments/production/target/configFile/reload':
      'freeswitch-xml',
  },
  {
    'spec/services/proxy/environments/production/deploy': {
      timeoutMinutes: 155,
    },
  },
];

/** Of ECS, and Terraform. */
export const TASKS: readonly Turn[] = [
  { 'spec/pipeline/aws/buildRole': { from: 'repository' } },
  {
    'spec/pipeline/safetyLevel': 5,
    'spec/pipeline/terraform': { directory: 'infra', version: '1.9.0' },
    'spec/pipeline/aws/planRole': { from: 'repository' },
  },
  { 'spec/pipeline/aws/buildRole': { secret: 'BUILD' } },
  { 'spec/pipeline/aws/deployRole': { from: 'repository' } },
  { 'spec/pipeline/aws/deployRole': { secret: 'ROLE' } },
  { 'spec/pipeline/aws/deployRole': 'arn:aws:iam::123456789012:role/deploy' },
  { 'spec/pipeline/aws/passRoles': ['taskRole', 'executionRole'] },
  { 'spec/pipeline/aws/buildRole': { variable: 'BUILD' } },
  {
    '#': 'without change detection there are no paths to take the directory from',
    'spec/pipeline/safetyLevel': 4,
  },
  {
    'spec/services/web/environments/production/target/taskDefinition':
      'web-family',
  },
  { 'spec/services/web/environments/production/target/container': 'nginx' },
  { 'spec/services/web/environments/production/target/repository': 'shop/web' },
  { 'spec/services/web/environments/production/target/region': 'us-east-1' },
  { 'spec/services/web/environments/production/target/strategy': 'blue-green' },
  { 'spec/services/web/environments/production/target/connection': 'aws' },
  {
    'spec/services/web/environments/production/deploy': {
      watch: { minutes: 15 },
    },
  },
  {
    'spec/services/web/environments/production/deploy': {
      watch: { minutes: 7, seconds: 20, failures: 5 },
    },
  },
  {
    'spec/services/web/environments/production/deploy': { timeoutMinutes: 95 },
  },
  {
    'spec/services/web/environments/production/verify': {
      path: '/ready',
      statuses: [200, 204],
    },
  },
  { 'spec/services/web/image/platforms': ['linux/arm64'] },
  { 'spec/services/web/image/context': 'web' },
  { 'spec/services/web/image/target': 'runtime' },
  {
    'spec/services/web/gates': {
      'image-size': { performance: 'image.size', unit: 'MB', lessThan: 500 },
    },
  },
  {
    'spec/pipeline/safetyLevel': 5,
    'spec/pipeline/terraform': { directory: 'infra', version: '1.9.0' },
  },
  {
    'spec/pipeline/safetyLevel': 5,
    'spec/pipeline/terraform': { directory: 'infra', version: '1.9.0' },
    'spec/pipeline/aws/planRole': { variable: 'PLAN' },
  },
  {
    'spec/pipeline/safetyLevel': 5,
    'spec/pipeline/terraform': { directory: 'infra', version: '1.9.0' },
    'spec/pipeline/aws/planRole': { secret: 'PLAN' },
  },
];

/** Of Kubernetes, and images with jobs of their own. */
export const CLUSTER: readonly Turn[] = [
  { 'spec/services/web/environments/production/target/workload': 'Deployment' },
  {
    'spec/tests': {
      images: {
        language: 'none',
        workflow: 'night.yml',
        schedule: '1 2 * * *',
        scan: { type: 'image', tag: 'stable', severity: 'high' },
      },
    },
  },
  {
    '#': 'without change detection there are no paths to take the directory from',
    'spec/pipeline/safetyLevel': 4,
  },
  { 'spec/pipeline/pullRequests': true },
  { 'spec/environments/0/deploy/kubernetes/kubectl': '1.33.0' },
  {
    'spec/environments/1/deploy/kubernetes/manifests': [
      'k8s/one.yaml',
      'k8s/two',
    ],
  },
  {
    'spec/environments/0/deploy/workflow': 'staging.yml',
    'spec/environments/1/deploy/workflow': 'production.yml',
  },
  {
    'spec/environments/1/deploy/tags': ['v*'],
    'spec/environments/1/deploy/signedTags': true,
  },
  {
    '#': 'the commit is a tag anyway',
    'spec/services/web/image/tags': ['commit', 'branch', 'latest'],
  },
  {
    'spec/services/web/image/tags': [
      'version',
      'version-commit',
      'environment',
      'tag',
    ],
    'spec/services/web/image/version': { file: 'web/package.json' },
    'spec/environments/0/deploy/workflow': 'staging.yml',
    'spec/environments/1/deploy/workflow': 'production.yml',
  },
  {
    'spec/services/web/image/tags': ['version'],
    'spec/services/web/image/version': {
      file: 'web/VERSION',
      pattern: '^(.+)$',
    },
  },
  { 'spec/services/web/image/sign': undefined },
  { 'spec/services/web/image/scan': { severity: 'medium' } },
  {
    'spec/services/web/image/scan': {
      severity: 'critical',
      ignoreUnfixed: true,
    },
  },
  { 'spec/services/web/image/timeoutMinutes': 33 },
  { 'spec/services/web/image/platforms': ['linux/amd64', 'linux/arm64'] },
  { 'spec/services/web/image/target': 'runtime' },
  { 'spec/services/web/image/context': 'web' },
  {
    'spec/services/web/gates': { coverage: { coverage: 'lines', minimum: 80 } },
  },
  {
    'spec/services/api/gates': { coverage: { coverage: 'lines', minimum: 70 } },
  },
  { 'spec/services/api/test/source': 'src' },
  { 'spec/services/web/environments/production/target/container': 'nginx' },
  {
    'spec/services/web/environments/production/target/strategy': 'canary',
    'spec/services/web/environments/production/target/canary': {
      percent: 20,
      minutes: 7,
      maxErrors: 2,
      logEntries: 40,
    },
  },
  {
    'spec/services/web/environments/production/target/strategy': 'canary',
    'spec/services/web/environments/production/deploy': {
      metric: {
        url: 'https://prometheus.example.test',
        query: 'up{a="b"}',
        maximum: 1.5,
      },
    },
  },
  {
    'spec/services/web/environments/production/target/strategy': 'canary',
    'spec/services/web/environments/production/deploy': {
      metric: {
        url: 'https://prometheus.example.test',
        query: 'up',
        maximum: 2,
        token: { secret: 'METRICS' },
      },
    },
  },
  {
    'spec/services/web/environments/staging/deploy': {
      secrets: [
        { name: 'web', awsSecret: 'shop/web' },
        { name: 'db', awsSecret: 'shop/db' },
      ],
    },
  },
  { 'spec/services/web/environments/staging/deploy': { timeoutMinutes: 77 } },
  { 'spec/services/web/environments/staging/verify': { path: '/ready' } },
];

/** Of docker compose. */
export const MACHINE: readonly Turn[] = [
  { 'spec/environments/0/deploy/compose/user': { from: 'repository' } },
  { 'spec/environments/0/deploy/compose/knownHosts': { from: 'repository' } },
  {
    'spec/environments/0/deploy/compose/tailscale': {
      clientId: { from: 'repository' },
      secret: { secret: 'OAUTH' },
      tags: ['tag:ci'],
    },
  },
  {
    'spec/services/web/environments/production/target/ref': 'main',
    'spec/services/api/environments/production/target/ref': 'main',
  },
  { 'spec/environments/0/deploy/compose/host': { from: 'repository' } },
  {
    'spec/environments/0/deploy/compose/tailscale': {
      clientId: { variable: 'CLIENT' },
      secret: { secret: 'OAUTH' },
      tags: ['tag:ci'],
    },
  },
  {
    '#': 'whose paths are whose is not said of what comes together',
    'spec/services/api/paths': ['a/**'],
    'spec/services/web/paths': ['b/**'],
  },
  { 'spec/pipeline/pullRequests': true },
  { 'spec/pipeline/branches': ['trunk'] },
  { 'spec/environments/0/deploy/compose/directory': '/srv/shop' },
  {
    'spec/environments/0/deploy/compose/files': [
      'compose.yml',
      'compose.production.yml',
    ],
  },
  { 'spec/environments/0/deploy/compose/host': { secret: 'HOST' } },
  { 'spec/environments/0/deploy/compose/host': { variable: 'HOST' } },
  { 'spec/environments/0/deploy/compose/user': { secret: 'USERNAME' } },
  { 'spec/environments/0/deploy/compose/user': { variable: 'USERNAME' } },
  { 'spec/environments/0/deploy/compose/knownHosts': { secret: 'HOSTS' } },
  {
    'spec/environments/0/deploy/compose/knownHosts':
      'shop.example.test ssh-ed25519 AAAA',
  },
  {
    'spec/environments/0/deploy/compose/tailscale': {
      clientId: { secret: 'CLIENT' },
      secret: { secret: 'OAUTH' },
      tags: ['tag:ci'],
    },
  },
  {
    'spec/environments/0/deploy/compose/tailscale': {
      clientId: 'k123',
      secret: { secret: 'OAUTH' },
      tags: ['tag:ci', 'tag:deploys'],
    },
  },
  { 'spec/environments/0/deploy/compose/healthSeconds': 45 },
  {
    'spec/environments/0/deploy/compose/environmentFiles': {
      '.env.web': {
        A: 'b',
        S: { secret: 'T' },
        V: { variable: 'W' },
        C: { from: 'commit' },
      },
      'api/.env': { D: 'e' },
    },
  },
  {
    'spec/environments/0/deploy/compose/images': {
      WEB: 'web',
      WORKER: 'web',
      API: 'api',
    },
  },
  {
    'spec/services/web/image/tags': ['version'],
    'spec/services/web/image/version': { file: 'web/package.json' },
    'spec/services/web/environments/production/target/releaseValue': 'version',
    'spec/services/web/environments/production/target/releaseInput': 'version',
    'spec/services/api/image/tags': ['version'],
    'spec/services/api/image/version': { file: 'api/package.json' },
    'spec/services/api/environments/production/target/releaseValue': 'version',
    'spec/services/api/environments/production/target/releaseInput': 'version',
  },
  {
    'spec/services/web/environments/production/target/inputs': {
      service: 'web',
      environment: 'production',
    },
    'spec/services/api/environments/production/target/inputs': {
      service: 'api',
      environment: 'production',
    },
  },
  {
    'spec/services/web/environments/production/target/releaseInput': 'release',
    'spec/services/api/environments/production/target/releaseInput': 'release',
  },
  {
    'spec/services/web/environments/production/deploy': { timeoutMinutes: 99 },
  },
  {
    'spec/services/web/environments/production/verify': { path: '/ready' },
    'spec/services/api/environments/production/verify': { path: '/ready' },
  },
  { 'spec/services/web/test': { language: 'python', version: '3.12' } },
  {
    'spec/services/web/sharedPaths': ['compose.yml'],
    'spec/services/api/sharedPaths': ['compose.yml'],
  },
];

/** Of deployments after another workflow, and by hand. */
export const FILES: readonly Turn[] = [
  {
    'spec/services/web/environments/staging/jobs': [
      { workflow: 'cd.yml', job: 'to-staging', commit: 'triggering-run' },
    ],
  },
  { 'spec/pipeline/manual': { workflow: 'by-hand.yml' } },
  { 'spec/pipeline/manual': { workflow: 'by-hand.yml', title: 'By Hand' } },
  { 'spec/pipeline/branches': ['main', 'release/**'] },
  { 'spec/pipeline/failureMessage': { slack: 'CHAT' } },
  { 'spec/tests/unit': undefined, 'spec/pipeline/after/title': 'CI' },
  { 'spec/tests/unit/title': 'All Tests' },
  { 'spec/tests/unit/branches': ['next'] },
  {
    'spec/services/web/image/repository':
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web',
  },
  { 'spec/services/web/image/sign': true },
];
