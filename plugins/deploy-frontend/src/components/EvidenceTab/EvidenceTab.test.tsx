import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createEvidenceApi } from '../../__testUtils__/createEvidenceApi';
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

const hostile = '<img src=x onerror="alert(1)"> {{constructor}} \u202e';

const section = async (name: string) =>
  within(await screen.findByRole('region', { name }));

const rowsOf = (table: HTMLElement) =>
  within(table)
    .getAllByRole('row')
    .slice(1)
    .map(row =>
      within(row)
        .getAllByRole('cell')
        .map(cell => cell.textContent),
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

    const coverage = await section('Coverage');
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

    const coverage = await section('Coverage');
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

    const coverage = await section('Coverage');
    const chart = await coverage.findByRole('img', { name: /Coverage over/ });
    expect(chart.querySelectorAll('.recharts-line-dot')).toHaveLength(1);
  });

  it('has the numbers of a chart as a table too, newest first', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([report], trends),
    });
    const coverage = await section('Coverage');

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

    const coverage = await section('Coverage');
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
    const coverage = await section('Coverage');
    expect(await coverage.findByText('78.99 %')).toBeInTheDocument();

    await userEvent.selectOptions(
      coverage.getByLabelText('Coverage of'),
      'integration',
    );

    expect(coverage.getAllByText('75 %')).not.toHaveLength(0);
    expect(coverage.queryByText('78.99 %')).not.toBeInTheDocument();
  });
});

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

    const tests = await section('Tests');
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
    const tests = await section('Tests');
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
    toggle.focus();
    await userEvent.keyboard('{Enter}');
    expect(test.querySelector('pre')?.textContent).toBe(trace);
    expect(toggle).toHaveAttribute('aria-expanded', 'true');
    expect(container.querySelector('img')).toBeNull();
  });

  it('lists flaky and skipped tests apart, and says where a list is cut', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([failing]),
    });

    const tests = await section('Tests');
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

    const tests = await section('Tests');
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

    const tests = await section('Tests');
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

    const tests = await section('Tests');
    const legend = await tests.findByRole('list', {
      name: 'Latest of Pass rate over time',
    });
    const entries = within(legend).getAllByRole('listitem');
    expect(entries).toHaveLength(8);
    expect(entries[0]).toHaveTextContent('suite-1971 %');
    expect(tests.getByText(/^8 of 20 are drawn/)).toBeInTheDocument();
  });
});

describe('security', () => {
  const scan = (completed: boolean) =>
    sampleDetail(
      sampleEvidence({
        suite: 'image',
        tool: 'Trivy 0.53.0',
        summary: sampleSummaries.security({
          completed,
          bySeverity: { critical: 1, high: 0, medium: 1, low: 0, info: 0 },
        }),
      }),
      {
        findings: [
          {
            ruleId: 'B104',
            title: hostile,
            severity: 'medium',
            category: 'code',
            path: 'app/main.py',
            line: 41,
            // eslint-disable-next-line no-script-url
            url: 'javascript:alert(1)',
            suppressed: false,
          },
          {
            ruleId: 'CVE-2025-41235',
            title: 'Heap overflow',
            severity: 'critical',
            category: 'image',
            package: 'libssl3',
            version: '3.0.11',
            fixedVersion: '3.0.15',
            url: 'https://advisories.example.test/CVE-2025-41235',
            suppressed: false,
          },
        ],
      },
    );

  it('lists findings, worst first, and follows only addresses of web pages', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([scan(true)]),
    });

    const security = await section('Security');
    const table = await security.findByRole('table', {
      name: 'Findings, worst first',
    });
    expect(rowsOf(table)).toEqual([
      [
        'Critical',
        expect.stringMatching(/^CVE-2025-41235.*Heap overflow/),
        'libssl3 3.0.11',
        '3.0.15',
        'Trivy 0.53.0 (image)',
      ],
      [
        'Medium',
        `B104${hostile}app/main.py:41`,
        'app/main.py:41',
        '—',
        'Trivy 0.53.0 (image)',
      ],
    ]);
    expect(
      within(table)
        .getAllByRole('link')
        .map(link => link.getAttribute('href')),
    ).toEqual(['https://advisories.example.test/CVE-2025-41235']);
  });

  it('says loudly that a scan did not complete', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([scan(false)]),
    });

    const security = await section('Security');
    expect(await security.findByRole('alert')).toHaveTextContent(
      /The scan Trivy 0\.53\.0 \(image\) did not complete.*proves nothing/,
    );
  });

  it('raises no alarm over a scan that did', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([scan(true)]),
    });

    const security = await section('Security');
    await security.findByRole('table');
    expect(security.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('stacks the open findings by severity, with the latest counts in words', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([scan(true)], {
        security: {
          series: [
            sampleSeries('critical', [0, 1], { unit: 'count' }),
            sampleSeries('high', [3, 2], { unit: 'count' }),
          ],
        },
      }),
    });

    const security = await section('Security');
    const chart = await security.findByRole('img', {
      name: /Latest: Critical 1, High 2, Medium 0, Low 0, Info 0/,
    });
    expect(chart.querySelectorAll('.recharts-area-area')).toHaveLength(5);
  });
});

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

    const performance = await section('Performance');
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
    const performance = await section('Performance');
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
