import { GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { sampleGate, sampleGates } from '../src/__testUtils__/evidenceSamples';
import { minutesAgo, sampleCommit } from '../src/__testUtils__/samples';

const release = { commit: sampleCommit('9f8e7d6'), version: 'v1.5.0-rc.1' };
const measuredCommit = release.commit;

const coverageFails = sampleGate({
  state: 'fail',
  reason: 'Line coverage is 78.996 %, at least 79 % is asked.',
  actual: 78.996,
  measuredCommit,
  checks: [
    {
      operator: 'minimum',
      state: 'fail',
      reason: 'Line coverage is 78.996 %, at least 79 % is asked.',
      actual: 78.996,
      threshold: 79,
      unit: 'percent',
    },
  ],
});

const scanFails = sampleGate({
  name: 'no-critical',
  title: 'No critical vulnerability',
  state: 'fail',
  reason: '1 finding of critical severity is open, at most 0 are asked.',
  actual: 1,
  threshold: 0,
  unit: 'count',
  evidenceType: 'security',
  evidenceIds: [
    'normal:security-image---50',
    'normal:security-dependencies---52',
  ],
  measuredCommit,
  checks: [
    {
      operator: 'maximum',
      state: 'fail',
      reason: '1 finding of critical severity is open, at most 0 are asked.',
      actual: 1,
      threshold: 0,
      unit: 'count',
    },
    {
      operator: 'completed',
      state: 'pass',
      reason: 'The scan came to its end.',
    },
    {
      operator: 'maxAge',
      state: 'pass',
      reason: 'The report is 50 minutes old, at most 1 day is asked.',
      actual: 3000,
      threshold: 86_400,
      unit: 's',
    },
  ],
});

const testsPending = sampleGate({
  name: 'post-deployment',
  title: 'Post-deployment tests',
  state: 'pending',
  reason:
    'No test report of suite post-deployment (azure) for commit 9f8e7d6 has come in yet. It fails in 48 minutes.',
  checks: [],
  actual: undefined,
  threshold: undefined,
  unit: undefined,
  evidenceType: 'test',
  evidenceIds: [],
  measuredCommit: undefined,
  measuredAt: undefined,
  ageSeconds: undefined,
});

const latencyPasses = sampleGate({
  name: 'latency',
  title: '95th percentile of the baseline scenario',
  reason: 'latency.p95 is 512 ms, less than 600 ms is asked.',
  actual: 512,
  threshold: 600,
  unit: 'ms',
  evidenceType: 'performance',
  evidenceIds: ['normal:performance---staging-70'],
  measuredCommit,
  checks: [
    {
      operator: 'lessThan',
      state: 'pass',
      reason: 'latency.p95 is 512 ms, less than 600 ms is asked.',
      actual: 512,
      threshold: 600,
      unit: 'ms',
    },
  ],
});

const carriedForward = sampleGate({
  carriedForward: true,
  measuredCommit: sampleCommit('5e5e5e5'),
  measuredAt: minutesAgo(3 * 24 * 60),
  reason:
    'Line coverage is 81.2 %, at least 79 % is asked; measured on 5e5e5e5, since when no path of the service has changed.',
});

const waived = sampleGate({
  ...scanFails,
  state: 'waived',
  waiver: {
    id: 'waiver-1',
    grantedBy: 'user:default/omar',
    reason:
      'The flaw is in the part of libssl3 that parses client certificates, which this service does not accept. Image is rebuilt tonight.',
    grantedAt: minutesAgo(90),
    expiresAt: minutesAgo(-6 * 60),
  },
});

function of(
  environment: string,
  ...results: ReturnType<typeof sampleGate>[]
): GateSummary {
  return sampleGates(
    results.map(result => ({
      ...result,
      environment,
      id: `${environment}|${result.name}`,
      evidenceIds: result.evidenceIds.map(id =>
        id === 'coverage-1' ? 'normal:coverage-unit---1440' : id,
      ),
    })),
    release,
  );
}

/** Gates by service of the gallery and environment. */
export function gatesOf(
  service: string,
  environment: string,
): GateSummary | undefined {
  if (service === 'carried-forward') {
    return of(environment, carriedForward, latencyPasses);
  }
  if (service === 'waived') {
    return of(environment, waived, latencyPasses, carriedForward);
  }
  if (environment === 'development') {
    return sampleGates([], release);
  }
  if (environment === 'staging') {
    return of(environment, sampleGate({ measuredCommit }), testsPending);
  }
  if (service === 'long-names') {
    return of(environment, {
      ...coverageFails,
      title:
        'Line coverage of the customer-facing confidential services in Europe and beyond, without generated code',
    });
  }
  return of(environment, coverageFails, scanFails, testsPending, latencyPasses);
}
