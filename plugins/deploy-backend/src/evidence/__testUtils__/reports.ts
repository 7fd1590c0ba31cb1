import {
  Finding,
  Measurement,
  NotableTest,
} from '@vvp/backstage-plugin-deploy-common';
import {
  CoverageReport,
  PerformanceReport,
  SecurityReport,
  TestReport,
} from '../formats/types';

/** Reports as they are when they have been read. `day` is one of November 2026. */

export function at(day: number): string {
  return new Date(Date.UTC(2026, 10, day, 12)).toISOString();
}

export function coverageReport(
  day: number,
  covered = 1,
  paths = ['services/verifier/app.py'],
): CoverageReport {
  return {
    type: 'coverage',
    format: 'lcov',
    measuredAt: at(day),
    files: paths.map(path => ({
      path,
      lines: { covered, total: 4 },
      coveredLines: [1, 2, 3, 4].slice(0, covered),
      missedLines: [1, 2, 3, 4].slice(covered),
    })),
    totals: {
      lines: { covered: covered * paths.length, total: 4 * paths.length },
    },
    roots: [],
  };
}

export function testReport(
  day: number,
  outcomes: Record<string, NotableTest['outcome']>,
): TestReport {
  const count = (outcome: NotableTest['outcome']) =>
    Object.values(outcomes).filter(one => one === outcome).length;
  const counts = {
    total: Object.keys(outcomes).length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    flaky: 0,
    durationSeconds: 2,
  };
  return {
    type: 'test',
    format: 'junit',
    measuredAt: at(day),
    totals: { ...counts, suites: 1 },
    suites: [{ name: 'api', ...counts }],
    notable: Object.entries(outcomes)
      .filter(([, outcome]) => outcome !== 'passed')
      .map(([name, outcome]) => ({
        suite: 'api',
        name,
        outcome,
        flaky: false,
        ...(outcome === 'failed' && { message: 'expected 1', trace: 'at x' }),
      })),
  };
}

export function securityReport(
  day: number,
  findings: Pick<Finding, 'ruleId' | 'severity'>[],
): SecurityReport {
  return {
    type: 'security',
    format: 'trivy',
    tool: 'Trivy 0.53.0',
    measuredAt: at(day),
    completed: true,
    findings: findings.map(finding => ({
      title: finding.ruleId,
      category: 'dependency',
      suppressed: false,
      ...finding,
    })),
  };
}

export function performanceReport(
  day: number,
  latency: number,
): PerformanceReport {
  const measured: Measurement[] = [
    {
      scenario: 'stress',
      metric: 'latency.p95',
      value: latency,
      unit: 'ms',
    },
  ];
  return {
    type: 'performance',
    format: 'k6',
    measuredAt: at(day),
    measurements: measured,
  };
}
