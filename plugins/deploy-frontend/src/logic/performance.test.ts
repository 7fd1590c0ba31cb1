import { sampleEvidence, sampleSeries } from '../__testUtils__/evidenceSamples';
import { metricTitle, performanceCharts, runsOf } from './performance';

const measured = (metric: string, unit: string) =>
  sampleSeries(metric, [1], { unit });

describe('performanceCharts', () => {
  it('puts percentiles into one chart, and each other measurement into its own', () => {
    const charts = performanceCharts([
      measured('memory', 'bytes'),
      measured('throughput', '1/s'),
      measured('latency.p99', 'ms'),
      measured('latency.max', 'ms'),
      measured('latency.avg', 'ms'),
      measured('users', 'count'),
      measured('error.rate', 'ratio'),
    ]);

    expect(charts).toEqual([
      {
        title: 'Latency',
        unit: 'ms',
        metrics: ['latency.avg', 'latency.p99'],
      },
      { title: 'Error rate', unit: 'ratio', metrics: ['error.rate'] },
      { title: 'Throughput', unit: '1/s', metrics: ['throughput'] },
      { title: 'memory', unit: 'bytes', metrics: ['memory'] },
    ]);
  });
});

describe('runsOf', () => {
  it('lists every scenario of every report once', () => {
    const report = sampleEvidence({
      environment: 'staging',
      summary: {
        type: 'performance',
        measurements: ['baseline', 'stress', 'baseline'].map(scenario => ({
          scenario,
          metric: 'latency.avg',
          value: 1,
          unit: 'ms',
        })),
      },
    });

    expect(runsOf([report]).map(({ scenario }) => scenario)).toEqual([
      'baseline',
      'stress',
    ]);
  });
});

describe('metricTitle', () => {
  it.each([
    ['latency.p95', '95th percentile'],
    ['image.size', 'image.size'],
  ])('calls %s %s', (metric, title) => {
    expect(metricTitle(metric)).toBe(title);
  });
});
