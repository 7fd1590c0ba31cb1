import { metricLabel } from '../describe';
import { formatValue } from '../formatValue';
import { median } from '../median';
import { GateEvidence, GateFacts, GateRule } from '../types';
import { convertUnit } from '../units';
import { measure } from './measure';
import { GateOperator, Judgement } from './types';

/** Actual is not worse than what is usual by more than the rule allows. */
export const noWorseThanBaseline: GateOperator = {
  name: 'noWorseThanBaseline',
  judge: ({ rule, facts, chosen }) =>
    chosen.reports.flatMap(report => compare(rule, facts, report)),
};

function compare(
  rule: GateRule,
  facts: GateFacts,
  report: GateEvidence,
): Judgement[] {
  const { baseline, metric } = rule;
  if (!baseline || !metric) {
    return [];
  }
  const measured = measure(rule, facts, report);
  if ('judgement' in measured) {
    return [measured.judgement];
  }
  const { value: actual, unit } = measured.value;
  const label = metricLabel(report.evidence.type, metric);
  const earlier = (report.history ?? [])
    .flatMap(each => convertUnit(each.value, each.unit, unit) ?? [])
    .filter(value => Number.isFinite(value))
    .slice(0, baseline.over);
  const usual = median(earlier);
  if (earlier.length < baseline.atLeast || usual === undefined) {
    const enough = earlier.length >= baseline.atLeast;
    return [
      {
        state: enough ? 'pass' : 'pending',
        reason: enough
          ? `${label} is ${formatValue(
              actual,
              unit,
            )}; it is the first value, which the rule lets pass.`
          : `${label} is ${formatValue(actual, unit)}, but only ${
              earlier.length
            } of ${baseline.atLeast} earlier values are there to compare with.`,
        actual,
        unit,
        report,
      },
    ];
  }
  const slack =
    baseline.kind === 'percent'
      ? (Math.abs(usual) * baseline.by) / 100
      : baseline.by;
  const limit = baseline.worse === 'higher' ? usual + slack : usual - slack;
  const holds = baseline.worse === 'higher' ? actual <= limit : actual >= limit;
  return [
    {
      state: holds ? 'pass' : 'fail',
      reason: `${label} is ${formatValue(actual, unit, [limit])}, no ${
        baseline.worse
      } than ${formatValue(limit, unit)} is asked: ${formatValue(
        usual,
        unit,
      )} is the median of the last ${earlier.length}, and ${allowance(
        baseline,
        unit,
      )} is allowed.`,
      actual,
      threshold: limit,
      unit,
      report,
    },
  ];
}

function allowance(
  { by, kind }: NonNullable<GateRule['baseline']>,
  unit: string,
): string {
  return kind === 'percent'
    ? `${by} % worse`
    : `${formatValue(by, unit)} worse`;
}
