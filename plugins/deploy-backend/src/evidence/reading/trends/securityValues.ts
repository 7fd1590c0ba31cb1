import { Evidence, severities } from '@vvp/backstage-plugin-deploy-common';
import { TrendValue } from './points';

/** A report, and what the charts show from its time on. */
export interface ReportValues {
  evidence: Evidence;
  values: TrendValue[];
}

/**
 * Open findings by severity after each report. Several tools look at one service, each at its own pace:
 * what is open is the sum of the last report of each. A scan that did not come to its end tells nothing
 * and changes nothing.
 *
 * @param reports - of one suite, mode and environment, first measured first
 */
export function openFindings(reports: readonly Evidence[]): ReportValues[] {
  const lastByTool = new Map<string, Record<string, number>>();
  return reports.flatMap(evidence => {
    const { summary } = evidence;
    if (summary.type !== 'security' || !summary.completed) {
      return [];
    }
    lastByTool.set(nameOfTool(evidence), summary.bySeverity);
    const values = severities.map(severity => ({
      metric: severity,
      value: [...lastByTool.values()].reduce(
        (sum, counts) => sum + (counts[severity] ?? 0),
        0,
      ),
      unit: 'count',
    }));
    return { evidence, values };
  });
}

/** The tool without its version: an update of Trivy is no second scanner. */
function nameOfTool({ tool, format }: Evidence): string {
  return (tool ?? format).replace(/\s+v?\d.*$/, '').toLocaleLowerCase('en-US');
}
