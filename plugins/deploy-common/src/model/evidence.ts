/**
 * What a report is about.
 *
 * @public
 */
export type EvidenceType = 'coverage' | 'test' | 'security' | 'performance';

/**
 * Every {@link EvidenceType}.
 *
 * @public
 */
export const evidenceTypes: readonly EvidenceType[] = [
  'coverage',
  'test',
  'security',
  'performance',
];

/**
 * Every format that is read, with the type of evidence it brings.
 *
 * @public
 */
export const evidenceFormats = {
  cobertura: 'coverage',
  jacoco: 'coverage',
  lcov: 'coverage',
  clover: 'coverage',
  istanbul: 'coverage',
  'istanbul-summary': 'coverage',
  'go-cover': 'coverage',
  'coverage-py': 'coverage',
  tarpaulin: 'coverage',
  junit: 'test',
  playwright: 'test',
  ctrf: 'test',
  'terraform-validate': 'test',
  'deployment-tests': 'test',
  sarif: 'security',
  'osv-scanner': 'security',
  'pip-audit': 'security',
  trivy: 'security',
  k6: 'performance',
  'locust-csv': 'performance',
  'locust-json': 'performance',
  measurements: 'performance',
} as const satisfies Record<string, EvidenceType>;

/**
 * A format of {@link evidenceFormats}.
 *
 * @public
 */
export type EvidenceFormat = keyof typeof evidenceFormats;

/**
 * How much of something was run.
 *
 * @public
 */
export interface CoverageCount {
  covered: number;
  total: number;
}

/**
 * Counts of one file, package or report. Absent where the format does not tell.
 *
 * @public
 */
export interface CoverageCounts {
  lines: CoverageCount;
  branches?: CoverageCount;
  functions?: CoverageCount;
}

/**
 * Sum of a coverage report.
 *
 * @public
 */
export interface CoverageSummary extends CoverageCounts {
  type: 'coverage';
  files: number;
}

/**
 * Sum of a test report. `total` is the sum of the four counts; a case that passed on a retry is
 * `passed` and `flaky`.
 *
 * @public
 */
export interface TestSummary {
  type: 'test';
  total: number;
  passed: number;
  /** Assertions that did not hold, and errors. */
  failed: number;
  skipped: number;
  /** Of those passed: how many failed first. */
  flaky: number;
  suites: number;
  durationSeconds?: number;
}

/**
 * How bad a finding is, normalised.
 *
 * @public
 */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/**
 * Every {@link Severity}, worst first.
 *
 * @public
 */
export const severities: readonly Severity[] = [
  'critical',
  'high',
  'medium',
  'low',
  'info',
];

/**
 * What a finding is in.
 *
 * @public
 */
export type FindingCategory =
  | 'dependency'
  | 'image'
  | 'code'
  | 'secret'
  | 'configuration';

/**
 * Every {@link FindingCategory}.
 *
 * @public
 */
export const findingCategories: readonly FindingCategory[] = [
  'dependency',
  'image',
  'code',
  'secret',
  'configuration',
];

/**
 * Sum of a security report; suppressed findings are counted apart and nowhere else.
 *
 * @public
 */
export interface SecuritySummary {
  type: 'security';
  /** Whether the scan came to its end. */
  completed: boolean;
  bySeverity: Record<Severity, number>;
  /** Counts by category, then severity; categories without findings are absent. */
  byCategory: Partial<Record<FindingCategory, Record<Severity, number>>>;
  suppressed: number;
}

/**
 * One measured value.
 *
 * Latencies are `latency.avg`, `.min`, `.median`, `.p90`, `.p95`, `.p99`, `.max` in `ms`; rates are
 * `error.rate` (`ratio`, 0 to 1) and `throughput` (`1/s`); counts are `requests`, `failures`, `users`;
 * `duration` is in `s`. Whatever else a tool measures keeps its own name.
 *
 * @public
 */
export interface Measurement {
  /** `default` if the report names none. */
  scenario: string;
  metric: string;
  value: number;
  /** `ms`, `s`, `bytes`, `ratio`, `1/s`, `count`, or as the report says. */
  unit: string;
}

/**
 * Sum of a performance report: every measurement of it.
 *
 * @public
 */
