import {
  Evidence,
  EvidenceDetail,
  EvidenceSummary,
  EvidenceType,
  Finding,
  NotableTest,
  severities,
  Trends,
  TrendSeries,
  TrendThreshold,
} from '@vvp/backstage-plugin-deploy-common';
import {
  sampleDetail,
  sampleEvidence,
  sampleSeries,
  sampleSummaries,
  sampleTrends,
} from '../src/__testUtils__/evidenceSamples';
import { minutesAgo, sampleCommit } from '../src/__testUtils__/samples';

const day = 24 * 60;

/** What a service of the gallery has in reports. */
export interface EvidenceScenario {
  reports: EvidenceDetail[];
  series: Partial<Record<EvidenceType, TrendSeries[]>>;
  thresholds: TrendThreshold[];
}

/** Moves up and down without chance, so that every picture is the same. */
function wave(days: number, middle: number, height: number, drift = 0) {
  return Array.from(
    { length: days },
    (_unused, index) =>
      middle +
      height * Math.sin(index * 1.7) * Math.cos(index / 3) +
      drift * index,
  );
}

function report(
  part: Partial<Evidence> & { summary: EvidenceSummary; minutesAgo?: number },
  lists: Partial<EvidenceDetail> = {},
): EvidenceDetail {
  return sampleDetail(
    sampleEvidence({
      provenance: {
        kind: 'github-oidc',
        repository: 'example-org/vvp',
        ref: 'refs/heads/main',
        sha: sampleCommit('9f8e7d6'),
        workflow:
          'example-org/vvp/.github/workflows/deploy.yml@refs/heads/main',
        runId: '9100042',
        attempt: 1,
        event: 'push',
      },
      commit: sampleCommit('9f8e7d6'),
      ...part,
    }),
    lists,
  );
}

const files = [
  ['services/verifier/app/core/acdc/schema_cache.py', 12, 61],
  ['services/verifier/app/vvp/oobi.py', 40, 118],
  ['services/verifier/app/vvp/keri/witness_pool.py', 77, 160],
  ['services/verifier/app/vvp/authorize.py', 160, 214],
  ['services/verifier/app/vvp/verify.py', 402, 471],
  ['services/verifier/app/main.py', 88, 96],
  ['services/verifier/app/vvp/passport.py', 143, 150],
] as const;

function coverageReport(part: Partial<Evidence> & { minutesAgo?: number }) {
  return report(
    {
      suite: 'unit',
      tool: 'coverage.py 7.6',
      ...part,
      summary: part.summary ?? {
        type: 'coverage',
        files: 38,
        lines: { covered: 2841, total: 3596 },
        branches: { covered: 702, total: 964 },
      },
    },
    {
      files: files.map(([path, covered, total]) => ({
        path,
        lines: { covered, total },
        branches: { covered: Math.floor(covered / 4), total: total / 2 },
      })),
      packages: [
        { name: 'app.core', lines: { covered: 512, total: 700 } },
        { name: 'app.vvp', lines: { covered: 1800, total: 2250 } },
        { name: 'app.vvp.keri', lines: { covered: 529, total: 646 } },
      ],
    },
  );
}

const failing: NotableTest[] = [
  {
    suite: 'tests.test_verify',
    name: 'test_expired_certificate_in_the_chain_is_refused',
    className: 'tests.test_verify.TestChain',
    outcome: 'failed',
    flaky: false,
    durationSeconds: 0.42,
    message:
      "AssertionError: assert 'VALID' == 'INVALID'\n  - INVALID\n  + VALID",
    trace: [
      'def test_expired_certificate_in_the_chain_is_refused(chain):',
      '    result = verify(chain.expired())',
      ">   assert result.status == 'INVALID'",
      "E   AssertionError: assert 'VALID' == 'INVALID'",
      '',
      'tests/test_verify.py:118: AssertionError',
    ].join('\n'),
    file: 'services/verifier/tests/test_verify.py',
    line: 118,
    failingSince: minutesAgo(2 * day),
    failingSinceCommit: sampleCommit('77aa88b'),
  },
  {
    suite: 'tests.test_oobi',
    name: 'test_witness_that_does_not_answer',
    outcome: 'failed',
    flaky: false,
    message: 'TimeoutError: no answer from witness wan within 5 s',
    failingSince: minutesAgo(45),
    failingSinceCommit: sampleCommit('9f8e7d6'),
  },
];

