import { within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createEvidenceApi } from '../../__testUtils__/createEvidenceApi';
import { findSection, hostile, rowsOf } from '../../__testUtils__/evidencePage';
import {
  sampleDetail,
  sampleEvidence,
  sampleSeries,
  sampleSummaries,
} from '../../__testUtils__/evidenceSamples';
import { renderWithDeployApi } from '../../__testUtils__/renderWithDeployApi';
import { EvidenceTab } from './EvidenceTab';

jest.mock('recharts', () =>
  jest.requireActual('../../__testUtils__/sizedCharts').sizedRecharts(),
);

describe('coverage', () => {
  const report = sampleDetail(
    sampleEvidence({
      suite: 'unit',
      summary: sampleSummaries.coverage({
        files: 300,
        lines: { covered: 78_996, total: 100_000 },
        branches: undefined,
      }),
    }),
    {
      files: [
        { path: `a/${hostile}.py`, lines: { covered: 1, total: 10 } },
        { path: 'b.py', lines: { covered: 0, total: 0 } },
      ],
      packages: [
        { name: 'good', lines: { covered: 9, total: 10 } },
        { name: 'bad', lines: { covered: 1, total: 3 } },
      ],
    },
  );
  const trends = {
    coverage: {
      series: [sampleSeries('lines', [80, 78.996], { suite: 'unit' })],
      thresholds: [
        {
          gate: 'coverage',
          environment: 'production',
          metric: 'lines',
          operator: 'minimum' as const,
          value: 79,
          unit: 'percent',
        },
      ],
    },
  };

  it('shows the latest numbers, never rounded up to a threshold', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([report], trends),
    });

    const coverage = await findSection('Coverage');
    expect(await coverage.findAllByText('78.99 %')).toHaveLength(2);
    expect(coverage.getByText('78,996 of 100,000')).toBeInTheDocument();
    expect(coverage.getAllByRole('term').map(term => term.textContent)).toEqual(
      ['Lines', 'Files'],
    );
  });

  it('draws the threshold of each gate, with its words', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([report], trends),
    });

    const coverage = await findSection('Coverage');
    const chart = await coverage.findByRole('img', {
      name: /Coverage over time, a chart\. Latest: Lines 78\.99 %\. coverage in production: at least 79 %\./,
    });
    expect(
      chart.querySelector('.recharts-reference-line-line'),
    ).toBeInTheDocument();
    expect(within(chart).getByText('at least 79 %')).toBeInTheDocument();
    expect(chart.querySelectorAll('.recharts-line-dot')).toHaveLength(2);
  });

  it('draws a single measurement', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([report], {
        coverage: { series: [sampleSeries('lines', [50], { suite: 'unit' })] },
      }),
    });

    const coverage = await findSection('Coverage');
    const chart = await coverage.findByRole('img', { name: /Coverage over/ });
    expect(chart.querySelectorAll('.recharts-line-dot')).toHaveLength(1);
  });

  it('has the numbers of a chart as a table too, newest first', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([report], trends),
    });
    const coverage = await findSection('Coverage');

    await userEvent.click(
      await coverage.findByRole('button', {
        name: 'Show as a table: Coverage over time',
      }),
    );

    const table = coverage.getByRole('table', { name: 'Coverage over time' });
    expect(rowsOf(table).map(([, commit, value]) => [commit, value])).toEqual([
      [expect.stringMatching(/^[0-9a-f]{7}$/), '78.99 %'],
      ['a1b2c3d', '80 %'],
    ]);
    await userEvent.click(
      coverage.getByRole('button', {
        name: 'Show as a chart: Coverage over time',
      }),
    );
    expect(coverage.getByRole('img')).toBeInTheDocument();
  });

  it('lists packages and files with the least coverage, with their names as text', async () => {
    const { container } = await renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([report], trends),
    });

    const coverage = await findSection('Coverage');
    const files = await coverage.findByRole('table', {
      name: 'Files with the least coverage',
    });
    expect(rowsOf(files).map(row => row.slice(0, 2))).toEqual([
      [`a/${hostile}.py`, '10 %'],
      ['b.py', '—'],
    ]);
    expect(coverage.getByText('2 of 300 files')).toBeInTheDocument();
    expect(container.querySelector('img')).toBeNull();
    expect(
      rowsOf(
        coverage.getByRole('table', {
          name: 'Coverage by package, least first',
        }),
      ).map(([name, lines]) => [name, lines]),
    ).toEqual([
      ['bad', '33.33 %'],
      ['good', '90 %'],
    ]);
  });

  it('starts with the suite that covers most, and lets another be chosen', async () => {
    const small = sampleDetail(
      sampleEvidence({
        suite: 'integration',
        summary: sampleSummaries.coverage({
          lines: { covered: 3, total: 4 },
        }),
      }),
    );
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([small, report]),
    });
    const coverage = await findSection('Coverage');
    expect(await coverage.findByText('78.99 %')).toBeInTheDocument();

    await userEvent.selectOptions(
      coverage.getByLabelText('Coverage of'),
      'integration',
    );

    expect(await coverage.findAllByText('75 %')).not.toHaveLength(0);
    expect(coverage.queryByText('78.99 %')).not.toBeInTheDocument();
  });
});
