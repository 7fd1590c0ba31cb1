import { InputError } from '@backstage/errors';
import { PerformanceReport, ReportFormat } from '../types';
import { performanceFormats } from '.';
import { k6 } from './k6';
import { locustCsv } from './locustCsv';
import { locustJson } from './locustJson';

function read(format: ReportFormat, report: unknown): PerformanceReport {
  const parser = format.createParser();
  parser.write(typeof report === 'string' ? report : JSON.stringify(report));
  return parser.end() as PerformanceReport;
}

describe('k6', () => {
  it('reads the machine-readable summary, which has a list of metrics', () => {
    const report = read(k6, {
      version: '0.1.0',
      config: { duration: 20, execution: 'local' },
      metadata: {
        generatedAt: '2026-02-01T10:00:00+01:00',
        k6Version: '2.1.0',
      },
      results: {
        checks: { metrics: [{ name: 'checks_total', values: { count: 1 } }] },
        metrics: [
          {
            name: 'http_reqs',
            type: 'counter',
            contains: 'default',
            values: { count: 100 },
          },
          {
            name: 'http_req_duration',
            type: 'trend',
            contains: 'time',
            values: { avg: 12, 'p(90)': 20, 'p(95)': 30 },
          },
          {
            name: 'http_req_failed',
            type: 'rate',
            contains: 'default',
            values: { matches: 2, total: 100, rate: 0.02 },
          },
        ],
      },
    });

    const told = (metric: string, value: number, unit: string) => ({
      scenario: 'default',
      metric,
      value,
      unit,
    });
    expect(report).toEqual({
      type: 'performance',
      format: 'k6',
      tool: 'k6 2.1.0',
      measuredAt: '2026-02-01T09:00:00.000Z',
      measurements: [
        told('requests', 100, 'count'),
        told('latency.avg', 12, 'ms'),
        told('latency.p90', 20, 'ms'),
        told('latency.p95', 30, 'ms'),
        told('failures', 2, 'count'),
        told('error.rate', 0.02, 'ratio'),
        told('duration', 20, 's'),
        told('throughput', 5, '1/s'),
      ],
    });
  });

  // Written by hand after k6's documentation of handleSummary and of its metrics.
  it('reads a summary of gRPC and of metrics that a script adds', () => {
    const report = read(k6, {
      root_group: { name: '', path: '', id: '0', groups: [], checks: [] },
      options: { summaryTrendStats: ['avg', 'p(95)'], noColor: false },
      state: { isStdOutTTY: true, testRunDurationMs: 4_000 },
      metrics: {
        grpc_req_duration: {
          type: 'trend',
          contains: 'time',
          values: { avg: 2.5, 'p(95)': 4 },
          thresholds: { 'p(95)<10': { ok: true } },
        },
        grpc_reqs: {
          type: 'counter',
          contains: 'default',
          values: { count: 80, rate: 20 },
        },
        data_sent: {
          type: 'counter',
          contains: 'data',
          values: { count: 1_000, rate: 250 },
        },
        full_baskets: {
          type: 'rate',
          contains: 'default',
          values: { rate: 0.25, passes: 1, fails: 3 },
        },
        shelf: {
          type: 'gauge',
          contains: 'default',
          values: { value: 7, min: 1, max: 9 },
        },
        vus_max: {
          type: 'gauge',
          contains: 'default',
          values: { value: 10, min: 10, max: 10 },
        },
      },
    });

    const told = report.measurements.map(
      ({ metric, value, unit }) => `${metric} ${value} ${unit}`,
    );
    expect(told).toEqual([
      'grpc_req_duration.avg 2.5 ms',
      'grpc_req_duration.p95 4 ms',
      'grpc_reqs.count 80 count',
      'grpc_reqs.rate 20 1/s',
      'data_sent.count 1000 bytes',
      'data_sent.rate 250 bytes/s',
      'full_baskets.rate 0.25 ratio',
      'full_baskets.passes 1 count',
      'full_baskets.fails 3 count',
      'shelf.value 7 count',
      'shelf.min 1 count',
      'shelf.max 9 count',
      'users 10 count',
      'duration 4 s',
    ]);
  });

  it.each([
    ['http_req_duration{scenario:stress}', 'stress', 'latency.avg'],
    [
      'http_req_duration{ scenario:user journey }',
      'user journey',
      'latency.avg',
    ],
    [
      'http_req_duration{scenario:a,name:b}',
      'default',
      'http_req_duration{scenario:a,name:b}.avg',
    ],
    ['my_time', 'default', 'my_time.avg'],
  ])('%s is of the scenario %s: %s', (name, scenario, metric) => {
    const report = read(k6, {
      metrics: { [name]: { contains: 'time', values: { avg: 1 } } },
    });

    expect(report.measurements).toEqual([
      { scenario, metric, value: 1, unit: 'ms' },
    ]);
  });

  it.each([
    [{ contains: 'time', values: { avg: 1, count: 9 } }, ['ms', 'count']],
    [{ contains: 'data', values: { count: 1, rate: 2 } }, ['bytes', 'bytes/s']],
    [{ contains: 'time', values: { count: 1, rate: 2 } }, ['ms', '1/s']],
    [{ contains: 'default', values: { avg: 1, count: 9 } }, ['count', 'count']],
    [{ value: 0.5, passes: 1, fails: 1 }, ['ratio', 'count', 'count']],
  ])('the units of %j are %j', (metric, units) => {
    const report = read(k6, { metrics: { mine: metric } });

    expect(report.measurements.map(({ unit }) => unit)).toEqual(units);
  });

  it.each<[string, unknown, RegExp]>([
    ['no metrics', { root_group: {} }, /^metrics: missing/],
    ['empty metrics', { metrics: {} }, /^metrics: missing/],
    [
      'a metric that is none',
      { metrics: { vus: 4 } },
      /^metrics\.vus: missing/,
    ],
    [
      'a rate of 1.7',
      { metrics: { http_req_failed: { value: 1.7 } } },
      /^metrics\.http_req_failed\.value: 1\.7/,
    ],
    [
      'a negative time',
      { metrics: { http_req_duration: { values: { avg: -1 } } } },
      /^metrics\.http_req_duration\.avg: -1/,
    ],
    [
      'a percent sign',
      { metrics: { http_req_failed: { values: { rate: '12 %' } } } },
      /^metrics\.http_req_failed\.rate: "12 %"/,
    ],
    [
      'null',
      { metrics: { http_reqs: { count: null } } },
      /^metrics\.http_reqs\.count: null/,
    ],
    [
      'a metric without a name',
      { results: { metrics: [{}] } },
      /^results\.metrics\[0\]\.name/,
    ],
    [
      'a time that is none',
      {
        metadata: { generatedAt: 'now' },
        metrics: { http_reqs: { count: 1 } },
      },
      /^metadata\.generatedAt/,
    ],
    [
      'too many metrics',
      {
        metrics: Object.fromEntries(
          Array.from({ length: 1_001 }, (_, at) => [`m${at}`, { count: 1 }]),
        ),
      },
      /more than 1000/,
    ],
    ['truncated', '{"metrics": {"vus": {"value": 1', /^Line 1/],
    ['NaN', '{"metrics": {"vus": {"value": NaN}}}', /^Line 1/],
    ['empty', '', /^Line 1/],
  ])('refuses a summary: %s', (_, report, message) => {
    const reading = () => read(k6, report);

    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });
});

