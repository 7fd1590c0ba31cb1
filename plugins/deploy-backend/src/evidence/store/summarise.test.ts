import {
  Finding,
  FindingCategory,
  Severity,
} from '@vvp/backstage-plugin-deploy-common';
import { summarise } from './summarise';

function finding(
  severity: Severity,
  category: FindingCategory,
  suppressed = false,
): Finding {
  return { ruleId: 'r', title: 't', severity, category, suppressed };
}

describe('summarise', () => {
  it('counts findings by severity and category, and suppressed ones apart', () => {
    expect(
      summarise({
        type: 'security',
        format: 'trivy',
        completed: true,
        findings: [
          finding('critical', 'dependency'),
          finding('critical', 'image'),
          finding('low', 'dependency'),
          finding('critical', 'secret', true),
        ],
      }),
    ).toEqual({
      type: 'security',
      completed: true,
      bySeverity: { critical: 2, high: 0, medium: 0, low: 1, info: 0 },
      byCategory: {
        dependency: { critical: 1, high: 0, medium: 0, low: 1, info: 0 },
        image: { critical: 1, high: 0, medium: 0, low: 0, info: 0 },
      },
      suppressed: 1,
    });
  });

  it('keeps that a scan did not come to its end', () => {
    expect(
      summarise({
        type: 'security',
        format: 'sarif',
        completed: false,
        findings: [],
      }),
    ).toMatchObject({ completed: false, bySeverity: { critical: 0 } });
  });

  it('keeps the totals of coverage, without what the format does not tell', () => {
    expect(
      summarise({
        type: 'coverage',
        format: 'lcov',
        files: [],
        totals: { lines: { covered: 1, total: 2 } },
        roots: [],
      }),
    ).toEqual({
      type: 'coverage',
      lines: { covered: 1, total: 2 },
      files: 0,
    });
  });
});
