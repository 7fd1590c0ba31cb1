import {
  ApprovalStanding,
  Condition,
  ConditionKind,
  Readiness,
} from '../model';
import { seenBy } from '../promotion/seenBy';
import { Standing } from '../promotion/types';
import { judgeApprovals } from './conditions/approvals';
import { judgeArtifact } from './conditions/artifact';
import { Judge } from './conditions/common';
import { judgeFreeze } from './conditions/freeze';
import { judgeGates } from './conditions/gates';
import { judgeHold } from './conditions/hold';
import { judgeLock } from './conditions/lock';
import { judgeOperation } from './conditions/operation';
import { judgeOrder } from './conditions/order';
import { judgeOutdated } from './conditions/outdated';
import { judgePipeline } from './conditions/pipeline';
import { judgePolicyChange } from './conditions/policyChange';
import { judgeQuarantine } from './conditions/quarantine';
import { judgeRef } from './conditions/ref';
import { judgeSoak } from './conditions/soak';
import { judgeSpec } from './conditions/spec';
import { ReadinessFacts } from './types';

const fitness: readonly Judge[] = [
  judgeGates,
  judgeOrder,
  judgeSoak,
  judgeRef,
  judgeOutdated,
  judgeArtifact,
  judgeQuarantine,
  judgeSpec,
];

const moment: readonly Judge[] = [
  judgeLock,
  judgeFreeze,
  judgeHold,
  judgeOperation,
  judgePipeline,
];

/**
 * The kinds of which a release's fitness is made; without all of them met or waived a promotion is `gated`.
 *
 * @public
 */
export const fitnessKinds: readonly ConditionKind[] = [
  'gate',
  'order',
  'soak',
  'ref',
  'outdated',
  'artifact',
  'quarantine',
  'spec',
];

/**
 * Every condition between a release and an environment, and what it comes to.
 *
 * @public
 */
export interface ReadinessJudgement {
  state: Readiness['state'];
  /** In the order of the kinds. */
  conditions: Condition[];
  /** In the order of the policy's rules. */
  approvals: ApprovalStanding[];
  /** For `evaluate` of {@link movePromotion}. */
  standing: Standing;
}

function withOverrides(
  conditions: Condition[],
  overridden: readonly string[],
): Condition[] {
  return conditions.map(each =>
    each.overridable && overridden.includes(each.id)
      ? { ...each, state: 'waived', overridable: false }
      : each,
  );
}

const isSettled = ({ state }: Condition) =>
  state === 'met' || state === 'waived';

function summarise(conditions: Condition[]): Readiness['state'] {
  if (conditions.every(isSettled)) {
    return 'ready';
  }
  return conditions.some(({ state }) => state === 'unmet')
    ? 'blocked'
    : 'pending';
}

/**
 * Judges every condition between a release and an environment. Pure: the same facts give the same answer.
 *
 * What the policy does not ask for is left out; quarantine, lock, freeze, hold and another operation appear
 * only when there is one. An override lets pass what is overridable and nothing else. What cannot be read,
 * such as a number that is none, counts against the release.
 *
 * @public
 */
export function judgeReadiness(facts: ReadinessFacts): ReadinessJudgement {
  const seen = seenBy({
    commit: facts.release.commit,
    artifact: facts.release.artifact,
    gates: facts.gates,
  });
  const judge = (judges: readonly Judge[]) =>
    withOverrides(
      judges.flatMap(each => each(facts)),
      facts.overridden,
    );
  const fit = judge(fitness);
  const approvals = judgeApprovals(facts, seen);
  const isApproved = approvals.conditions.every(isSettled);
  const change = withOverrides(
    judgePolicyChange(facts, isApproved),
    facts.overridden,
  );
  const clear = judge(moment);
  const conditions = [...fit, ...change, ...approvals.conditions, ...clear];

  return {
    state: summarise(conditions),
    conditions,
    approvals: approvals.approvals,
    standing: {
      seen,
      fit: fit.every(isSettled),
      // A change of the policy asks for nothing but these voices.
      approved: isApproved,
      clear: clear.every(isSettled),
      ineligible: approvals.ineligible,
      ...(facts.terms !== undefined && { terms: facts.terms }),
    },
  };
}