const flakyAndSkipped: NotableTest[] = [
  {
    suite: 'tests.test_oobi',
    name: 'test_resolves_after_a_retry',
    outcome: 'passed',
    flaky: true,
    durationSeconds: 6.1,
    message: 'ConnectionResetError on the first attempt',
  },
  {
    suite: 'tests.test_hsm',
    name: 'test_signs_with_a_hardware_key',
    outcome: 'skipped',
    flaky: false,
    message: 'needs a hardware key',
  },
];

const findings: Finding[] = [
  {
    ruleId: 'CVE-2025-41235',
    title: 'Heap overflow when a crafted certificate is parsed',
    severity: 'critical',
    category: 'image',
    package: 'libssl3',
    version: '3.0.11-1',
    fixedVersion: '3.0.15-1',
    url: 'https://advisories.example.test/CVE-2025-41235',
    suppressed: false,
  },
  {
    ruleId: 'GHSA-jfh8-c2jp-5v3q',
    title: 'Denial of service in multipart parsing',
    severity: 'high',
    category: 'dependency',
    package: 'python-multipart',
    version: '0.0.7',
    fixedVersion: '0.0.18',
    url: 'https://advisories.example.test/GHSA-jfh8-c2jp-5v3q',
    suppressed: false,
  },
  {
    ruleId: 'B104',
    title: 'Possible binding to all interfaces',
    severity: 'medium',
    category: 'code',
    path: 'services/verifier/app/main.py',
    line: 41,
    suppressed: false,
  },
  {
    ruleId: 'B101',
    title: 'Use of assert detected',
    severity: 'low',
    category: 'code',
    path: 'services/verifier/app/vvp/verify.py',
    line: 12,
    suppressed: true,
  },
];

function scan(completed: boolean) {
  return [
    report(
      {
        suite: 'image',
        tool: 'Trivy 0.53.0',
        format: 'trivy',
        minutesAgo: 50,
        summary: sampleSummaries.security({
          completed,
          bySeverity: { critical: 1, high: 0, medium: 0, low: 0, info: 0 },
        }),
      },
      { findings: findings.slice(0, 1) },
    ),
    report(
      {
        suite: 'dependencies',
        tool: 'pip-audit 2.7.3',
        format: 'pip-audit',
        minutesAgo: 52,
        summary: sampleSummaries.security({
          bySeverity: { critical: 0, high: 1, medium: 0, low: 0, info: 0 },
        }),
      },
      { findings: findings.slice(1, 2) },
    ),
    report(
      {
        suite: 'code',
        tool: 'Bandit 1.7.9',
        minutesAgo: 54,
        summary: sampleSummaries.security({
          bySeverity: { critical: 0, high: 0, medium: 1, low: 0, info: 0 },
          suppressed: 1,
        }),
      },
      { findings: findings.slice(2) },
    ),
  ];
}

const measurements = [
  ['latency.avg', 212, 'ms', 208],
  ['latency.median', 180, 'ms', 178],
  ['latency.p90', 398, 'ms', 371],
  ['latency.p95', 512, 'ms', 455],
  ['latency.p99', 1180, 'ms', 902],
  ['latency.max', 4021, 'ms', 3870],
  ['error.rate', 0.0042, 'ratio', 0.0031],
  ['throughput', 410.2, '1/s', 402],
  ['requests', 123_060, 'count', 121_004],
  ['memory', 312_400_000, 'bytes', 305_000_000],
  ['build.time', 184, 's', 171],
] as const;

function performance() {
  const compared = ['baseline', 'user-journey', 'stress'].flatMap(
    (scenario, factor) =>
      measurements.map(([metric, value, unit, baseline]) => ({
        scenario,
        metric,
        unit,
        value: value * (1 + factor / 2),
        baseline:
          scenario === 'stress' ? undefined : baseline * (1 + factor / 2),
      })),
  );
  return report(
    {
      tool: 'k6 0.52',
      environment: 'staging',
      minutesAgo: 70,
      summary: { type: 'performance', measurements: compared },
    },
    { measurements: compared },
  );
}

function performanceSeries(): TrendSeries[] {
  return ['baseline', 'user-journey', 'stress'].flatMap((scenario, factor) =>
    measurements.map(([metric, value, unit]) =>
      sampleSeries(
        metric,
        wave(30, value * (1 + factor / 2), value * 0.06, value * 0.002),
        { unit, scenario, environment: 'staging' },
      ),
    ),
  );
}

