import {
  Evidence,
  EvidenceSummary,
  FindingCategory,
  Measurement,
  Severity,
} from '../model';
import { GateEvidence, GateFacts, GateRule } from './types';

/** When the tests judge. */
export const now = '2026-11-21T12:00:00.000Z';

/** The release that the tests judge. */
export const commit = '1'.repeat(40);

/** A time before {@link now}. */
export function hoursAgo(hours: number): string {
  return new Date(Date.parse(now) - hours * 3_600_000).toISOString();
}

/** A summary, as short as it can be written. */
export interface ReportDocument {
  suite?: string;
  mode?: string;
  tool?: string;
  environment?: string;
  hoursAgo?: number;
  coverage?: {
    lines: [covered: number, total: number];
    branches?: [covered: number, total: number];
    changedLines?: [covered: number, total: number];
    changedLineCount?: number;
  };
  test?: {
    passed?: number;
    failed?: number;
    skipped?: number;
    flaky?: number;
  };
  security?: { completed?: boolean } & Partial<
    Record<FindingCategory, Partial<Record<Severity, number>>>
  >;
  performance?: (Omit<Measurement, 'scenario'> & { scenario?: string })[];
}

const noFindings = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

const count = ([covered, total]: [number, number]) => ({ covered, total });

function summaryOf(report: ReportDocument): EvidenceSummary {
  if (report.coverage) {
    const { lines, branches } = report.coverage;
    return {
      type: 'coverage',
      files: 1,
      lines: count(lines),
      ...(branches && { branches: count(branches) }),
    };
  }
  if (report.test) {
    const { passed = 0, failed = 0, skipped = 0, flaky = 0 } = report.test;
    const total = passed + failed + skipped;
    return { type: 'test', total, passed, failed, skipped, flaky, suites: 1 };
  }
  if (report.security) {
    const { completed = true, ...categories } = report.security;
    const bySeverity = { ...noFindings };
    const byCategory: Partial<
      Record<FindingCategory, Record<Severity, number>>
    > = {};
    for (const [category, counts] of Object.entries(categories)) {
      byCategory[category as FindingCategory] = { ...noFindings, ...counts };
      for (const [severity, findings] of Object.entries(counts)) {
        bySeverity[severity as Severity] += findings;
      }
    }
    return {
      type: 'security',
      completed,
      bySeverity,
      byCategory,
      suppressed: 0,
    };
  }
  return {
    type: 'performance',
    measurements: (report.performance ?? []).map(each => ({
      scenario: 'default',
      ...each,
    })),
  };
}

const formats = {
  coverage: 'cobertura',
  test: 'junit',
  security: 'sarif',
  performance: 'measurements',
} as const;

let reports = 0;

/** A report of the release itself, half an hour old, unless said otherwise. */
export function reportOf(
  report: ReportDocument,
  options?: Partial<Evidence> & { relation?: GateEvidence['relation'] },
): GateEvidence {
  const { relation = 'same', ...overrides } = options ?? {};
  const summary = summaryOf(report);
  const { suite, mode, tool, environment, coverage } = report;
  const measuredAt = hoursAgo(report.hoursAgo ?? 0.5);
  reports += 1;
  return {
    evidence: {
      id: `evidence-${reports}`,
      entityRef: 'component:default/service',
      type: summary.type,
      format: formats[summary.type],
      commit: relation === 'same' ? commit : '2'.repeat(40),
      ...(suite && { suite }),
      ...(mode && { mode }),
      ...(tool && { tool }),
      ...(environment && { environment }),
      measuredAt,
      receivedAt: measuredAt,
      summary,
      provenance: { kind: 'service', subject: 'external:ci' },
      ...overrides,
    },
    relation,
    ...(coverage?.changedLines && {
      changedLines: count(coverage.changedLines),
      changedLineCount: coverage.changedLineCount ?? coverage.changedLines[1],
    }),
  };
}

/** A release that appeared three hours ago, of which nothing else is known. */
export function factsOf(
  options: Partial<GateFacts> & {
    /** Earlier values of each report's kind, in the unit that it is measured in. */
    history?: readonly number[];
  } = {},
): GateFacts {
  const { history, ...facts } = options;
  return {
    now,
    release: { commit, since: hoursAgo(3) },
    environment: 'production',
    previousEnvironment: 'staging',
    elsewhere: {},
    deployed: {},
    ...facts,
    evidence: (facts.evidence ?? []).map(report => ({
      ...report,
      ...(history && {
        history: history.map(value => ({
          value,
          unit: unitOf(report.evidence.summary),
        })),
      }),
    })),
  };
}

function unitOf(summary: EvidenceSummary): string {
  switch (summary.type) {
    case 'performance':
      return summary.measurements[0]?.unit ?? 'count';
    case 'coverage':
      return 'percent';
    default:
      return 'count';
  }
}

/** A rule with the defaults that a policy gives it. */
export function ruleOf(rule: Partial<GateRule>): GateRule {
  return {
    name: 'gate',
    title: 'Gate',
    sameCommit: false,
    completed:
      rule.evidence?.type === 'security' || rule.evidence?.type === 'test',
    smallChange: 20,
    pendingForSeconds: 7200,
    ...rule,
  };
}
