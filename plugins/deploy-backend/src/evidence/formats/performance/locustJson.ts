import { InputError } from '@backstage/errors';
import { JsonReader } from '../JsonReader';
import { dig, text } from '../json';
import { count, finite } from '../numbers';
import { PerformanceReport, ReportFormat, ReportParser } from '../types';
import { MeasurementList } from './MeasurementList';
import { ResponseTimes } from './ResponseTimes';

/** More entries than any report with an acceptable number of measurements has. */
const maxEntries = 1_000;

/** One kind of request. */
interface Entry {
  scenario: string;
  requests: number;
  failures: number;
  /** Requests whose response time was measured. */
  timed: number;
  totalTime: number;
  minTime: number;
  maxTime: number;
  /** Seconds since 1970. */
  start: number;
  end: number;
  times: ResponseTimes;
}

/**
 * Reads what Locust prints with `--json`: a list with an entry for each kind of request, which is the scenario
 * `<method> <name>`. The scenario `default` is the sum of all, percentiles from the sum of the histograms.
 */
class LocustJsonParser implements ReportParser {
  readonly #entries: Entry[] = [];
  readonly #reader = new JsonReader({
    paths: ['$.*'],
    onValue: (value, path) => {
      if (typeof path[0] !== 'number') {
        throw new InputError('The report is not a list of statistics');
      }
      this.#entries.push(readEntry(value, `[${path[0]}]`));
      if (this.#entries.length > maxEntries) {
        throw new InputError(`There are more than ${maxEntries} statistics`);
      }
    },
  });

  write(piece: string): void {
    this.#reader.write(piece);
  }

  end(): PerformanceReport {
    this.#reader.end();
    if (this.#entries.length === 0) {
      throw new InputError('The report has no measurements');
    }
    const all = sum(this.#entries);
    const seconds = all.end - all.start;
    const measurements = new MeasurementList();
    for (const entry of [all, ...this.#entries]) {
      addEntry(entry, seconds, measurements);
    }
    if (seconds > 0) {
      measurements.add(
        { scenario: 'default', metric: 'duration', value: seconds, unit: 's' },
        'last_request_timestamp',
      );
    }
    return {
      type: 'performance',
      format: 'locust-json',
      tool: 'Locust',
      measuredAt: new Date(all.end * 1_000).toISOString(),
      measurements: measurements.list(),
    };
  }
}

function readEntry(raw: unknown, where: string): Entry {
  const name = text(dig(raw, 'name'));
  if (!name) {
    throw new InputError(`${where}.name: missing`);
  }
  const number = (key: string) => finite(dig(raw, key), `${where}.${key}`);
  const whole = (key: string) => count(dig(raw, key), `${where}.${key}`);
  const requests = whole('num_requests');
  const untimed =
    dig(raw, 'num_none_requests') === undefined
      ? 0
      : whole('num_none_requests');
  const isTimed = requests > untimed;
  return {
    scenario: [text(dig(raw, 'method')), name].filter(Boolean).join(' '),
    requests,
    failures: whole('num_failures'),
    timed: requests - untimed,
    totalTime: number('total_response_time'),
    minTime: isTimed ? number('min_response_time') : Infinity,
    maxTime: isTimed ? number('max_response_time') : 0,
    start: timestamp(raw, 'start_time', where),
    // Absent until the first request.
    end: dig(raw, 'last_request_timestamp')
      ? timestamp(raw, 'last_request_timestamp', where)
      : 0,
    times: readTimes(dig(raw, 'response_times'), `${where}.response_times`),
  };
}

function timestamp(raw: unknown, key: string, where: string): number {
  const seconds = finite(dig(raw, key), `${where}.${key}`);
  if (seconds < 0 || seconds > 253_402_300_799) {
    throw new InputError(`${where}.${key}: not a time in seconds since 1970`);
  }
  return seconds;
}

function readTimes(raw: unknown, where: string): ResponseTimes {
  const times = new ResponseTimes();
  if (typeof raw !== 'object' || raw === null) {
    throw new InputError(`${where}: missing, or not an object`);
  }
  for (const [time, responses] of Object.entries(raw)) {
    const milliseconds = finite(time, `${where}: ${time.slice(0, 40)}`);
    times.add(milliseconds, count(responses, `${where}.${milliseconds}`));
  }
  return times;
}

function sum(entries: readonly Entry[]): Entry {
  const times = new ResponseTimes();
  entries.forEach(entry => times.addAll(entry.times));
  const total = (pick: (entry: Entry) => number) =>
    entries.reduce((before, entry) => before + pick(entry), 0);
  return {
    scenario: 'default',
    requests: total(entry => entry.requests),
    failures: total(entry => entry.failures),
    timed: total(entry => entry.timed),
    totalTime: total(entry => entry.totalTime),
    minTime: Math.min(...entries.map(entry => entry.minTime)),
    maxTime: Math.max(...entries.map(entry => entry.maxTime)),
    start: Math.min(...entries.map(entry => entry.start)),
    end: Math.max(...entries.map(entry => entry.end)),
    times,
  };
}

/** @param seconds - how long the whole test took, as Locust divides by that for each entry, too */
function addEntry(
  entry: Entry,
  seconds: number,
  measurements: MeasurementList,
): void {
  const { scenario, requests, failures, timed, times } = entry;
  const add = (metric: string, unit: string, value: number | undefined) =>
    value !== undefined &&
    measurements.add(
      { scenario, metric, unit, value },
      `${scenario}: ${metric}`,
    );
  add('requests', 'count', requests);
  add('failures', 'count', failures);
  if (requests > 0) {
    add('error.rate', 'ratio', failures / requests);
  }
  if (seconds > 0) {
    add('throughput', '1/s', requests / seconds);
  }
  if (timed > 0) {
    add('latency.avg', 'ms', entry.totalTime / timed);
    add('latency.min', 'ms', entry.minTime);
    add('latency.max', 'ms', entry.maxTime);
  }
  add('latency.median', 'ms', times.percentile(0.5));
  add('latency.p90', 'ms', times.percentile(0.9));
  add('latency.p95', 'ms', times.percentile(0.95));
  add('latency.p99', 'ms', times.percentile(0.99));
}

export const locustJson: ReportFormat = {
  format: 'locust-json',
  detect: head =>
    /^\s*\[\s*\{/.test(head) &&
    /"num_requests"\s*:/.test(head) &&
    /"(response_times|total_response_time)"\s*:/.test(head),
  createParser: () => new LocustJsonParser(),
};
