import { Turn } from '../turnOn';

/** Of the pipeline, services and Container Apps. */
export const APPS: readonly Turn[] = [
  { 'spec/environments/0/url': 'https://staging.example.test' },
  {
    'spec/evidence': {
      refs: ['main'],
      workflows: ['deploy.yml'],
      events: ['workflow_run'],
    },
  },
  {
    'spec/services/web/migrations': {
      paths: ['web/migrations/*.py'],
      irreversible: ['web/migrations/*_drop_*.py'],
    },
  },
  {
    'spec/services/web/environments/production/version': {
      url: 'https://web-production.example.test/version',
      commit: '$.commit',
    },
  },
  {
    'spec/services/web/environments/production/workflows': {
      integrationTests: {
        workflow: 'nightly.yml',
        ref: 'main',
        inputs: { kind: 'all' },
        releaseInput: 'commit',
        timeoutMinutes: 20,
      },
      smokeTest: {
        workflow: 'smoke.yml',
        ref: 'main',
        inputs: { kind: 'smoke' },
        releaseInput: 'commit',
        timeoutMinutes: 10,
      },
      deploy: {
        workflow: 'deploy.yml',
        ref: 'main',
        inputs: { force: 'web' },
        releaseInput: 'commit',
        timeoutMinutes: 30,
      },
    },
  },
  {
    'spec/services/web/environments/production/rollback': {
      automatic: true,
      checks: 5,
      secondsBetweenChecks: 20,
      withinDays: 30,
    },
  },
  {
    'spec/environments/1/promotion': {
      approvals: [{ required: 1 }],
      automatic: false,
    },
  },
  { 'spec/gates': { tests: { test: 'failed', maximum: 0 } } },
  { 'spec/gates': { coverage: { coverage: 'lines', minimum: 60 } } },
  {
    'spec/services/web/environments/staging/jobs': [
      { workflow: 'deploy.yml', job: 'to-staging' },
    ],
  },
  {
    '#': 'whose paths and tests are whose is not said of what comes together',
    'spec/services/web/environments/staging/jobs': [
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
  { 'spec/pipeline/workflow': 'release.yml' },
  { 'spec/pipeline/title': 'Release' },
  { 'spec/pipeline/branches': ['trunk', 'release/**'] },
  { 'spec/pipeline/pullRequests': true },
  { 'spec/pipeline/runner': 'ubuntu-22.04' },
  { 'spec/pipeline/audience': 'other' },
  { 'spec/pipeline/portal': undefined },
  {
    '#': 'without change detection there are no paths to take the directory from',
    'spec/pipeline/safetyLevel': 4,
  },
  { 'spec/pipeline/safetyLevel': 5 },
  { 'spec/pipeline/serviceInput': 'only' },
  { 'spec/pipeline/failureIssue': {} },
  { 'spec/pipeline/failureIssue': { labels: ['bug', 'deployment'] } },
  { 'spec/pipeline/failureMessage': { slack: 'CHAT' } },
  { 'spec/pipeline/cleanup': { days: 30 } },
  { 'spec/pipeline/cleanup': { days: 60, schedule: '4 5 * * 6', keep: 3 } },
  {
    'spec/pipeline/safetyLevel': 5,
    'spec/pipeline/terraform': { directory: 'infra', version: '1.9.0' },
  },
  {
    '#': 'what nobody shares is its own',
    'spec/services/web/sharedPaths': ['common/**'],
  },
  {
    'spec/services/web/sharedPaths': ['common/**'],
    'spec/services/api/sharedPaths': ['common/**'],
  },
  { 'spec/services/web/paths': ['web/**', 'pages/*.html'] },
  {
    '#': 'what nobody shares is its own',
    'spec/services/web/paths': ['base/**'],
    'spec/services/web/sharedPaths': ['basex/**'],
  },
  { 'spec/services/api/test': { language: 'typescript', version: '22' } },
  {
    'spec/services/api/test': {
      language: 'rust',
      version: '1.89',
      source: 'src',
    },
  },
  {
    'spec/services/api/test': {
      language: 'typescript',
      version: '22',
      packages: ['vitest'],
      localPackages: ['lib'],
    },
  },
  { 'spec/services/api/testedBy': ['web'] },
  { 'spec/services/web/test': undefined },
  { 'spec/services/web/test/localPackages': ['common'] },
  { 'spec/services/web/test/packages': ['httpx', 'pytest-asyncio'] },
  { 'spec/services/web/test/systemPackages': ['libpq5'] },
  {
    'spec/services/web/test/databases': [
      { type: 'postgresql', version: '16', variable: 'DB' },
    ],
  },
  {
    'spec/services/web/test/databases': [
      { type: 'postgresql', version: '17', variable: 'DB' },
      { type: 'redis', version: '7', variable: 'CACHE' },
    ],
  },
  {
    'spec/services/web/test/environment': {
      A: 'b',
      S: { secret: 'T' },
      V: { variable: 'W' },
      C: { from: 'commit' },
    },
  },
  { 'spec/services/web/test/select': 'not slow' },
  { 'spec/services/web/test/timeoutMinutes': 44 },
  { 'spec/services/web/test/directory': 'web/server' },
  { 'spec/services/web/test/source': 'app' },
  {
    'spec/services/web/test/requirements': [
      'requirements.txt',
      'web/requirements.txt',
    ],
  },
  {
    'spec/services/web/test/suites': {
      unit: 'tests/unit',
      contract: 'tests/contract',
    },
  },
  {
    'spec/services/web/gates': { coverage: { coverage: 'lines', minimum: 81 } },
  },
  {
    'spec/services/web/gates': {
      'image-size': { performance: 'image.size', unit: 'MB', lessThan: 500 },
    },
  },
  { 'spec/services/web/image/context': 'web' },
  { 'spec/services/web/image/target': 'runtime' },
  { 'spec/services/web/image/platforms': ['linux/arm64'] },
  { 'spec/services/web/image/platforms': ['linux/amd64', 'linux/arm64'] },
  { 'spec/services/web/environments/staging/target/container': 'web' },
  {
    'spec/services/web/environments/staging/target/minReplicas': 2,
    'spec/services/web/environments/staging/target/maxReplicas': 5,
  },
  { 'spec/services/web/environments/staging/target/connection': 'azure' },
  {
    '#': 'the portal moves the canaries of Container Apps',
    'spec/services/web/environments/production/target/strategy': 'canary',
    'spec/services/web/environments/production/target/canary': {
      percent: 20,
      minutes: 7,
      maxErrors: 2,
      logEntries: 40,
    },
  },
  { 'spec/services/web/environments/production/url': undefined },
  {
    'spec/services/web/environments/production/deploy': {
      environment: {
        A: 'b',
        S: { secret: 'T' },
        V: { variable: 'W' },
        C: { from: 'commit' },
        R: { from: 'repository' },
      },
    },
  },
  {
    'spec/services/web/environments/production/deploy': { timeoutMinutes: 150 },
  },
  {
    'spec/services/web/environments/production/verify': {
      path: '/ready',
      statuses: [200, 204],
      attempts: 8,
      seconds: 3,
    },
  },
  { 'spec/services/web/environments/production': undefined },
  { 'spec/services/api/environments/production': undefined },
  {
    'spec/environments/0/deploy': {
      workflow: 'deploy-staging.yml',
      title: 'To Staging',
    },
    'spec/environments/1/deploy': { workflow: 'deploy-production.yml' },
  },
  {
    'spec/environments/1/deploy': { branches: ['release/**'] },
    'spec/pipeline/branches': ['main', 'release/**'],
  },
  { 'spec/environments/1/deploy': { tags: ['v*'] } },
  { 'spec/environments/1/deploy': { tags: ['v*'], signedTags: true } },
  {
    'spec/environments/1/name': 'live',
    'spec/services/web/environments/production': undefined,
    'spec/services/api/environments/production': undefined,
  },
];
