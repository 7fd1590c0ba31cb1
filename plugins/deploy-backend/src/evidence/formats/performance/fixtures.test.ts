import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerformanceReport } from '../types';
import { performanceFormats } from '.';

const folder = join(
  __dirname,
  '../../../../../../test/fixtures/reports/performance',
);

function read(name: string, pieceLength = 100): PerformanceReport {
  const content = readFileSync(join(folder, name), 'utf8');
  const found = performanceFormats.filter(format => format.detect(content));
  expect(found).toHaveLength(1);
  const parser = found[0].createParser();
  for (let at = 0; at < content.length; at += pieceLength) {
    parser.write(content.slice(at, at + pieceLength));
  }
  return parser.end() as PerformanceReport;
}

/** `metric` of the scenario, in its unit, to the digits that tools print. */
function tell(report: PerformanceReport, scenario: string) {
  return Object.fromEntries(
    report.measurements
      .filter(measurement => measurement.scenario === scenario)
      .map(({ metric, value, unit }) => [
        metric,
        `${value.toFixed(2)} ${unit}`,
      ]),
  );
}

describe('k6', () => {
  // As k6 printed them on the console.
  it.each([
    [
      'default',
      {
        'latency.avg': '53.90 ms',
        'latency.min': '2.54 ms',
        'latency.median': '52.64 ms',
        'latency.max': '132.10 ms',
        'latency.p90': '91.22 ms',
        'latency.p95': '98.30 ms',
        'latency.p99': '112.51 ms',
        requests: '340.00 count',
        throughput: '33.35 1/s',
        failures: '7.00 count',
        'error.rate': '0.02 ratio',
        users: '11.00 count',
        'iterations.count': '170.00 count',
        'iterations.rate': '16.67 1/s',
        'iteration_duration.p95': '255.07 ms',
        'data_received.count': '38553.00 bytes',
        'data_received.rate': '3781.15 bytes/s',
        'checks.rate': '1.00 ratio',
        'checks.passes': '170.00 count',
        'vus.max': '7.00 count',
        'basket_size.avg': '2.46 count',
        'http_req_duration{expected_response:true}.avg': '53.57 ms',
      },
    ],
    ['baseline', { 'latency.avg': '52.92 ms', 'latency.p95': '100.99 ms' }],
    ['stress', { 'latency.avg': '54.63 ms', 'latency.p95': '96.75 ms' }],
  ])('--summary-export of 0.46.0, scenario %s', (scenario, expected) => {
    const report = read('k6/summary-export-0.46.0.json');

    expect(report).toMatchObject({ format: 'k6', tool: 'k6' });
    expect(tell(report, scenario)).toMatchObject(expected);
  });

  it('handleSummary tells what --summary-export tells of the same run, and how long it took', () => {
    const exported = read('k6/handle-summary-0.46.0.export.json');

    const handled = read('k6/handle-summary-0.46.0.json');

    const { duration, ...others } = tell(handled, 'default');
    expect(others).toEqual(tell(exported, 'default'));
    expect(tell(handled, 'stress')).toEqual(tell(exported, 'stress'));
    expect(duration).toMatch(/^10\.\d\d s$/);
  });
});

