import { within } from '@testing-library/react';
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

    const security = await findSection('Security');
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

    const security = await findSection('Security');
    expect(await security.findByRole('alert')).toHaveTextContent(
      /The scan Trivy 0\.53\.0 \(image\) did not complete.*proves nothing/,
    );
  });

  it('raises no alarm over a scan that did', async () => {
    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createEvidenceApi([scan(true)]),
    });

    const security = await findSection('Security');
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

    const security = await findSection('Security');
    const chart = await security.findByRole('img', {
      name: /Latest: Critical 1, High 2, Medium 0, Low 0, Info 0/,
    });
    expect(chart.querySelectorAll('.recharts-area-area')).toHaveLength(5);
  });
});
