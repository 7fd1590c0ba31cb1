import { within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createEvidenceApi } from '../../__testUtils__/createEvidenceApi';
import { findSection, rowsOf } from '../../__testUtils__/evidencePage';
import {
  sampleDetail,
  sampleEvidence,
  sampleSeries,
} from '../../__testUtils__/evidenceSamples';
import { renderWithDeployApi } from '../../__testUtils__/renderWithDeployApi';
import { EvidenceTab } from './EvidenceTab';

jest.mock('recharts', () =>
  jest.requireActual('../../__testUtils__/sizedCharts').sizedRecharts(),
);

describe('performance', () => {
  const measurements = [
    { metric: 'latency.p95', value: 512, unit: 'ms', baseline: 400 },
    { metric: 'error.rate', value: 0.01004, unit: 'ratio', baseline: 0 },
    { metric: 'memory', value: 312_400_000, unit: 'bytes' },
  ].map(each => ({ scenario: 'baseline', ...each }));
  const stress = {
    scenario: 'stress',
    metric: 'latency.p95',
    value: 2100,
    unit: 'ms',
  };
  const report = sampleDetail(
    sampleEvidence({
      environment: 'staging',
      summary: {
        type: 'performance',
        measurements: [...measurements, stress],
      },
    }),
    { measurements: [...measurements, stress] },
  );
  const trends = {
    performance: {
      series: [
        sampleSeries('latency.p95', [400, 512], {
          unit: 'ms',
          scenario: 'baseline',
          environment: 'staging',
        }),
        sampleSeries('latency.p95', [2000, 2100], {
          unit: 'ms',
          scenario: 'stress',
          environment: 'staging',
        }),
      ],
      thresholds: [
        {
          gate: 'errors',
          environment: 'production',
          metric: 'error.rate',
          scenario: 'baseline',
          operator: 'lessThan' as const,
          value: 1,
          unit: 'percent',
        },
        {
          gate: 'latency',
          environment: 'production',
          metric: 'latency.p95',
          scenario: 'baseline',
          operator: 'lessThan' as const,
          value: 0.6,
          unit: 's',
        },
      ],
    },
  };

  it('shows each measurement beside what is usual and what is asked', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([report], trends),
    });

    const performance = await findSection('Performance');
    expect(await performance.findAllByText('400 ms')).not.toHaveLength(0);
    expect(
      rowsOf(performance.getByRole('table', { name: 'Latest measurements' })),
    ).toEqual([
      [
        '95th percentile',
        '512 ms',
        '400 ms',
        '+28 %',
        'latency in production: less than 0.6 s',
      ],
      [
        'Error rate',
        '1.004 %',
        '0 %',
        '—',
        'errors in production: less than 1 %',
      ],
      ['memory', '312.4 MB', 'not known yet', '—', ''],
    ]);
  });

  it('draws the percentiles of the chosen scenario, with its own thresholds', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([report], trends),
    });
    const performance = await findSection('Performance');
    expect(
      await performance.findByRole('img', {
        name: /95th percentile 512 ms\. latency in production: less than 0\.6 s/,
      }),
    ).toBeInTheDocument();

    const choice = performance.getByLabelText('Scenario');
    await userEvent.selectOptions(
      choice,
      within(choice).getByText('stress in staging'),
    );

    expect(
      await performance.findByRole('img', {
        name: /95th percentile 2,100 ms\.$/,
      }),
    ).toBeInTheDocument();
  });
});
