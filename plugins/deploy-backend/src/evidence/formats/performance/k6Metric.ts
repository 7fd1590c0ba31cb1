import { InputError } from '@backstage/errors';
import { MeasurementList } from './MeasurementList';

/** A metric of k6 with its statistics. */
export interface K6Metric {
  /** With the tags of a submetric: `http_req_duration{scenario:stress}`. */
  name: string;
  /** `time`, `data` or `default`; absent in the older summary. */
  contains?: string;
  /** `avg`, `p(95)`, `count`, `rate` and so on. */
  values: Record<string, unknown>;
}

/** What is measured under names and units that all tools share. */
const shared = new Map<string, { metric: string; unit: string }>([
  ['http_req_duration.avg', { metric: 'latency.avg', unit: 'ms' }],
  ['http_req_duration.min', { metric: 'latency.min', unit: 'ms' }],
  ['http_req_duration.med', { metric: 'latency.median', unit: 'ms' }],
  ['http_req_duration.max', { metric: 'latency.max', unit: 'ms' }],
  ['http_req_failed.rate', { metric: 'error.rate', unit: 'ratio' }],
  ['http_req_failed.value', { metric: 'error.rate', unit: 'ratio' }],
  // A "pass" of this metric is a request that failed.
  ['http_req_failed.passes', { metric: 'failures', unit: 'count' }],
  ['http_req_failed.matches', { metric: 'failures', unit: 'count' }],
  ['http_reqs.count', { metric: 'requests', unit: 'count' }],
  ['http_reqs.rate', { metric: 'throughput', unit: '1/s' }],
  ['vus_max.max', { metric: 'users', unit: 'count' }],
]);

/** Metrics of which only the shared statistics count. */
const sharedOnly = [
  'http_req_duration',
  'http_req_failed',
  'http_reqs',
  'vus_max',
];

/** Metrics of k6 itself that are times or data: the older summary does not say so. */
const times =
  /^(http_req|ws|grpc_req|iteration|group|browser_http_req|browser_web_vital)_/;
const data =
  /^(data_(received|sent)|(browser_)?data_(received|sent)|ws_bytes_.*)$/;

/** Adds the statistics of a metric. */
export function addK6Metric(
  metric: K6Metric,
  measurements: MeasurementList,
): void {
  const { base, scenario } = split(metric.name);
  const isRate = isRateMetric(metric);
  for (const [statistic, value] of Object.entries(metric.values)) {
    const where = `metrics.${metric.name}.${statistic}`;
    const told =
      shared.get(`${base}.${statistic}`) ?? percentile(base, statistic);
    if (told) {
      measurements.add({ ...told, scenario, value }, where);
    } else if (!sharedOnly.includes(base) && statistic !== 'thresholds') {
      const name = statistic.replace(/^p\((.+)\)$/, 'p$1');
      measurements.add(
        {
          metric: `${base}.${isRate && name === 'value' ? 'rate' : name}`,
          scenario,
          value,
          unit: unitOf(base, metric, statistic, isRate),
        },
        where,
      );
    }
  }
}

/** A submetric of nothing but a scenario is that scenario's; other tags stay part of the name. */
function split(name: string): { base: string; scenario: string } {
  const found = /^([^{]+)\{\s*scenario:\s*([^,{}]+?)\s*\}$/.exec(name);
  if (found) {
    return { base: found[1], scenario: found[2] };
  }
  if (name.trim() === '') {
    throw new InputError('metrics: a metric has no name');
  }
  return { base: name, scenario: 'default' };
}

function percentile(base: string, statistic: string) {
  const found = /^p\((\d{1,2}(?:\.\d{1,4})?)\)$/.exec(statistic);
  return base === 'http_req_duration' && found
    ? { metric: `latency.p${found[1]}`, unit: 'ms' }
    : undefined;
}

function isRateMetric({ values }: K6Metric): boolean {
  return 'passes' in values || 'matches' in values;
}

function unitOf(
  base: string,
  metric: K6Metric,
  statistic: string,
  isRate: boolean,
): string {
  const counts = ['count', 'passes', 'fails', 'matches', 'total'];
  const [plain] = base.split('{');
  const contains = metric.contains ?? guess(plain);
  if (isRate) {
    return counts.includes(statistic) ? 'count' : 'ratio';
  }
  if (statistic === 'rate') {
    return contains === 'data' ? 'bytes/s' : '1/s';
  }
  if (contains === 'time') {
    return statistic === 'count' && 'avg' in metric.values ? 'count' : 'ms';
  }
  return contains === 'data' ? 'bytes' : 'count';
}

function guess(name: string): string {
  if (data.test(name)) {
    return 'data';
  }
  return times.test(name) ? 'time' : 'default';
}
