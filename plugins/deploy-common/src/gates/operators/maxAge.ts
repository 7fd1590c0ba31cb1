import { formatDuration } from '../duration';
import { GateOperator } from './types';

/** The report is not older than asked. */
export const maxAge: GateOperator = {
  name: 'maxAge',
  judge({ rule, facts, chosen }) {
    const threshold = rule.maxAgeSeconds;
    if (threshold === undefined) {
      return [];
    }
    return chosen.reports.map(report => {
      const age = ageSeconds(report.evidence.measuredAt, facts.now);
      const holds = age <= threshold;
      return {
        state: holds ? 'pass' : 'fail',
        reason: `The report is ${formatDuration(
          age,
        )} old, at most ${formatDuration(threshold)} is asked.${
          holds ? '' : ' Measure again.'
        }`,
        actual: age,
        threshold,
        unit: 's',
        report,
      };
    });
  },
};

/** Whole seconds; a clock that runs ahead makes nothing younger than now. */
export function ageSeconds(measuredAt: string, now: string): number {
  return Math.max(
    0,
    Math.floor((Date.parse(now) - Date.parse(measuredAt)) / 1000),
  );
}
