import { selectorLabel, shortCommit } from '../describe';
import { awaitEvidence } from './awaited';
import { GateOperator, JudgeContext, Judgement } from './types';

/** Every rule on evidence asks that the evidence is there. */
export const mustExist: GateOperator = {
  name: 'mustExist',
  judge({ rule, facts, chosen }) {
    if (!rule.evidence) {
      return [];
    }
    const { reports, undecided } = chosen;
    const found = reports.map(
      (report): Judgement => ({
        state: 'pass',
        reason: `Measured on ${shortCommit(report.evidence.commit)}${
          report.relation === 'unchanged'
            ? ', carried forward: nothing of the service changed since'
            : ''
        }.`,
        report,
      }),
    );
    if (undecided) {
      const commit = shortCommit(undecided.evidence.commit);
      found.push({
        state: 'pending',
        reason: `It is not known yet whether the service changed between ${commit}, the last commit that was measured, and ${shortCommit(
          facts.release.commit,
        )}.`,
      });
    }
    return found.length > 0 ? found : [missing({ rule, facts, chosen })];
  },
};

function missing({ rule, facts, chosen }: JudgeContext): Judgement {
  const { state, ending } = awaitEvidence(rule, facts);
  const commit = shortCommit(facts.release.commit);
  const what = rule.evidence ? selectorLabel(rule.evidence, facts) : 'report';
  const last = chosen.outdated
    ? ` The last one is of ${shortCommit(
        chosen.outdated.evidence.commit,
      )}, since when the service changed.`
    : '';
  const remedy =
    state === 'fail' ? ' Run the pipeline for this commit again.' : '';
  return {
    state,
    reason: `There is no ${what} for ${commit} ${ending}.${last}${remedy}`,
  };
}
