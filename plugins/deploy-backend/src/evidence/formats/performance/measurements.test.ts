import { InputError } from '@backstage/errors';
import { PerformanceReport } from '../types';
import { measurements } from './measurements';

function read(report: unknown): PerformanceReport {
  const parser = measurements.createParser();
  parser.write(typeof report === 'string' ? report : JSON.stringify(report));
  return parser.end() as PerformanceReport;
}

const memory = { metric: 'memory.peak', value: 412, unit: 'MB' };
const build = {
  metric: 'build.time',
  value: 3.5,
  unit: 'min',
  scenario: 'release',
};

describe('measurements', () => {
  const expected = [
    {
      scenario: 'default',
      metric: 'memory.peak',
      value: 412_000_000,
      unit: 'bytes',
    },
    { scenario: 'release', metric: 'build.time', value: 210, unit: 's' },
  ];

  it.each<[string, unknown, object[]]>([
    ['one', memory, expected.slice(0, 1)],
    ['a list', [memory, build], expected],
    [
      'a list after white space',
      ` \n${JSON.stringify([memory, build])}`,
      expected,
    ],
    ['an object', { measurements: [memory, build] }, expected],
  ])('are read from %s', (_, report, wanted) => {
    const { measurements: actual } = read(report);

    expect(actual).toEqual(wanted);
  });

  it('come with a tool, and the last time that is told', () => {
    const report = read({
      measurements: [
        { ...memory, measuredAt: '2026-02-01T12:00:00+02:00' },
        { ...build, measuredAt: '2026-02-01T11:00:00Z' },
      ],
      measuredAt: '2026-02-01',
      tool: 'size.sh 1.2',
    });

    expect(report).toMatchObject({
      format: 'measurements',
      tool: 'size.sh 1.2',
      measuredAt: '2026-02-01T11:00:00.000Z',
    });
  });

  it.each([
    [250, 'ms', 250, 'ms'],
    [250, 'µs', 0.25, 'ms'],
    [5_000_000, 'ns', 5, 'ms'],
    [2, 'seconds', 2, 's'],
    [2, 'h', 7200, 's'],
    [1, 'B', 1, 'bytes'],
    [1.5, 'kB', 1500, 'bytes'],
    [500, 'MB', 500_000_000, 'bytes'],
    [500, 'MiB', 524_288_000, 'bytes'],
    [2, 'Gi', 2_147_483_648, 'bytes'],
    [7, '%', 0.07, 'ratio'],
    [12, 'percent', 0.12, 'ratio'],
    [0.5, 'ratio', 0.5, 'ratio'],
    [600, 'rpm', 10, '1/s'],
    [10, 'req/s', 10, '1/s'],
    [3, 'requests', 3, 'count'],
    [8, 'Mb', 8, 'Mb'],
    [8, 'widgets', 8, 'widgets'],
    [8, 'constructor', 8, 'constructor'],
  ])('keep %s %s as %s %s', (value, unit, kept, keptUnit) => {
    const report = read({ metric: 'anything', value, unit });

    expect(report.measurements).toEqual([
      { scenario: 'default', metric: 'anything', value: kept, unit: keptUnit },
    ]);
  });

  it.each([
    ['latency.p95', 1.2, 's', 1200, 'ms'],
    ['duration', 90_000, 'ms', 90, 's'],
    ['duration', 5, 'min', 300, 's'],
    ['error.rate', 1, '%', 0.01, 'ratio'],
  ])(
    'keep the shared %s of %s %s as %s %s',
    (metric, value, unit, kept, keptUnit) => {
      const report = read({ metric, value, unit });

      expect(report.measurements).toEqual([
        { scenario: 'default', metric, value: kept, unit: keptUnit },
      ]);
    },
  );

  it.each<[string, unknown, RegExp]>([
    ['no value', { metric: 'a', unit: 'ms' }, /^value: a missing value/],
    ['NaN', { ...memory, value: 'NaN' }, /^value: "NaN"/],
    [
      'NaN as a literal',
      '{"metric": "a", "value": NaN, "unit": "ms"}',
      /^Line 1/,
    ],
    ['too large', '{"metric": "a", "value": 1e999, "unit": "ms"}', /too large/],
    ['a percent sign', { ...memory, value: '12 %' }, /^value: "12 %"/],
    [
      'negative',
      [memory, { ...build, value: -1 }],
      /^\[1\]\.value: -1 is negative/,
    ],
    [
      'null',
      { measurements: [{ ...memory, value: null }] },
      /^measurements\[0\]\.value/,
    ],
    [
      'a rate above 1',
      { metric: 'error.rate', value: 1.7, unit: 'ratio' },
      /^value: 1\.7/,
    ],
    [
      'a rate above 100 %',
      { metric: 'error.rate', value: 170, unit: '%' },
      /^value: 170/,
    ],
    ['no metric', [{ value: 1, unit: 'ms' }], /^\[0\]\.metric/],
    [
      'an empty metric',
      { ...memory, metric: ' ' },
      /metric: not a text of 1 to 200/,
    ],
    [
      'a long metric',
      { ...memory, metric: 'm'.repeat(201) },
      /metric: not a text/,
    ],
    ['no unit', [{ metric: 'a', value: 1 }], /^\[0\]\.unit: missing/],
    ['a scenario of another type', { ...memory, scenario: 4 }, /^scenario/],
    [
      'the same twice',
      [memory, memory],
      /^\[1\]\.value: memory\.peak of default is measured twice/,
    ],
    ['a time that is none', { ...memory, measuredAt: 'now' }, /^measuredAt/],
    ['nothing measured', [], /no measurements/],
    ['none in an object', { measurements: [] }, /no measurements/],
    ['texts', ['a'], /^\[0\]\.metric/],
    ['truncated', '[{"metric": "a", "value": 1', /^Line 1/],
    ['empty', '', /^Line 1/],
    [
      '1,001',
      Array.from({ length: 1_001 }, (_, at) => ({
        ...memory,
        metric: `m${at}`,
      })),
      /^\[1000\]\.value: there are more than 1000/,
    ],
    ['10,000 levels deep', '['.repeat(10_000), /nested deeper/],
  ])('are refused: %s', (_, report, message) => {
    const reading = () => read(report);

    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });
});