export interface PerformanceSummary {
  type: 'performance';
  measurements: Measurement[];
}

/**
 * What a report says in short, told apart by `type`.
 *
 * @public
 */
export type EvidenceSummary =
  | CoverageSummary
  | TestSummary
  | SecuritySummary
  | PerformanceSummary;

/**
 * Who brought a report, and on what grounds that was believed.
 *
 * @public
 */
export type Provenance =
  | {
      kind: 'github-oidc';
      repository: string;
      ref: string;
      sha: string;
      /** Such as `example-org/vvp/.github/workflows/deploy.yml@refs/heads/main`. */
      workflow: string;
      runId: string;
      attempt: number;
      event: string;
      actor?: string;
    }
  | { kind: 'service'; subject: string }
  | { kind: 'user'; userRef: string }
  | { kind: 'api-key'; name: string };

/**
 * A report, tied to a service and a commit.
 *
 * @public
 */
export interface Evidence {
  id: string;
  entityRef: string;
  type: EvidenceType;
  format: EvidenceFormat;
  /** Full commit SHA that was measured. */
  commit: string;
  /** Where it was measured; absent for what is measured before a deployment. */
  environment?: string;
  /** Which of several reports of this type: `unit`, `integration`, `image`. Absent: the only one. */
  suite?: string;
  /** How a suite was run, such as `local` or `azure`. */
  mode?: string;
  /** Branch or tag, without `refs/heads/` or `refs/tags/`. */
  ref?: string;
  /** Number of the pull request it is about; such evidence never opens a gate of a release. */
  pullRequest?: number;
  /** What wrote the report, with its version where known: `Trivy 0.53.0`. */
  tool?: string;
  /** When it was measured, as the report says, else when it came in. ISO 8601, UTC. */
  measuredAt: string;
  receivedAt: string;
  summary: EvidenceSummary;
  provenance: Provenance;
}

/**
 * A file of a coverage report.
 *
 * @public
 */
export interface CoveredFile extends CoverageCounts {
  /** From the root of the repository. */
  path: string;
  package?: string;
}

/**
 * How a test case ended.
 *
 * @public
 */
export type TestOutcome = 'passed' | 'failed' | 'skipped';

/**
 * A test case that failed, was skipped, or passed on a retry only.
 *
 * @public
 */
export interface NotableTest {
  suite: string;
  name: string;
  className?: string;
  outcome: TestOutcome;
  flaky: boolean;
  durationSeconds?: number;
  message?: string;
  /** Bounded to 10,000 characters. */
  trace?: string;
  file?: string;
  line?: number;
  /** Of those that failed: measuring time of the first report since it last passed. */
  failingSince?: string;
  /** Commit of that report. */
  failingSinceCommit?: string;
}

/**
 * Counts of one test suite.
 *
 * @public
 */
export interface TestSuiteCounts {
  name: string;
  total: number;
  passed: number;
  failed: number;
  skipped: number;
  flaky: number;
  durationSeconds?: number;
}

/**
 * One finding of a security report.
 *
 * @public
 */
export interface Finding {
  ruleId: string;
  title: string;
  severity: Severity;
  category: FindingCategory;
  /** Package or image layer concerned. */
  package?: string;
  version?: string;
  fixedVersion?: string;
  path?: string;
  line?: number;
  /** Web page about it. */
  url?: string;
  suppressed: boolean;
}

/**
 * A measurement beside what is usual.
 *
 * @public
 */
export interface ComparedMeasurement extends Measurement {
  /** Median of the last reports on other commits before this one; absent without any. */
  baseline?: number;
}

/**
 * Answer of `GET /evidence/:id`: the part that belongs to its type. Lists are bounded; the counts in
 * `summary` are not.
 *
 * @public
 */
export interface EvidenceDetail extends Evidence {
  /** Least covered first, at the most 200. */
  files?: CoveredFile[];
  packages?: (CoverageCounts & { name: string })[];
  suites?: TestSuiteCounts[];
  /** Failed first, then flaky, then skipped, at the most 500. */
  tests?: NotableTest[];
  /** Worst first, at the most 500. */
  findings?: Finding[];
  measurements?: ComparedMeasurement[];
}
