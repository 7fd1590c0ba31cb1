import { act, within } from '@testing-library/react';
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
import { minutesAgo, sampleCommit } from '../../__testUtils__/samples';
import { EvidenceTab } from './EvidenceTab';

jest.mock('recharts', () =>
  jest.requireActual('../../__testUtils__/sizedCharts').sizedRecharts(),
);

describe('tests', () => {
  const trace = `Traceback:\n  ${hostile}`;
  const failing = sampleDetail(
    sampleEvidence({
      suite: 'unit',
      summary: sampleSummaries.test({
        total: 12,
        passed: 8,
        failed: 3,
        skipped: 1,
        flaky: 1,
      }),
    }),
    {
      tests: [
        {
          suite: 'chain',
          name: `refuses ${hostile}`,
          outcome: 'failed',
          flaky: false,
          message: 'expected INVALID',
          trace,
          file: 'tests/chain.py',
          line: 118,
          failingSince: minutesAgo(3 * 24 * 60),
          failingSinceCommit: sampleCommit('77aa88b'),
        },
        { suite: 'net', name: 'retries', outcome: 'passed', flaky: true },
        { suite: 'hsm', name: 'signs', outcome: 'skipped', flaky: false },
      ],
    },
  );
  const passing = sampleDetail(
    sampleEvidence({
      suite: 'e2e',
      mode: 'azure',
      environment: 'staging',
      summary: sampleSummaries.test(),
    }),
  );
  const nothing = sampleDetail(
    sampleEvidence({
      suite: 'empty',
      summary: sampleSummaries.test({ total: 0, passed: 0 }),
    }),
  );

  it('lists the latest result of every suite and mode, failures first', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([passing, nothing, failing]),
    });

    const tests = await findSection('Tests');
    const table = await tests.findByRole('table', {
      name: 'Latest result of every suite',
    });
    expect(rowsOf(table).map(row => row.slice(0, 3))).toEqual([
      ['Failed', expect.stringMatching(/^unit/), '8 of 12 (72.72 %)'],
      ['Nothing ran', expect.stringMatching(/^empty/), '0 of 0 '],
      [
        'Passed',
        expect.stringMatching(/^e2e \(azure\) in staging/),
        '120 of 120 (100 %)',
      ],
    ]);
  });

  it('shows failing tests with message, since when, and the trace on demand', async () => {
    const { container } = await renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([failing]),
    });
    const tests = await findSection('Tests');
    const list = within(
      await tests.findByRole('list', { name: 'Failing tests' }),
    );

    const test = list.getByRole('listitem');
    expect(test).toHaveTextContent(/^refuses <img src=x onerror/);
    expect(test).toHaveTextContent(/fails since 3 days ago \(77aa88b\)/);
    expect(test).toHaveTextContent(/tests\/chain\.py:118/);
    expect(test).toHaveTextContent(/expected INVALID/);
    expect(test).not.toHaveTextContent(/Traceback:/);
    const toggle = list.getByRole('button', { name: /^Trace of refuses/ });
    expect(toggle).toHaveAttribute('aria-expanded', 'false');
    act(() => toggle.focus());
    await userEvent.keyboard('{Enter}');
    expect(test.querySelector('pre')?.textContent).toBe(trace);
    expect(toggle).toHaveAttribute('aria-expanded', 'true');
    expect(container.querySelector('img')).toBeNull();
  });

  it('lists flaky and skipped tests apart, and says where a list is cut', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([failing]),
    });

    const tests = await findSection('Tests');
    expect(
      await tests.findByRole('list', { name: 'Flaky tests' }),
    ).toHaveTextContent(/^retries/);
    expect(
      tests.getByRole('list', { name: 'Skipped tests' }),
    ).toHaveTextContent(/^signs/);
    expect(tests.getByText('1 of 3 are listed')).toBeInTheDocument();
  });

  it('says so where the names are no longer kept', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([{ ...failing, tests: [] }]),
    });

    const tests = await findSection('Tests');
    expect(
      (await tests.findAllByText(/their names are not kept/)).length,
    ).toBeGreaterThan(0);
  });

  it('reads ten reports with failures at the most, and names the others', async () => {
    const many = Array.from({ length: 60 }, (_unused, index) =>
      sampleDetail(
        sampleEvidence({
          id: `report-${index}`,
          suite: `suite-${index}`,
          summary: sampleSummaries.test({ passed: 119, failed: 1 }),
        }),
        { tests: [{ ...failing.tests![0], name: 'n'.repeat(200) }] },
      ),
    );
    const deployApi = createEvidenceApi(many);
    renderWithDeployApi(<EvidenceTab />, { deployApi });

    const tests = await findSection('Tests');
    expect(
      await tests.findByText(/^Not listed are the tests of suite-10, /),
    ).toHaveTextContent(/suite-59\. Choose the suite/);
    expect(deployApi.getEvidence).toHaveBeenCalledTimes(10);
    await userEvent.click(
      tests.getByRole('button', {
        name: 'Show all 60 suites: Latest result of every suite',
      }),
    );
    expect(
      rowsOf(tests.getByRole('table', { name: /Latest result/ })),
    ).toHaveLength(60);
  });

  it('draws the worst eight of many suites, and says that there are more', async () => {
    const series = Array.from({ length: 20 }, (_unused, index) =>
      sampleSeries('pass-rate', [100, 90 - index], { suite: `suite-${index}` }),
    );
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([passing], { test: { series } }),
    });

    const tests = await findSection('Tests');
    const legend = await tests.findByRole('list', {
      name: 'Latest of Pass rate over time',
    });
    const entries = within(legend).getAllByRole('listitem');
    expect(entries).toHaveLength(8);
    expect(entries[0]).toHaveTextContent('suite-1278 %');
    expect(entries[7]).toHaveTextContent('suite-1971 %');
    expect(tests.getByText(/^8 of 20 are drawn/)).toBeInTheDocument();
  });

  it('gives a suite the same look in both charts', async () => {
    const series = [
      sampleSeries('pass-rate', [90], { suite: 'unit' }),
      sampleSeries('pass-rate', [100], { suite: 'integration' }),
      sampleSeries('duration', [200], { suite: 'unit' }),
      sampleSeries('duration', [5], { suite: 'integration' }),
    ];
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([passing], { test: { series } }),
    });

    const tests = await findSection('Tests');
    for (const chart of ['Pass rate over time', 'Duration over time']) {
      const legend = await tests.findByRole('list', {
        name: `Latest of ${chart}`,
      });
      expect(legend).toHaveTextContent(/^integration.*unit/);
    }
  });
});