const thresholds: TrendThreshold[] = [
  ...['staging', 'production'].map(environment => ({
    gate: 'coverage',
    environment,
    metric: 'lines',
    operator: 'minimum' as const,
    value: 79,
    unit: 'percent',
  })),
  {
    gate: 'latency',
    environment: 'production',
    metric: 'latency.p95',
    scenario: 'baseline',
    operator: 'lessThan',
    value: 0.6,
    unit: 's',
  },
  {
    gate: 'errors',
    environment: 'production',
    metric: 'error.rate',
    scenario: 'baseline',
    operator: 'lessThan',
    value: 1,
    unit: 'percent',
  },
];

function securitySeries(counts: Record<string, number[]>): TrendSeries[] {
  return Object.entries(counts).map(([metric, values]) =>
    sampleSeries(metric, values, { unit: 'count', suite: 'image' }),
  );
}

function normal(): EvidenceScenario {
  return {
    reports: [
      report(
        {
          suite: 'unit',
          tool: 'pytest 8.3',
          minutesAgo: 45,
          summary: sampleSummaries.test({
            total: 1204,
            passed: 1200,
            failed: 2,
            skipped: 2,
            flaky: 1,
            durationSeconds: 92.4,
          }),
        },
        {
          tests: [
            ...failing,
            ...flakyAndSkipped,
            { ...flakyAndSkipped[1], name: 'test_reads_a_hardware_key' },
          ],
        },
      ),
      report({
        suite: 'integration',
        mode: 'azure',
        environment: 'staging',
        tool: 'pytest 8.3',
        minutesAgo: 60,
        summary: sampleSummaries.test({
          total: 84,
          passed: 84,
          durationSeconds: 412,
        }),
      }),
      coverageReport({ minutesAgo: 46 }),
      coverageReport({
        minutesAgo: day,
        commit: sampleCommit('77aa88b'),
        summary: sampleSummaries.coverage({
          lines: { covered: 2822, total: 3590 },
          branches: { covered: 690, total: 960 },
        }),
      }),
      coverageReport({
        suite: 'integration',
        minutesAgo: 62,
        summary: sampleSummaries.coverage({
          lines: { covered: 1500, total: 2400 },
          branches: undefined,
        }),
      }),
      ...scan(true),
      performance(),
    ],
    series: {
      coverage: [
        sampleSeries(
          'lines',
          [...wave(29, 77, 1.4, 0.05), (100 * 2841) / 3596],
          {
            suite: 'unit',
          },
        ),
        sampleSeries(
          'branches',
          [...wave(29, 70, 2, 0.06), (100 * 702) / 964],
          {
            suite: 'unit',
          },
        ),
        sampleSeries('lines', wave(20, 62, 2), { suite: 'integration' }),
      ],
      test: [
        sampleSeries('pass-rate', [...wave(28, 99.6, 0.3), 99.83, 99.83], {
          suite: 'unit',
        }),
        sampleSeries('pass-rate', Array(30).fill(100), {
          suite: 'integration',
          mode: 'azure',
          environment: 'staging',
        }),
        sampleSeries('duration', wave(30, 88, 6), { unit: 's', suite: 'unit' }),
        sampleSeries('duration', wave(30, 400, 30), {
          unit: 's',
          suite: 'integration',
          mode: 'azure',
          environment: 'staging',
        }),
      ],
      security: securitySeries({
        critical: [0, 0, 0, 0, 0, 0, 0, 1, 1, 1],
        high: [3, 3, 2, 2, 2, 1, 1, 1, 1, 1],
        medium: [4, 4, 4, 3, 3, 3, 2, 2, 1, 1],
        low: [2, 2, 2, 2, 2, 2, 2, 1, 1, 0],
        info: Array(10).fill(0),
      }),
      performance: performanceSeries(),
    },
    thresholds,
  };
}

const longName =
  'test_that_a_passport_whose_certificate_chain_holds_a_certificate_that_expired_between_signing_and_verification_is_refused_with_a_reason_that_names_the_certificate_and_the_time[production-eu-central-1]';

