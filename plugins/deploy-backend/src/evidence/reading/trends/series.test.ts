import {
  Evidence,
  EvidenceSummary,
  SecuritySummary,
  TrendSeries,
} from '@vvp/backstage-plugin-deploy-common';
import { seriesOf } from './series';

let counter = 0;

function evidence(
  measuredAt: string,
  summary: EvidenceSummary,
  overrides: Partial<Evidence> = {},
): Evidence {
  counter += 1;
  return {
    id: `id-${counter}`,
    entityRef: 'component:default/verifier',
    type: summary.type,
    format: 'lcov',
    commit: 'a'.repeat(40),
    measuredAt,
    receivedAt: measuredAt,
    summary,
    provenance: { kind: 'user', userRef: 'user:default/dana' },
    ...overrides,
  };
}

function security(critical: number, completed = true): SecuritySummary {
  return {
    type: 'security',
    completed,
    bySeverity: { critical, high: 0, medium: 0, low: 0, info: 0 },
    byCategory: {},
    suppressed: 0,
  };
}

const valuesOf = (series: TrendSeries[], metric: string) =>
  series
    .find(one => one.metric === metric)
    ?.points.map(({ measuredAt, value }) => [measuredAt, value]);

describe('seriesOf', () => {
  it('draws coverage in percent, a line for each suite', () => {
    const report = (covered: number, suite?: string) =>
      evidence(
        `t${covered}`,
        {
          type: 'coverage',
          lines: { covered, total: 8 },
          branches: { covered: 0, total: 0 },
          files: 1,
        },
        { suite },
      );

    const series = seriesOf(
      'coverage',
      [report(1), report(2), report(3, 'unit')],
      '',
    );

    expect(
      series.map(({ metric, suite, unit, points }) => [
        metric,
        suite,
        unit,
        points.map(({ value }) => value),
      ]),
    ).toEqual([
      ['lines', undefined, 'percent', [12.5, 25]],
      ['lines', 'unit', 'percent', [37.5]],
    ]);
  });

  it('draws tests', () => {
    const series = seriesOf(
      'test',
      [
        evidence('t1', {
          type: 'test',
          total: 10,
          passed: 6,
          failed: 2,
          skipped: 2,
          flaky: 1,
          suites: 1,
          durationSeconds: 1.5,
        }),
      ],
      '',
    );

    expect(
      Object.fromEntries(
        series.map(({ metric, points, unit }) => [
          metric,
          `${points[0].value} ${unit}`,
        ]),
      ),
    ).toEqual({
      'pass-rate': '75 percent',
      passed: '6 count',
      failed: '2 count',
      flaky: '1 count',
      duration: '1.5 s',
    });
  });

  it('adds up what the last scan of each tool found', () => {
    const trivy = { tool: 'Trivy 0.53.0' };
    const codeql = { tool: 'CodeQL 2.18.0' };

    const series = seriesOf(
      'security',
      [
        evidence('t1', security(5), codeql),
        evidence('t2', security(2), trivy),
        evidence('t3', security(9, false), trivy),
        evidence('t4', security(1), { tool: 'Trivy 0.54.0' }),
        evidence('t5', security(0), codeql),
      ],
      't2',
    );

    expect(valuesOf(series, 'critical')).toEqual([
      ['t2', 7],
      ['t4', 6],
      ['t5', 1],
    ]);
  });

  it('draws each suite of scans by itself', () => {
    const series = seriesOf(
      'security',
      [
        evidence('t1', security(5), { suite: 'image' }),
        evidence('t2', security(2), { suite: 'code' }),
      ],
      '',
    );

    expect(
      series
        .filter(({ metric }) => metric === 'critical')
        .map(({ suite, points }) => [suite, points[0].value]),
    ).toEqual([
      ['code', 2],
      ['image', 5],
    ]);
  });

  it('draws measurements by scenario, latency first', () => {
    const measurements = [
      { scenario: 'stress', metric: 'image.size', value: 5, unit: 'bytes' },
      { scenario: 'stress', metric: 'latency.p95', value: 9, unit: 'ms' },
      { scenario: 'baseline', metric: 'latency.p95', value: 3, unit: 'ms' },
    ];

    const series = seriesOf(
      'performance',
      [evidence('t1', { type: 'performance', measurements })],
      '',
    );

    expect(
      series.map(({ metric, scenario, points }) => [
        metric,
        scenario,
        points[0].value,
      ]),
    ).toEqual([
      ['latency.p95', 'baseline', 3],
      ['latency.p95', 'stress', 9],
      ['image.size', 'stress', 5],
    ]);
  });
});
