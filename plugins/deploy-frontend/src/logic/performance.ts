import { Evidence, TrendSeries } from '@vvp/backstage-plugin-deploy-common';

/**
 * A scenario of a report.
 *
 * @internal
 */
export interface PerformanceRun {
  key: string;
  report: Evidence;
  scenario: string;
}

/**
 * A chart of measurements that go together.
 *
 * @internal
 */
export interface PerformanceChart {
  title: string;
  unit: string;
  /** In the order in which they are drawn. */
  metrics: string[];
}

const knownTitles: Record<string, string> = {
  'latency.avg': 'Average latency',
  'latency.min': 'Lowest latency',
  'latency.median': 'Median latency',
  'latency.p90': '90th percentile',
  'latency.p95': '95th percentile',
  'latency.p99': '99th percentile',
  'latency.max': 'Highest latency',
  'error.rate': 'Error rate',
  throughput: 'Throughput',
  requests: 'Requests',
  failures: 'Failed requests',
  users: 'Users',
  duration: 'Duration',
};

/** Lowest and highest are single requests, and would flatten the lines that matter. */
const drawnLatencies = [
  'latency.avg',
  'latency.median',
  'latency.p90',
  'latency.p95',
  'latency.p99',
];

/** What a load test is set to, not what came of it. */
const settings = ['requests', 'failures', 'users', 'duration'];

/**
 * Every scenario of some reports, in their order.
 *
 * @internal
 */
export function runsOf(reports: Evidence[]): PerformanceRun[] {
  return reports.flatMap(report => {
    if (report.summary.type !== 'performance') {
      return [];
    }
    const scenarios = new Set(
      report.summary.measurements.map(({ scenario }) => scenario),
    );
    return [...scenarios].map(scenario => ({
      key: JSON.stringify([
        report.suite,
        report.mode,
        report.environment,
        scenario,
      ]),
      report,
      scenario,
    }));
  });
}

/**
 * What a metric is called; its own name where it is not one of the known ones.
 *
 * @internal
 */
export function metricTitle(metric: string): string {
  return knownTitles[metric] ?? metric;
}

/**
 * Which charts the lines of one scenario make: latency, error rate, throughput, then one for each other.
 *
 * @internal
 */
export function performanceCharts(series: TrendSeries[]): PerformanceChart[] {
  const unitOf = (metric: string) =>
    series.find(each => each.metric === metric)?.unit;
  const latencies = drawnLatencies.filter(metric => unitOf(metric));
  const others = [...new Set(series.map(({ metric }) => metric))].filter(
    metric => !metric.startsWith('latency.') && !settings.includes(metric),
  );
  const first = ['error.rate', 'throughput'];
  others.sort((left, right) => rank(first, left) - rank(first, right));
  return [
    ...(latencies.length > 0
      ? [
          {
            title: 'Latency',
            unit: unitOf(latencies[0]) ?? 'ms',
            metrics: latencies,
          },
        ]
      : []),
    ...others.map(metric => ({
      title: metricTitle(metric),
      unit: unitOf(metric) ?? '',
      metrics: [metric],
    })),
  ];
}

function rank(order: string[], metric: string): number {
  const position = order.indexOf(metric);
  return position === -1 ? order.length : position;
}
