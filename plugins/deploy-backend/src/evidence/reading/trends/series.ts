import {
  Evidence,
  EvidenceType,
  TrendSeries,
} from '@vvp/backstage-plugin-deploy-common';
import { valuesOf } from './points';
import { openFindings, ReportValues } from './securityValues';
import { thin } from './thin';

/** Lines of one answer; a load test may measure anything. */
const MAX_SERIES = 200;

/**
 * The lines of a chart.
 *
 * @param reports - all of one type, first measured first
 * @param from - points before it are left out, but count for what is open since
 */
export function seriesOf(
  type: EvidenceType,
  reports: readonly Evidence[],
  from: string,
): TrendSeries[] {
  const valued =
    type === 'security'
      ? bySeries(reports).flatMap(openFindings)
      : reports.map(evidence => ({ evidence, values: valuesOf(evidence) }));
  const lines = new Map<string, TrendSeries>();
  for (const report of valued) {
    if (report.evidence.measuredAt >= from) {
      addPoints(lines, report);
    }
  }
  return [...lines.values()]
    .sort(
      (left, right) =>
        importance(left.metric) - importance(right.metric) ||
        compare(sortKey(left), sortKey(right)),
    )
    .slice(0, MAX_SERIES)
    .map(line => ({ ...line, points: thin(line.points) }));
}

function addPoints(
  lines: Map<string, TrendSeries>,
  { evidence, values }: ReportValues,
): void {
  const { suite, mode, environment, measuredAt, commit, id } = evidence;
  for (const { metric, scenario, value, unit } of values) {
    const key = JSON.stringify([
      ...[metric, scenario, unit],
      ...[suite, mode, environment],
    ]);
    const line = lines.get(key) ?? {
      metric,
      ...(suite && { suite }),
      ...(mode && { mode }),
      ...(scenario && { scenario }),
      ...(environment && { environment }),
      unit,
      points: [],
    };
    line.points.push({ measuredAt, value, commit, evidenceId: id });
    lines.set(key, line);
  }
}

function bySeries(reports: readonly Evidence[]): Evidence[][] {
  const groups = new Map<string, Evidence[]>();
  for (const report of reports) {
    const key = seriesKey(report);
    const group = groups.get(key) ?? [];
    group.push(report);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function seriesKey(one: Pick<Evidence, 'suite' | 'mode' | 'environment'>) {
  return JSON.stringify([one.suite, one.mode, one.environment]);
}

/** What a load test is run for comes before what else it measured, if there is too much. */
function importance(metric: string): number {
  return /^(latency\.|error\.rate$|throughput$)/.test(metric) ? 0 : 1;
}

function sortKey(line: TrendSeries): string {
  return [
    line.environment,
    line.suite,
    line.mode,
    line.scenario,
    line.metric,
    line.unit,
  ].join('\n');
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
