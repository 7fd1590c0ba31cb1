import {
  CoverageCount,
  CoverageSummary,
  Evidence,
  PerformanceSummary,
  SecuritySummary,
  severities,
  TestSummary,
} from '../model';
import { GateMetric } from './types';
import { convertUnit } from './units';

/**
 * A number with its unit.
 *
 * @public
 */
export interface MetricValue {
  value: number;
  /** `percent`, `count`, `s`, `ms` and so on. */
  unit: string;
}

/**
 * The number of a report that a metric names, in the unit that {@link GateMetric} tells.
 *
 * @returns Nothing if the report does not tell it: another type, a count that the format does not have,
 * a share of nothing (no line, no test that ran), a scenario that was not run, a unit that cannot be
 * converted, or `changed-lines`, which no report tells by itself.
 * @public
 */
export function metricValue(
  evidence: Evidence,
  metric: GateMetric,
): MetricValue | undefined {
  const found = valueOf(evidence, metric);
  return found && Number.isFinite(found.value) ? found : undefined;
}

function valueOf(
  evidence: Evidence,
  metric: GateMetric,
): MetricValue | undefined {
  const { summary } = evidence;
  switch (summary.type) {
    case 'coverage':
      return coverageValue(summary, metric);
    case 'test':
      return testValue(summary, metric);
    case 'security':
      return securityValue(summary, metric);
    case 'performance':
      return performanceValue(summary, metric);
    default:
      return undefined;
  }
}

/**
 * A count in percent; nothing for a count of nothing, which is neither good nor bad.
 *
 * @public
 */
export function percentOf(
  count: CoverageCount | undefined,
): MetricValue | undefined {
  return count && count.total > 0
    ? { value: (100 * count.covered) / count.total, unit: 'percent' }
    : undefined;
}

function coverageValue(
  summary: CoverageSummary,
  metric: GateMetric,
): MetricValue | undefined {
  switch (metric.name) {
    case 'lines':
      return percentOf(summary.lines);
    case 'branches':
      return percentOf(summary.branches);
    case 'functions':
      return percentOf(summary.functions);
    default:
      return undefined;
  }
}

function testValue(
  summary: TestSummary,
  metric: GateMetric,
): MetricValue | undefined {
  switch (metric.name) {
    case 'total':
    case 'passed':
    case 'failed':
    case 'skipped':
    case 'flaky':
      return { value: summary[metric.name], unit: 'count' };
    case 'pass-rate':
      return percentOf({
        covered: summary.passed,
        total: summary.passed + summary.failed,
      });
    case 'duration':
      return summary.durationSeconds === undefined
        ? undefined
        : { value: summary.durationSeconds, unit: 's' };
    default:
      return undefined;
  }
}

function securityValue(
  summary: SecuritySummary,
  metric: GateMetric,
): MetricValue | undefined {
  if (metric.name !== 'findings') {
    return undefined;
  }
  const counted = severities.slice(
    0,
    severities.indexOf(metric.severity ?? 'info') + 1,
  );
  const groups = metric.categories
    ? metric.categories.map(category => summary.byCategory[category])
    : [summary.bySeverity];
  let value = 0;
  for (const group of groups) {
    for (const severity of counted) {
      value += group?.[severity] ?? 0;
    }
  }
  return { value, unit: 'count' };
}

function performanceValue(
  summary: PerformanceSummary,
  metric: GateMetric,
): MetricValue | undefined {
  const scenario = metric.scenario ?? 'default';
  const measured = summary.measurements.find(
    each => each.metric === metric.name && each.scenario === scenario,
  );
  if (!measured) {
    return undefined;
  }
  const unit = metric.unit ?? measured.unit;
  const value = convertUnit(measured.value, measured.unit, unit);
  return value === undefined ? undefined : { value, unit };
}
