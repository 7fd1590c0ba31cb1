import { Turn } from '../turnOn';

/** Of tests of several services, wherever they run. */
export const TESTS: readonly Turn[] = [
  {
    '#': 'tests that report nothing do not say what they are about',
    'spec/pipeline/portal': undefined,
  },
  { 'spec/pipeline/pullRequests': true },
  {
    '#': 'without change detection there are no paths to take the directory from',
    'spec/pipeline/safetyLevel': 4,
  },
  { 'spec/pipeline/safetyLevel': 5 },
  {
    '#': 'which services have no entity is not said',
    'spec/services/api/entity': undefined,
  },
  {
    '#': 'tests that report nothing do not say where they are run',
    'spec/environments/0/deploy': { workflow: 'to-staging.yml' },
    'spec/environments/1/deploy': { workflow: 'to-production.yml' },
    // What comes by another workflow is not waited for.
    'spec/tests/before/in': undefined,
  },
  { 'spec/tests/scan/scan': { type: 'dependencies', severity: 'critical' } },
  { 'spec/tests/after': undefined },
  { 'spec/tests/after/after': ['web'] },
  { 'spec/tests/after/in': 'production' },
  { 'spec/tests/after/reports': { test: 'results.xml' } },
  { 'spec/tests/after/reports': { performance: 'out.json' } },
  { 'spec/tests/after/artifacts': ['html'] },
  {
    'spec/tests/after/artifacts': ['html'],
    'spec/tests/after/artifactDays': 30,
  },
  { 'spec/tests/after/timeoutMinutes': 9 },
  { 'spec/tests/after/matrix': { kind: ['a', 'b'] } },
  { 'spec/tests/after/waitFor': ['https://other.example.test/ready'] },
  {
    'spec/tests/after/waitFor': ['https://other.example.test'],
    'spec/tests/after/waitSeconds': 60,
  },
  { 'spec/tests/after/login': 'azure' },
  {
    'spec/tests/after/environment': {
      A: 'b',
      S: { secret: 'T' },
      V: { variable: 'W' },
    },
  },
  { 'spec/tests/after/issue': { title: 'Smoke failed' } },
  { 'spec/tests/after/compose': ['compose.yml', 'compose.ci.yml'] },
  { 'spec/tests/after/directory': 'smoke' },
  {
    'spec/tests/after/results': {
      url: 'https://results.example.test/x',
      key: 'RESULTS',
    },
    'spec/tests/after/reports': { test: 'r.xml' },
  },
  {
    'spec/tests/after/suite': 'first',
    'spec/tests/after/reports': { test: 'results.xml' },
  },
  {
    'spec/tests/before': {
      language: 'python',
      version: '3.12',
      before: ['production'],
      directory: 'e2e',
    },
  },
  {
    'spec/tests/before': {
      language: 'python',
      version: '3.12',
      before: ['production'],
      in: 'staging',
      directory: 'e2e',
      reports: { performance: 'p.json' },
    },
  },
  {
    'spec/tests/before': {
      language: 'typescript',
      version: '22',
      before: ['staging', 'production'],
      directory: 'e2e',
    },
  },
  {
    'spec/tests/before': {
      language: 'rust',
      version: '1.89',
      before: ['staging'],
      reports: { test: 'junit.xml' },
    },
  },
  {
    'spec/tests/before': {
      language: 'rust',
      version: '1.89',
      before: ['staging'],
    },
  },
  {
    'spec/tests/before': {
      language: 'none',
      before: ['staging'],
      scan: { type: 'codeql', languages: ['python', 'rust'] },
    },
  },
  { 'spec/tests/before': undefined },
  { 'spec/tests/before/in': undefined },
  {
    'spec/tests/before/before': ['staging', 'production'],
    'spec/tests/before/in': undefined,
  },
  { 'spec/tests/before/services': ['api'] },
  { 'spec/tests/before/reports': { test: 'results.xml' } },
  {
    'spec/tests/before/reports': {
      test: 'r.xml',
      coverage: 'c.xml',
      security: 's.sarif',
      performance: 'p.json',
    },
  },
  {
    'spec/tests/before/reports': { test: 'results.xml' },
    'spec/tests/before/suite': 'contract',
  },
  {
    'spec/tests/before/reports': { test: 'results.xml' },
    'spec/tests/before/services': ['web'],
  },
  { 'spec/tests/before/artifacts': ['html', 'logs'] },
  {
    'spec/tests/before/reports': { test: 'out/results.xml' },
    'spec/tests/before/artifactDays': 21,
  },
  { 'spec/tests/before/matrix': { kind: ['a', 'b'] } },
  {
    'spec/tests/before/matrix': { kind: ['a', 'b'] },
    'spec/tests/before/reports': { test: 'r.xml' },
  },
  {
    'spec/tests/before/tools': {
      python: '3.12',
      node: '22',
      rust: '1.89',
      k6: '1.2.1',
      kubectl: '1.33.0',
      terraform: '1.9.0',
      cargo: ['cargo-nextest'],
    },
  },
  {
    'spec/tests/before/commands': [
      'make check',
      'npm run lint -- --max-warnings 0',
    ],
  },
  { 'spec/tests/before/login': 'azure' },
  { 'spec/tests/before/issue': { title: 'Check failed', labels: ['tests'] } },
  {
    'spec/tests/before/databases': [
      { type: 'redis', version: '7', variable: 'CACHE' },
    ],
  },
  { 'spec/tests/before/systemPackages': ['libsodium23'] },
  { 'spec/tests/before/compose': ['compose.yml'] },
  { 'spec/tests/before/environment': { A: { from: 'commit' } } },
  { 'spec/tests/before/timeoutMinutes': 14 },
  { 'spec/tests/before/directory': 'checks' },
  { 'spec/tests/before/waitFor': ['https://other.example.test/ready'] },
  { 'spec/tests/nightly': undefined },
  { 'spec/tests/nightly/title': 'By Night' },
  { 'spec/tests/nightly/on': ['pull-request', 'push'] },
  {
    'spec/tests/nightly/on': ['push'],
    'spec/tests/nightly/branches': ['next'],
  },
  { 'spec/tests/nightly/pushPaths': ['e2e/**'] },
  { 'spec/tests/nightly/mode': 'quick' },
  {
    'spec/tests/nightly/mode': 'quick',
    'spec/tests/nightly/modeInput': 'what',
  },
  {
    'spec/tests/nightly/mode': 'quick',
    'spec/tests/nightly/reports': { test: 'r.xml' },
  },
  { 'spec/tests/nightly/needs': 'python' },
  { 'spec/tests/nightly/login': 'azure' },
  {
    'spec/tests/nightly/login': 'azure',
    'spec/tests/nightly/in': 'staging',
    'spec/tests/nightly/reports': { test: 'r.xml' },
  },
  {
    'spec/tests/nightly/reports': { test: 'r.xml' },
    'spec/tests/nightly/services': ['api'],
  },
  {
    'spec/tests/nightly/artifacts': ['html'],
    'spec/tests/nightly/artifactDays': 2,
  },
  { 'spec/tests/nightly/issue': { title: 'Night failed', labels: ['night'] } },
  { 'spec/tests/nightly/matrix': { kind: ['a', 'b'], size: ['s', 'm'] } },
  { 'spec/tests/python/select': 'slow and not flaky' },
  { 'spec/tests/python/packages': ['httpx', 'locust'] },
  { 'spec/tests/python/localPackages': ['common'] },
  { 'spec/tests/python/systemPackages': ['libpq5', 'jq'] },
  { 'spec/tests/python/compose': ['compose.yml'] },
  {
    'spec/tests/python/databases': [
      { type: 'postgresql', version: '16', variable: 'DB' },
    ],
  },
  { 'spec/tests/python/environment': { A: 'b', S: { secret: 'T' } } },
  { 'spec/tests/python/timeoutMinutes': 44 },
  {
    'spec/tests/python/results': {
      url: 'https://results.example.test',
      key: 'RESULTS',
    },
  },
  {
    'spec/tests/python/waitFor': [
      'https://a.example.test/x',
      'https://b.example.test',
    ],
    'spec/tests/python/waitSeconds': 120,
  },
  { 'spec/tests/python/services': ['web'] },
  {
    'spec/tests/python/suite': 'e2e',
  },
  {
    'spec/tests/python/artifacts': ['shots'],
    'spec/tests/python/artifactDays': 3,
  },
  { 'spec/tests/python/mode': 'slow' },
  { 'spec/tests/python/directory': undefined },
  { 'spec/tests/scan': undefined },
  { 'spec/tests/scan/scan': { type: 'codeql', languages: ['python', 'rust'] } },
  {
    'spec/tests/scan/scan': {
      type: 'codeql',
      languages: ['python'],
      severity: 'medium',
    },
  },
  { 'spec/tests/scan/scan': { type: 'secrets', licence: 'LEAKS' } },
  {
    'spec/tests/scan/scan': { type: 'commits' },
    'spec/tests/scan/on': ['pull-request'],
  },
  { 'spec/tests/scan/scan/severity': 'low' },
  { 'spec/tests/scan/services': ['web'] },
  { 'spec/tests/scan/suite': 'sca' },
  { 'spec/tests/scan/schedule': '3 3 * * 3' },
  { 'spec/tests/scan/timeoutMinutes': 8 },
  { 'spec/tests/scan/issue': { title: 'Vulnerable' } },
];
