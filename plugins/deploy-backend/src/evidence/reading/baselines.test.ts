import { Measurement } from '@vvp/backstage-plugin-deploy-common';
import { withBaselines } from './baselines';

function latency(
  value: number,
  overrides: Partial<Measurement> = {},
): Measurement {
  return {
    scenario: 'stress',
    metric: 'latency.p95',
    value,
    unit: 'ms',
    ...overrides,
  };
}

describe('withBaselines', () => {
  it('is the median of the last ten values', () => {
    const earlier = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000, 1000].map(value => [
      latency(value),
    ]);

    expect(withBaselines([latency(7)], earlier)).toEqual([
      { ...latency(7), baseline: 5.5 },
    ]);
  });

  it.each([
    ['nothing', []],
    ['another scenario', [[latency(5, { scenario: 'baseline' })]]],
    ['another metric', [[latency(5, { metric: 'latency.avg' })]]],
    ['another unit', [[latency(5, { unit: 's' })]]],
  ])('is absent if there was %s before', (_case, earlier) => {
    expect(withBaselines([latency(7)], earlier)).toEqual([latency(7)]);
  });
});