describe('Locust CSV', () => {
  const header = 'Type,Name,Request Count,Failure Count,Requests/s,50%,95%';

  it('leaves out what was not measured', () => {
    const report = read(locustCsv, `${header}\n,Aggregated,0,0,0.0,N/A,N/A\n`);

    expect(report.measurements.map(({ metric }) => metric)).toEqual([
      'requests',
      'failures',
      'throughput',
    ]);
  });

  it('takes percentiles that a configuration asks for, in any order', () => {
    const report = read(
      locustCsv,
      'Type,Name,Request Count,Failure Count,99%,90%\n,Aggregated,4,1,20,10\n',
    );

    expect(report.measurements).toEqual(
      expect.arrayContaining([
        { scenario: 'default', metric: 'latency.p90', value: 10, unit: 'ms' },
        { scenario: 'default', metric: 'latency.p99', value: 20, unit: 'ms' },
        {
          scenario: 'default',
          metric: 'error.rate',
          value: 0.25,
          unit: 'ratio',
        },
      ]),
    );
  });

  it.each<[string, string, RegExp]>([
    ['another CSV', 'Timestamp,User Count\n1,2\n', /^Line 1: the columns Name/],
    ['no rows', `${header}\n`, /no measurements/],
    ['no sum', `${header}\nGET,/,1,0,1,1,1\n`, /row Aggregated is missing/],
    [
      'a percent sign',
      `${header}\n,Aggregated,1,0,1,1,12 %\n`,
      /^Line 2, column 95%: "12 %"/,
    ],
    [
      'NaN',
      `${header}\n,Aggregated,1,0,NaN,1,1\n`,
      /^Line 2, column requests\/s: "NaN"/,
    ],
    [
      'a negative count',
      `${header}\n,Aggregated,-1,0,1,1,1\n`,
      /^Line 2, column request count: "-1"/,
    ],
    [
      'half a request',
      `${header}\n,Aggregated,1.5,0,1,1,1\n`,
      /^Line 2, column request count: "1\.5"/,
    ],
    [
      'more failures than requests',
      `${header}\n,Aggregated,1,2,1,1,1\n`,
      /^Line 2, failures among/,
    ],
    [
      'an empty cell',
      `${header}\n,Aggregated,1,0,,1,1\n`,
      /^Line 2, column requests\/s: ""/,
    ],
    ['a row cut off', `${header}\n,Aggregated,1\n`, /^Line 2 of the CSV/],
    [
      'an open quote',
      `${header}\n,"Aggregated,1\n`,
      /^Line 2 of the CSV|of the CSV: malformed/,
    ],
    [
      'the same row twice',
      `${header}\n${',Aggregated,1,0,1,1,1\n'.repeat(2)}`,
      /^Line 3.*twice/,
    ],
    ['empty', '', /^Line 1/],
    ['too long', `${header}\n${'x'.repeat(5_000_000)}`, /longer than/],
  ])('refuses a file: %s', (_, content, message) => {
    const reading = () => read(locustCsv, content);

    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });
});

