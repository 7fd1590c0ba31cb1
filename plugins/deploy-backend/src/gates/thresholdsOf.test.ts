import { GateRule } from '@vvp/backstage-plugin-deploy-common';
import { thresholdsOf } from './thresholdsOf';

const rule: GateRule = {
  name: 'coverage',
  title: 'Coverage',
  evidence: { type: 'coverage', suite: 'unit' },
  metric: { name: 'lines' },
  minimum: 79,
  sameCommit: false,
  completed: true,
  smallChange: 20,
  pendingForSeconds: 3600,
};

describe('thresholdsOf', () => {
  it('gives each limit once for each environment', () => {
    expect(
      thresholdsOf('coverage', [
        { name: 'staging', rules: [rule] },
        {
          name: 'production',
          rules: [{ ...rule, minimum: 80, lessThan: 101 }],
        },
      ]),
    ).toEqual([
      expect.objectContaining({ environment: 'staging', value: 79 }),
      {
        gate: 'coverage',
        environment: 'production',
        metric: 'lines',
        suite: 'unit',
        operator: 'minimum',
        value: 80,
        unit: 'percent',
      },
      expect.objectContaining({ operator: 'lessThan', value: 101 }),
    ]);
  });

  it.each([
    [{ type: 'test' as const }, { name: 'failed' }, 'count'],
    [{ type: 'test' as const }, { name: 'pass-rate' }, 'percent'],
    [{ type: 'test' as const }, { name: 'duration' }, 's'],
    [{ type: 'security' as const }, { name: 'findings' }, 'count'],
    [
      { type: 'performance' as const },
      { name: 'latency.p95', unit: 'ms', scenario: 'stress' },
      'ms',
    ],
  ])('knows the unit of %o %o', (evidence, metric, unit) => {
    const [threshold] = thresholdsOf(evidence.type, [
      { name: 'production', rules: [{ ...rule, evidence, metric }] },
    ]);

    expect(threshold).toMatchObject({ metric: metric.name, unit });
  });

  it('draws findings at the severity that they count from', () => {
    const evidence = { type: 'security' as const };
    const metric = { name: 'findings', severity: 'high' as const };

    expect(
      thresholdsOf('security', [
        { name: 'production', rules: [{ ...rule, evidence, metric }] },
      ]),
    ).toMatchObject([{ metric: 'high' }]);
  });

  it('leaves out rules on other evidence', () => {
    expect(
      thresholdsOf('test', [{ name: 'production', rules: [rule] }]),
    ).toEqual([]);
  });

  it('leaves out rules without a number', () => {
    const { minimum: _, ...unlimited } = rule;
    const soak = { ...unlimited, evidence: undefined, metric: undefined };

    expect(
      thresholdsOf('coverage', [
        { name: 'production', rules: [unlimited, soak] },
      ]),
    ).toEqual([]);
  });
});
