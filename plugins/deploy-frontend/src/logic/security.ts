import {
  Evidence,
  EvidenceDetail,
  Finding,
  severities,
  Severity,
} from '@vvp/backstage-plugin-deploy-common';
import { sourceText } from './evidence';

/**
 * Words for the severities.
 *
 * @internal
 */
export const severityTexts: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};

/**
 * A finding with the report that names it.
 *
 * @internal
 */
export interface ReportedFinding {
  finding: Finding;
  report: EvidenceDetail;
}

/**
 * Names a scan by tool and suite: "Trivy 0.53.0 (image)".
 *
 * @internal
 */
export function scanText(scan: Evidence): string {
  const source = sourceText(scan, '').trim();
  if (!scan.tool) {
    return source || `(${scan.format})`;
  }
  return source ? `${scan.tool} (${source})` : scan.tool;
}

/**
 * How many findings of each severity are open, over some scans together.
 *
 * @internal
 */
export function openFindings(scans: Evidence[]): Record<Severity, number> {
  const open = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { summary } of scans) {
    if (summary.type === 'security') {
      severities.forEach(severity => {
        open[severity] += summary.bySeverity[severity];
      });
    }
  }
  return open;
}

/**
 * The findings of some reports, worst first; suppressed ones last.
 *
 * @internal
 */
export function sortFindings(reports: EvidenceDetail[]): ReportedFinding[] {
  const rank = ({ finding }: ReportedFinding) =>
    severities.indexOf(finding.severity) +
    (finding.suppressed ? severities.length : 0);
  return reports
    .flatMap(report =>
      (report.findings ?? []).map(finding => ({ finding, report })),
    )
    .sort((left, right) => rank(left) - rank(right));
}