function longNames(): EvidenceScenario {
  const suites = Array.from({ length: 60 }, (_unused, index) =>
    index % 7 === 0
      ? `suite-${index}-of-the-customer-facing-confidential-services-in-europe-and-beyond`
      : `suite-${index}`,
  );
  return {
    reports: [
      ...suites.map((suite, index) => {
        const failed = index % 4 === 0 ? index + 1 : 0;
        return report(
          {
            suite,
            mode: 'azure',
            environment: 'production-eu-central-1-confidential-customers-blue',
            minutesAgo: 30 + index,
            summary: sampleSummaries.test({
              total: 200,
              passed: 200 - failed,
              failed,
            }),
          },
          {
            tests: Array.from({ length: failed }, (_one, number) => ({
              ...failing[number % 2],
              name: `${longName}_${number}`,
              message: 'x'.repeat(400),
              file: `services/${'deep/'.repeat(20)}test_verify.py`,
            })),
          },
        );
      }),
      coverageReport({ suite: suites[0] }),
    ],
    series: {
      test: suites.map((suite, index) =>
        sampleSeries('pass-rate', wave(30, 98 - index / 10, 1), {
          suite,
          mode: 'azure',
          environment: 'production-eu-central-1-confidential-customers-blue',
        }),
      ),
      coverage: [sampleSeries('lines', wave(30, 79, 1), { suite: suites[0] })],
    },
    thresholds: thresholds.map(threshold => ({
      ...threshold,
      environment: 'production-eu-central-1-confidential-customers-blue',
    })),
  };
}

function onePoint(): EvidenceScenario {
  return {
    reports: [
      coverageReport({
        summary: {
          type: 'coverage',
          files: 1,
          lines: { covered: 78_996, total: 100_000 },
        },
      }),
      report({
        suite: 'unit',
        summary: sampleSummaries.test({ total: 0, passed: 0, suites: 0 }),
      }),
    ],
    series: {
      coverage: [sampleSeries('lines', [78.996], { suite: 'unit' })],
      test: [sampleSeries('duration', [0], { unit: 's', suite: 'unit' })],
    },
    thresholds,
  };
}

function hugeNumbers(): EvidenceScenario {
  const huge = 9_007_199_254;
  return {
    reports: [
      coverageReport({
        summary: {
          type: 'coverage',
          files: 184_223,
          lines: { covered: 31_337_000_123, total: 31_337_000_124 },
          functions: { covered: 0, total: 4_000_000 },
        },
      }),
      report({
        suite: 'unit',
        summary: sampleSummaries.test({
          total: huge,
          passed: huge - 3,
          failed: 3,
          durationSeconds: 4_000_000,
        }),
      }),
      report({
        summary: sampleSummaries.security({
          bySeverity: {
            critical: 120_456,
            high: 1_204_112,
            medium: 44,
            low: 7,
            info: 1_000_000_000,
          },
        }),
      }),
      report({
        summary: {
          type: 'performance',
          measurements: [
            {
              scenario: 'default',
              metric: 'memory',
              value: 4.2e15,
              unit: 'bytes',
            },
            {
              scenario: 'default',
              metric: 'latency.p95',
              value: 0.000_000_12,
              unit: 'ms',
            },
          ],
        },
      }),
    ],
    series: {
      coverage: [
        sampleSeries('lines', wave(30, 99.9, 0.09), { suite: 'unit' }),
      ],
      security: severities.map(severity =>
        sampleSeries(severity, wave(30, 400_000, 200_000).map(Math.round), {
          unit: 'count',
        }),
      ),
      performance: [
        sampleSeries('memory', wave(30, 4e15, 2e14), { unit: 'bytes' }),
      ],
    },
    thresholds: [],
  };
}

/** What each service of the gallery has in reports; the name of the service is the key. */
export const evidenceScenarios: Record<string, () => EvidenceScenario> = {
  normal,
  'long-names': longNames,
  'one-point': onePoint,
  'huge-numbers': hugeNumbers,
  'scan-incomplete': () => ({ ...normal(), reports: scan(false) }),
  empty: () => ({ reports: [], series: {}, thresholds: [] }),
};

/** The charts of one type, narrowed to a suite. */
export function trendsOf(
  scenario: EvidenceScenario,
  type: EvidenceType,
  asked: { suite?: string; from?: string },
): Trends {
  const series = (scenario.series[type] ?? [])
    .filter(each => !asked.suite || each.suite === asked.suite)
    .map(each => ({
      ...each,
      points: each.points.filter(
        ({ measuredAt }) => !asked.from || measuredAt >= asked.from,
      ),
    }));
  return sampleTrends({
    type,
    series,
    thresholds: scenario.thresholds,
    ...(asked.from ? { from: asked.from } : {}),
  });
}
