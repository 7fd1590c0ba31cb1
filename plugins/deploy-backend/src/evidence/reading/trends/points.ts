import {
  CoverageSummary,
  Evidence,
  metricValue,
  PerformanceSummary,
  TestSummary,
} from '@vvp/backstage-plugin-deploy-common';

/** One value of a report. */
export interface TrendValue {
  metric: string;
  scenario?: string;
  value: number;
  unit: string;
}

const coverageMetrics = ['lines', 'branches', 'functions'];
const testMetrics = ['pass-rate', 'passed', 'failed', 'flaky', 'duration'];

/** What a report adds to the charts of its type. A security report adds nothing by itself. */
export function valuesOf(evidence: Evidence): TrendValue[] {
  const { summary } = evidence;
  switch (summary.type) {
    case 'coverage':
    case 'test':
      return namedValues(evidence, summary);
    case 'performance':
      return measuredValues(summary);
    default:
      return [];
  }
}

function namedValues(
  evidence: Evidence,
  { type }: CoverageSummary | TestSummary,
): TrendValue[] {
  const names = type === 'coverage' ? coverageMetrics : testMetrics;
  return names.flatMap(metric => {
    const found = metricValue(evidence, { name: metric });
    return found ? { metric, ...found } : [];
  });
}

function measuredValues(summary: PerformanceSummary): TrendValue[] {
  return summary.measurements
    .filter(({ value }) => Number.isFinite(value))
    .map(({ metric, scenario, value, unit }) => ({
      metric,
      scenario,
      value,
      unit,
    }));
}
