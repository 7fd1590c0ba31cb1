import { InputError } from '@backstage/errors';
import { JsonReader } from '../JsonReader';
import { dig, text } from '../json';
import { finite } from '../numbers';
import { oneLine } from '../plainText';
import { PerformanceReport, ReportFormat, ReportParser } from '../types';
import { utcTime } from '../utcTime';
import { addK6Metric, K6Metric } from './k6Metric';
import { MeasurementList } from './MeasurementList';

/** More metrics than any report with an acceptable number of measurements has. */
const maxMetrics = 1_000;

/**
 * Reads the summary that k6 writes at the end of a test, in its three shapes: `--summary-export` (statistics right
 * in the metric), what `handleSummary` gets (`values` and `contains` in the metric), and the machine-readable one since
 * k6 1.5 (a list of metrics in `results`).
 *
 * @see https://grafana.com/docs/k6/latest/results-output/end-of-test/
 */
class K6Parser implements ReportParser {
  readonly #metrics: K6Metric[] = [];
  readonly #facts = new Map<string, unknown>();
  readonly #reader = new JsonReader({
    paths: [
      '$.metrics.*',
      '$.results.metrics.*',
      '$.state.testRunDurationMs',
      '$.config.duration',
      '$.metadata.generatedAt',
      '$.metadata.k6Version',
    ],
    onValue: (value, path) => {
      if (path[0] === 'metrics' && path.length === 2) {
        this.#take(readNamed(String(path[1]), value));
      } else if (path[0] === 'results') {
        this.#take(readListed(value, Number(path[2])));
      } else {
        this.#facts.set(path.join('.'), value);
      }
    },
  });

  write(piece: string): void {
    this.#reader.write(piece);
  }

  end(): PerformanceReport {
    this.#reader.end();
    const measurements = new MeasurementList();
    if (this.#metrics.length === 0) {
      throw new InputError('metrics: missing, or empty; k6 measured nothing');
    }
    for (const metric of this.#metrics) {
      addK6Metric(metric, measurements);
    }
    this.#addDuration(measurements);
    const generatedAt = this.#facts.get('metadata.generatedAt');
    const version = text(this.#facts.get('metadata.k6Version'));
    return {
      type: 'performance',
      format: 'k6',
      tool: version ? oneLine(`k6 ${version}`) : 'k6',
      measuredAt:
        generatedAt === undefined
          ? undefined
          : utcTime(generatedAt, 'metadata.generatedAt'),
      measurements: measurements.list(),
    };
  }

  #take(metric: K6Metric): void {
    this.#metrics.push(metric);
    if (this.#metrics.length > maxMetrics) {
      throw new InputError(`metrics: there are more than ${maxMetrics}`);
    }
  }

  /** The machine-readable summary tells no rate of requests, but how long the test took. */
  #addDuration(measurements: MeasurementList): void {
    const milliseconds = this.#facts.get('state.testRunDurationMs');
    const seconds = this.#facts.get('config.duration');
    if (milliseconds === undefined && seconds === undefined) {
      return;
    }
    const [told, unit, where] =
      seconds === undefined
        ? [milliseconds, 'ms', 'state.testRunDurationMs']
        : [seconds, 's', 'config.duration'];
    const scenario = 'default';
    measurements.add(
      { scenario, metric: 'duration', value: told, unit },
      where,
    );
    const requests = this.#metrics.find(({ name }) => name === 'http_reqs');
    const isTold = !requests || 'rate' in requests.values;
    const duration = finite(told, where);
    if (!isTold && duration > 0) {
      const count = finite(requests.values.count, 'metrics.http_reqs.count');
      const value =
        unit === 'ms' ? (count * 1_000) / duration : count / duration;
      measurements.add(
        { scenario, metric: 'throughput', value, unit: '1/s' },
        'metrics.http_reqs.count',
      );
    }
  }
}

function readNamed(name: string, raw: unknown): K6Metric {
  const values = dig(raw, 'values');
  const where = `metrics.${name}`;
  return {
    name,
    contains: text(dig(raw, 'contains')),
    values:
      values === undefined
        ? statistics(raw, where)
        : statistics(values, `${where}.values`),
  };
}

function readListed(raw: unknown, at: number): K6Metric {
  const where = `results.metrics[${at}]`;
  const name = text(dig(raw, 'name'));
  if (!name) {
    throw new InputError(`${where}.name: missing`);
  }
  return {
    name,
    contains: text(dig(raw, 'contains')),
    values: statistics(dig(raw, 'values'), `${where}.values`),
  };
}

function statistics(raw: unknown, where: string): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new InputError(`${where}: missing, or not an object`);
  }
  return raw as Record<string, unknown>;
}

export const k6: ReportFormat = {
  format: 'k6',
  detect: head =>
    /^\s*\{/.test(head) &&
    /"metrics"\s*:\s*[[{]/.test(head) &&
    /"(vus_max|vus|http_reqs|iterations|iteration_duration|data_received|checks|root_group|k6Version)"/.test(
      head,
    ),
  createParser: () => new K6Parser(),
};
