import {
  CoverageCounts,
  EvidenceSummary,
  Finding,
  FindingCategory,
  SecuritySummary,
  severities,
  Severity,
} from '@vvp/backstage-plugin-deploy-common';
import { Report } from '../formats/types';

/** What a report says in short: the part that is kept for good. */
export function summarise(report: Report): EvidenceSummary {
  switch (report.type) {
    case 'coverage':
      return {
        type: 'coverage',
        ...countsOf(report.totals),
        files: report.files.length,
      };
    case 'test': {
      const { totals } = report;
      return {
        type: 'test',
        total: totals.total,
        passed: totals.passed,
        failed: totals.failed,
        skipped: totals.skipped,
        flaky: totals.flaky,
        suites: totals.suites,
        ...(totals.durationSeconds !== undefined && {
          durationSeconds: totals.durationSeconds,
        }),
      };
    }
    case 'security':
      return summariseFindings(report.findings, report.completed);
    case 'performance':
      return { type: 'performance', measurements: report.measurements };
    default:
      throw new Error('Not a type of report');
  }
}

function summariseFindings(
  findings: readonly Finding[],
  completed: boolean,
): SecuritySummary {
  const bySeverity = noFindings();
  const byCategory: Partial<Record<FindingCategory, Record<Severity, number>>> =
    {};
  let suppressed = 0;
  for (const { category, severity, ...finding } of findings) {
    if (finding.suppressed) {
      suppressed += 1;
      continue;
    }
    const ofCategory = byCategory[category] ?? noFindings();
    byCategory[category] = ofCategory;
    bySeverity[severity] += 1;
    ofCategory[severity] += 1;
  }
  return { type: 'security', completed, bySeverity, byCategory, suppressed };
}

function noFindings(): Record<Severity, number> {
  return Object.fromEntries(
    severities.map(severity => [severity, 0]),
  ) as Record<Severity, number>;
}

function countsOf({ lines, branches, functions }: CoverageCounts) {
  return {
    lines,
    ...(branches && { branches }),
    ...(functions && { functions }),
  };
}