describe('Locust JSON', () => {
  const entry = {
    name: '/',
    method: 'GET',
    start_time: 1_700_000_000,
    last_request_timestamp: 1_700_000_010,
    num_requests: 4,
    num_none_requests: 1,
    num_failures: 1,
    total_response_time: 60,
    min_response_time: 10,
    max_response_time: 30,
    response_times: { '10': 1, '20': 1, '30.0': 1 },
  };

  it('leaves requests without a response time out of the average', () => {
    const { measurements } = read(locustJson, [entry]);

    const average = measurements.find(({ metric }) => metric === 'latency.avg');
    expect(average?.value).toBe(20);
  });

  it('reads a kind of request of which none was sent', () => {
    const unused = {
      ...entry,
      name: '/unused',
      num_requests: 0,
      num_none_requests: 0,
      num_failures: 0,
      total_response_time: 0,
      min_response_time: null,
      max_response_time: 0,
      last_request_timestamp: null,
      response_times: {},
    };

    const { measurements } = read(locustJson, [entry, unused]);

    const metrics = measurements
      .filter(({ scenario }) => scenario === 'GET /unused')
      .map(({ metric, value }) => [metric, value]);
    expect(metrics).toEqual([
      ['requests', 0],
      ['failures', 0],
      ['throughput', 0],
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ['no list', { a: entry }, /not a list/],
    ['nothing', [], /no measurements/],
    ['no name', [{ ...entry, name: undefined }], /^\[0\]\.name/],
    [
      'half a request',
      [{ ...entry, num_requests: 1.5 }],
      /^\[0\]\.num_requests/,
    ],
    [
      'a negative count',
      [entry, { ...entry, num_failures: -1 }],
      /^\[1\]\.num_failures/,
    ],
    [
      'a percent sign',
      [{ ...entry, total_response_time: '1 %' }],
      /^\[0\]\.total_response_time/,
    ],
    [
      'a negative time',
      [{ ...entry, min_response_time: -5 }],
      /-5 is negative/,
    ],
    [
      'more failures than requests',
      [{ ...entry, num_failures: 5 }],
      /not a rate/,
    ],
    [
      'a start that is none',
      [{ ...entry, start_time: 'now' }],
      /^\[0\]\.start_time/,
    ],
    [
      'an end beyond all time',
      [{ ...entry, last_request_timestamp: 1e15 }],
      /^\[0\]\.last_request/,
    ],
    [
      'no histogram',
      [{ ...entry, response_times: undefined }],
      /^\[0\]\.response_times/,
    ],
    [
      'a histogram of words',
      [{ ...entry, response_times: { a: 1 } }],
      /^\[0\]\.response_times/,
    ],
    [
      'a histogram of shares',
      [{ ...entry, response_times: { '1': 0.5 } }],
      /^\[0\]\.response_times/,
    ],
    ['the same twice', [entry, entry], /twice/],
    ['truncated', '[{"name": "a"', /^Line 1/],
    ['empty', '', /^Line 1/],
  ])('refuses a report: %s', (_, report, message) => {
    const reading = () => read(locustJson, report);

    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });
});

describe('recognising reports of load tests', () => {
  it.each([
    ['k6', '{"metrics": {"vus_max": {"value": 1}}}'],
    ['k6', '{"root_group": {}, "metrics": {}}'],
    ['locust-csv', '"Type","Name","# requests","# failures"'],
    ['locust-csv', 'Type,Name,Request Count,Failure Count'],
    ['locust-json', '[{"name": "/", "num_requests": 1, "response_times": {}}]'],
    ['measurements', '{"metric": "a", "value": 1, "unit": "s"}'],
    [
      'measurements',
      '{"measurements": [{"unit": "s", "value": 1, "metric": "a"}]}',
    ],
    [undefined, '{"metrics": {"bandit": {}}}'],
    [undefined, '[{"name": "a"}]'],
    [undefined, 'Type,Name\n'],
    [undefined, '{"metric": "a"}'],
  ])('%s: %s', (expected, head) => {
    const detected = performanceFormats.find(format => format.detect(head));

    expect(detected?.format).toBe(expected);
  });
});
