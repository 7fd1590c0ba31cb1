import { shortCommit } from '../describe';
import { awaitEvidence } from './awaited';
import { GateOperator } from './types';

/** The report is of this very commit; nothing is carried forward. */
export const sameCommit: GateOperator = {
  name: 'sameCommit',
  judge({ rule, facts, chosen }) {
    if (!rule.sameCommit) {
      return [];
    }
    const commit = shortCommit(facts.release.commit);
    return chosen.reports.map(report => {
      if (report.relation === 'same') {
        return {
          state: 'pass',
          reason: `Measured on ${commit}, as is asked.`,
          report,
        };
      }
      const { state, ending } = awaitEvidence(rule, facts);
      return {
        state,
        reason: `The last report is of ${shortCommit(
          report.evidence.commit,
        )}; one of ${commit} itself is asked, and there is none ${ending}.`,
        report,
      };
    });
  },
};
