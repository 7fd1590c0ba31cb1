import { TrendThreshold } from '@vvp/backstage-plugin-deploy-common';
import { sampleSeries } from '../__testUtils__/evidenceSamples';
import {
  axisRange,
  chartLimits,
  chartRows,
  chartSeries,
  severitySeries,
} from './trends';

const threshold: TrendThreshold = {
  gate: 'coverage',
  environment: 'staging',
  metric: 'lines',
  operator: 'minimum',
  value: 79,
  unit: 'percent',
};

describe('chartLimits', () => {
  it('draws equal limits of several environments once', () => {
    const limits = chartLimits(
      [
        threshold,
        { ...threshold, environment: 'production' },
        { ...threshold, environment: 'preview', value: 60 },
      ],
      { metric: 'lines', unit: 'percent' },
    );

    expect(limits).toEqual([
      {
        value: 79,
        short: 'at least 79 %',
        label: 'coverage in staging, production: at least 79 %',
      },
      expect.objectContaining({ value: 60 }),
    ]);
  });

  it.each<[string, Partial<TrendThreshold>]>([
    ['metric', { metric: 'branches' }],
    ['environment', { environment: 'preview' }],
    ['suite', { suite: 'integration' }],
    ['scenario', { scenario: 'stress' }],
    ['unit', { unit: 'ms' }],
  ])('leaves out the limit of another %s', (_name, part) => {
    const asked = {
      metric: 'lines',
      unit: 'percent',
      environment: 'staging',
      suite: 'unit',
      scenario: 'default',
    };

    expect(chartLimits([threshold], asked)).toHaveLength(1);
    expect(chartLimits([{ ...threshold, ...part }], asked)).toEqual([]);
  });

  it('tells a limit in the unit of the chart, and names it as the gate does', () => {
    const [limit] = chartLimits(
      [{ ...threshold, operator: 'lessThan', value: 0.6, unit: 's' }],
      { metric: 'lines', unit: 'ms' },
    );

    expect(limit).toMatchObject({ value: 600, short: 'less than 0.6 s' });
  });
});

describe('chartSeries and chartRows', () => {
  it('puts values of the same time side by side, oldest first', () => {
    const [a, b] = [
      sampleSeries('lines', [1, 2], { suite: 'a' }),
      sampleSeries('lines', [3], { suite: 'b' }),
    ];
    b.points[0].measuredAt = a.points[1].measuredAt;

    const series = chartSeries([a, b], {
      metric: name => name === 'lines',
      label: ({ suite }) => suite ?? '',
    });

    expect(series.map(({ label }) => label)).toEqual(['a', 'b']);
    expect(
      chartRows(series).map(({ values }) => Object.values(values)),
    ).toEqual([[1], [2, 3]]);
  });

  it('leaves out what is no number or no time', () => {
    const broken = sampleSeries('lines', [NaN, 5, Infinity, 7]);
    broken.points[3].measuredAt = 'yesterday';

    const [series] = chartSeries([broken], {
      metric: () => true,
      label: () => '',
    });

    expect(series.points.map(({ value }) => value)).toEqual([5]);
  });
});

describe('severitySeries', () => {
  it('adds up the last known counts of all scans', () => {
    const image = sampleSeries('high', [3, 1], { unit: 'count', suite: 'a' });
    const code = sampleSeries('high', [10], { unit: 'count', suite: 'b' });
    image.points[0].measuredAt = '2026-11-01T00:00:00Z';
    code.points[0].measuredAt = '2026-11-02T00:00:00Z';
    image.points[1].measuredAt = '2026-11-03T00:00:00Z';

    const high = severitySeries([image, code]).find(
      ({ key }) => key === 'high',
    );

    expect(high?.points.map(({ value }) => value)).toEqual([3, 13, 11]);
  });

  it('is empty without any scan', () => {
    expect(severitySeries([])).toEqual([]);
  });
});

describe('axisRange', () => {
  it.each<[number[], { percent?: boolean }, [number, number]]>([
    [[78.9, 79], { percent: true }, [70, 100]],
    [[99.9], { percent: true }, [90, 100]],
    [[0], { percent: true }, [0, 100]],
    [[0], {}, [0, 1]],
    [[212, 400], {}, [0, 420]],
    [[-5, 10], {}, [-5, 11]],
    [[], {}, [0, 1]],
  ])('has room for %j with %j: %j', (values, options, range) => {
    expect(axisRange(values, options)).toEqual(range);
  });
});
