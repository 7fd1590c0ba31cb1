import {
  CoverageSummary,
  Evidence,
  EvidenceDetail,
  EvidenceSummary,
  GateResult,
  GateSummary,
  PerformanceSummary,
  SecuritySummary,
  summariseGates,
  TestSummary,
  Trends,
  TrendSeries,
} from '@vvp/backstage-plugin-deploy-common';
import { minutesAgo, sampleCommit } from './samples';

const day = 24 * 60;

/**
 * Sums that stand for each type of evidence.
 *
 * @internal
 */
export const sampleSummaries = {
  coverage: (part: Partial<CoverageSummary> = {}): CoverageSummary => ({
    type: 'coverage',
    files: 42,
    lines: { covered: 812, total: 1000 },
    branches: { covered: 300, total: 400 },
    ...part,
  }),
  test: (part: Partial<TestSummary> = {}): TestSummary => ({
    type: 'test',
    total: 120,
    passed: 120,
    failed: 0,
    skipped: 0,
    flaky: 0,
    suites: 9,
    durationSeconds: 48.2,
    ...part,
  }),
  security: (part: Partial<SecuritySummary> = {}): SecuritySummary => ({
    type: 'security',
    completed: true,
    bySeverity: { critical: 0, high: 1, medium: 2, low: 0, info: 0 },
    byCategory: {},
    suppressed: 0,
    ...part,
  }),
  performance: (
    part: Partial<PerformanceSummary> = {},
  ): PerformanceSummary => ({
    type: 'performance',
    measurements: [
      { scenario: 'baseline', metric: 'latency.p95', value: 412, unit: 'ms' },
      {
        scenario: 'baseline',
        metric: 'error.rate',
        value: 0.002,
        unit: 'ratio',
      },
    ],
    ...part,
  }),
};

/**
 * A report; what is given replaces what is made up.
 *
 * @internal
 */
export function sampleEvidence(
  part: Partial<Evidence> & { summary: EvidenceSummary; minutesAgo?: number },
): Evidence {
  const { minutesAgo: age = 60, ...given } = part;
  const formats = {
    coverage: 'cobertura',
    test: 'junit',
    security: 'sarif',
    performance: 'k6',
  } as const;
  const { type } = given.summary;
  const measuredAt = given.measuredAt ?? minutesAgo(age);
  return {
    id: [type, given.suite, given.mode, given.environment, age].join('-'),
    entityRef: 'component:default/vvp-verifier',
    type,
    format: formats[type],
    commit: sampleCommit('a1b2c3d'),
    ref: 'main',
    measuredAt,
    receivedAt: measuredAt,
    provenance: { kind: 'service', subject: 'external:ci' },
    ...given,
  };
}

/**
 * A report with its lists.
 *
 * @internal
 */
export function sampleDetail(
  evidence: Evidence,
  part: Partial<EvidenceDetail> = {},
): EvidenceDetail {
  return { ...evidence, ...part };
}

/**
 * A line of a chart with a value a day, the last of them today.
 *
 * @internal
 */
export function sampleSeries(
  metric: string,
  values: number[],
  part: Partial<TrendSeries> = {},
): TrendSeries {
  return {
    metric,
    unit: 'percent',
    points: values.map((value, index) => ({
      measuredAt: minutesAgo((values.length - index - 1) * day + 60),
      value,
      commit: sampleCommit((0xa1b2c3d + index * 7919).toString(16)),
      evidenceId: `${metric}-${index}`,
    })),
    ...part,
  };
}

/**
 * The charts of one type over the last month.
 *
 * @internal
 */
export function sampleTrends(
  part: Partial<Trends> & Pick<Trends, 'type'>,
): Trends {
  return {
    from: minutesAgo(30 * day),
    to: minutesAgo(0),
    series: [],
    thresholds: [],
    ...part,
  };
}

/**
 * A gate on line coverage; it passes unless said otherwise.
 *
 * @internal
 */
export function sampleGate(part: Partial<GateResult> = {}): GateResult {
  const name = part.name ?? 'coverage';
  const environment = part.environment ?? 'production';
  return {
    id: `component:default/vvp-verifier|${environment}|${name}|a1b2c3d`,
    name,
    title: 'Line coverage',
    environment,
    state: 'pass',
    reason: 'Line coverage is 81.2 %, at least 79 % is asked.',
    checks: [
      {
        operator: 'minimum',
        state: 'pass',
        reason: 'Line coverage is 81.2 %, at least 79 % is asked.',
        actual: 81.2,
        threshold: 79,
        unit: 'percent',
      },
    ],
    actual: 81.2,
    threshold: 79,
    unit: 'percent',
    evidenceType: 'coverage',
    evidenceIds: ['coverage-1'],
    measuredCommit: sampleCommit('a1b2c3d'),
    measuredAt: minutesAgo(60),
    ageSeconds: 3600,
    carriedForward: false,
    ...part,
  };
}

/**
 * Gates of a release; the state is the worst of them.
 *
 * @internal
 */
export function sampleGates(
  results: GateResult[],
  release: GateSummary['release'] = { commit: sampleCommit('a1b2c3d') },
): GateSummary {
  return summariseGates(release, results);
}
