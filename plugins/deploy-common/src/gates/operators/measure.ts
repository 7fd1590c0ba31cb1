import { EvidenceType } from '../../model';
import { metricLabel, shortCommit } from '../describe';
import { MetricValue, metricValue, percentOf } from '../metricValue';
import { GateEvidence, GateFacts, GateMetric, GateRule } from '../types';
import { Judgement } from './types';

/** The number that a rule is about, or what is to be said without one. */
export type Measured = { value: MetricValue } | { judgement: Judgement };

/** Reads the number of a report that a rule is about. */
export function measure(
  rule: GateRule,
  facts: GateFacts,
  report: GateEvidence,
): Measured {
  const { metric } = rule;
  const { type } = report.evidence;
  if (!metric) {
    return fails(report, 'The rule names no number to compare.');
  }
  if (type === 'coverage' && metric.name === 'changed-lines') {
    return measureChange(rule, facts, report);
  }
  const value = metricValue(report.evidence, metric);
  return value ? { value } : fails(report, unknown(type, metric, report));
}

function fails(report: GateEvidence, reason: string): Measured {
  return { judgement: { state: 'fail', reason, report } };
}

/** Why a report does not tell a number. */
function unknown(
  type: EvidenceType,
  metric: GateMetric,
  { evidence }: GateEvidence,
): string {
  const label = metricLabel(type, metric);
  const { summary } = evidence;
  if (summary.type === 'coverage' && summary.lines.total === 0) {
    return 'The coverage report lists not one line, so that there is nothing to judge. Look at what is measured.';
  }
  if (summary.type === 'performance') {
    const found = summary.measurements.find(
      each =>
        each.metric === metric.name &&
        each.scenario === (metric.scenario ?? 'default'),
    );
    return found
      ? `${label} was measured in ${found.unit}, which cannot be told in ${metric.unit}.`
      : `${label} was not measured. The report has ${listed(
          summary.measurements.map(each =>
            each.scenario === 'default'
              ? each.metric
              : `${each.metric} of ${each.scenario}`,
          ),
        )}.`;
  }
  return `${label} is not told by this ${evidence.format} report.`;
}

function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  return distinct.length === 0
    ? 'no measurement'
    : `${distinct.slice(0, 10).join(', ')}${
        distinct.length > 10 ? ' and others' : ''
      }`;
}

function measureChange(
  rule: GateRule,
  facts: GateFacts,
  report: GateEvidence,
): Measured {
  const { changedLines, changedLineCount } = report;
  const commit = shortCommit(facts.release.commit);
  if (report.changeTooLarge) {
    return fails(
      report,
      `GitHub does not tell all that ${commit} changes: it is too much. Bring it in smaller parts, or have the gate waived.`,
    );
  }
  if (!changedLines || changedLineCount === undefined) {
    return {
      judgement: {
        state: 'pending',
        reason: `It is not known yet which lines ${commit} changes.`,
        report,
      },
    };
  }
  if (changedLineCount < rule.smallChange) {
    return {
      judgement: {
        state: 'pass',
        reason: `${commit} changes ${plural(
          changedLineCount,
          'line',
        )}; fewer than ${rule.smallChange} are exempt.`,
        report,
      },
    };
  }
  const value = percentOf(changedLines);
  return value
    ? { value }
    : {
        judgement: {
          state: 'pass',
          reason: `The report counts none of the ${changedLineCount} lines that ${commit} changes as code, so that there is nothing to cover.`,
          report,
        },
      };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
