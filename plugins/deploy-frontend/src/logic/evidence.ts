import {
  CoverageCount,
  Evidence,
  EvidenceType,
  percentOf,
} from '@vvp/backstage-plugin-deploy-common';

/**
 * What tells one series of reports from another.
 *
 * @internal
 */
export interface Source {
  suite?: string;
  mode?: string;
  environment?: string;
}

/**
 * Words for the types of evidence.
 *
 * @internal
 */
export const evidenceTexts: Record<EvidenceType, { title: string }> = {
  coverage: { title: 'Coverage' },
  test: { title: 'Tests' },
  security: { title: 'Security' },
  performance: { title: 'Performance' },
};

/**
 * Names a series of reports: "unit", "post-deployment (azure) in production".
 *
 * @internal
 */
export function sourceText(source: Source, fallback: string = 'all'): string {
  const { suite, mode, environment } = source;
  const name = suite ?? fallback;
  return [
    name,
    mode ? ` (${mode})` : '',
    environment ? ` in ${environment}` : '',
  ].join('');
}

/**
 * The same text for reports and lines of the same series.
 *
 * @internal
 */
export function sourceKey(source: Source): string {
  const { suite = '', mode = '', environment = '' } = source;
  return JSON.stringify([suite, mode, environment]);
}

/**
 * The newest report of each series, by name. Expects the newest first.
 *
 * Several tools may look for the same kind of finding, so they count as series of their own; a tool that
 * measures coverage or runs tests may be replaced by another within a suite.
 *
 * @internal
 */
export function latestReports(reports: Evidence[]): Evidence[] {
  const latest = new Map<string, Evidence>();
  for (const report of reports) {
    const key = reportKey(report);
    if (!latest.has(key)) {
      latest.set(key, report);
    }
  }
  return [...latest.values()].sort((left, right) =>
    sourceText(left, '').localeCompare(sourceText(right, ''), 'en', {
      numeric: true,
    }),
  );
}

/**
 * The report of the same series before this one, if it is among them. Expects the newest first.
 *
 * @internal
 */
export function previousReport(
  reports: Evidence[],
  report: Evidence,
): Evidence | undefined {
  const key = reportKey(report);
  const position = reports.findIndex(({ id }) => id === report.id);
  return position === -1
    ? undefined
    : reports.slice(position + 1).find(each => reportKey(each) === key);
}

/**
 * Whether a report speaks about an environment: it was measured there, or before any deployment.
 *
 * @internal
 */
export function concerns(
  source: { environment?: string },
  environment: string | undefined,
): boolean {
  return (
    environment === undefined ||
    source.environment === undefined ||
    source.environment === environment
  );
}

/**
 * A count in percent; nothing for a count of nothing.
 *
 * @internal
 */
export function share(count: CoverageCount | undefined): number | undefined {
  return percentOf(count)?.value;
}

function reportKey(report: Evidence): string {
  const tool = report.type === 'security' ? toolName(report.tool) : '';
  return `${report.type} ${sourceKey(report)} ${tool}`;
}

/** A newer version of a tool goes on with the same series. */
function toolName(tool: string | undefined): string {
  return (tool ?? '').replace(/[\s@/]+v?\d[\w.+-]*$/, '');
}