describe('Locust CSV', () => {
  // The rows as they stand in the files.
  it.each([
    [
      'locust/locust-0.14.6_stats.csv',
      {
        requests: '459.00 count',
        failures: '4.00 count',
        'error.rate': '0.01 ratio',
        throughput: '51.02 1/s',
        'latency.avg': '27.00 ms',
        'latency.min': '2.00 ms',
        'latency.median': '27.00 ms',
        'latency.max': '53.00 ms',
        'latency.p90': '48.00 ms',
        'latency.p95': '51.00 ms',
        'latency.p99': '52.00 ms',
      },
    ],
    [
      'locust/locust-1.6.0_stats.csv',
      {
        requests: '348.00 count',
        failures: '3.00 count',
        'error.rate': '0.01 ratio',
        throughput: '49.78 1/s',
        'latency.avg': '27.20 ms',
        'latency.min': '2.98 ms',
        'latency.median': '27.00 ms',
        'latency.max': '51.95 ms',
        'latency.p90': '48.00 ms',
        'latency.p95': '51.00 ms',
        'latency.p99': '52.00 ms',
      },
    ],
    [
      'locust/locust-2.12.1_stats.csv',
      {
        requests: '702.00 count',
        failures: '9.00 count',
        'error.rate': '0.01 ratio',
        throughput: '63.91 1/s',
        'latency.avg': '31.54 ms',
        'latency.min': '2.80 ms',
        'latency.median': '27.00 ms',
        'latency.max': '1029.76 ms',
        'latency.p90': '48.00 ms',
        'latency.p95': '51.00 ms',
        'latency.p99': '51.00 ms',
      },
    ],
  ])('%s', (name, expected) => {
    const report = read(name);

    expect(report).toMatchObject({ format: 'locust-csv', tool: 'Locust' });
    expect(tell(report, 'default')).toEqual(expected);
  });

  it('names a scenario by type and name', () => {
    const report = read('locust/locust-2.12.1_stats.csv');

    const scenarios = report.measurements.map(({ scenario }) => scenario);
    expect([...new Set(scenarios)]).toEqual([
      'GET /items,%20all',
      'POST /orders',
      'GET /orders/[id]',
      'default',
    ]);
    expect(tell(report, 'POST /orders')).toMatchObject({
      requests: '231.00 count',
      failures: '4.00 count',
    });
  });
});

describe('Locust JSON', () => {
  // As expected.py tells them: Locust's own classes over the same file.
  it.each([
    [
      'locust/locust-2.15.1.json',
      'default',
      {
        requests: '330.00 count',
        failures: '4.00 count',
        'error.rate': '0.01 ratio',
        throughput: '45.92 1/s',
        duration: '7.19 s',
        'latency.avg': '47.28 ms',
        'latency.min': '3.40 ms',
        'latency.median': '42.00 ms',
        'latency.p90': '70.00 ms',
        'latency.p95': '82.00 ms',
        'latency.p99': '110.00 ms',
        'latency.max': '1071.11 ms',
      },
    ],
    [
      'locust/locust-2.15.1.json',
      'GET /orders/[id]',
      {
        requests: '36.00 count',
        failures: '1.00 count',
        'error.rate': '0.03 ratio',
        throughput: '5.01 1/s',
        'latency.avg': '73.31 ms',
        'latency.min': '7.58 ms',
        'latency.median': '50.00 ms',
        'latency.p90': '73.00 ms',
        'latency.p95': '79.00 ms',
        'latency.p99': '1100.00 ms',
        'latency.max': '1065.60 ms',
      },
    ],
    [
      'locust/locust-2.20.1.json',
      'default',
      {
        requests: '315.00 count',
        failures: '2.00 count',
        'error.rate': '0.01 ratio',
        throughput: '45.58 1/s',
        duration: '6.91 s',
        'latency.avg': '45.36 ms',
        'latency.min': '3.22 ms',
        'latency.median': '45.00 ms',
        'latency.p90': '69.00 ms',
        'latency.p95': '84.00 ms',
        'latency.p99': '120.00 ms',
        'latency.max': '218.01 ms',
      },
    ],
    [
      'locust/locust-2.20.1.json',
      'POST /orders',
      {
        requests: '109.00 count',
        failures: '2.00 count',
        'error.rate': '0.02 ratio',
        throughput: '15.77 1/s',
        'latency.avg': '44.75 ms',
        'latency.min': '6.50 ms',
        'latency.median': '44.00 ms',
        'latency.p90': '69.00 ms',
        'latency.p95': '91.00 ms',
        'latency.p99': '120.00 ms',
        'latency.max': '151.12 ms',
      },
    ],
  ])('%s, scenario %s', (name, scenario, expected) => {
    const report = read(name);

    expect(report).toMatchObject({ format: 'locust-json', tool: 'Locust' });
    expect(tell(report, scenario)).toEqual(expected);
  });

  it('tells when the last request was', () => {
    const report = read('locust/locust-2.20.1.json');

    expect(report.measuredAt).toMatch(/^2026-11-21T07:10:14\.\d{3}Z$/);
  });
});
