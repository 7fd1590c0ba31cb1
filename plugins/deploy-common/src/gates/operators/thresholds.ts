import { metricLabel } from '../describe';
import { formatValue } from '../formatValue';
import { GateEvidence, GateFacts, GateRule } from '../types';
import { measure } from './measure';
import { GateOperator, Judgement } from './types';

/** Actual is at least the threshold. */
export const minimum: GateOperator = {
  name: 'minimum',
  judge: ({ rule, facts, chosen }) =>
    chosen.reports.flatMap(report =>
      compare(rule, facts, report, rule.minimum, 'at least', (a, t) => a >= t),
    ),
};

/** Actual is at the most the threshold. */
export const maximum: GateOperator = {
  name: 'maximum',
  judge: ({ rule, facts, chosen }) =>
    chosen.reports.flatMap(report =>
      compare(rule, facts, report, rule.maximum, 'at most', (a, t) => a <= t),
    ),
};

/** Actual is above the threshold. */
export const moreThan: GateOperator = {
  name: 'moreThan',
  judge: ({ rule, facts, chosen }) =>
    chosen.reports.flatMap(report =>
      compare(rule, facts, report, rule.moreThan, 'more than', (a, t) => a > t),
    ),
};

/** Actual is below the threshold. */
export const lessThan: GateOperator = {
  name: 'lessThan',
  judge: ({ rule, facts, chosen }) =>
    chosen.reports.flatMap(report =>
      compare(rule, facts, report, rule.lessThan, 'less than', (a, t) => a < t),
    ),
};

function compare(
  rule: GateRule,
  facts: GateFacts,
  report: GateEvidence,
  threshold: number | undefined,
  asked: string,
  holds: (actual: number, threshold: number) => boolean,
): Judgement[] {
  if (threshold === undefined || !rule.metric) {
    return [];
  }
  const measured = measure(rule, facts, report);
  if ('judgement' in measured) {
    return [measured.judgement];
  }
  const { value: actual, unit } = measured.value;
  const label = metricLabel(report.evidence.type, rule.metric);
  return [
    {
      state: holds(actual, threshold) ? 'pass' : 'fail',
      reason: `${label} is ${formatValue(actual, unit, [
        threshold,
      ])}, ${asked} ${formatValue(threshold, unit)} is asked.`,
      actual,
      threshold,
      unit,
      report,
    },
  ];
}
