import { ApprovalStanding, Condition } from '../../model';
import { deployApprovePermission } from '../../permissions';
import { assignVoices } from '../../promotion/assignVoices';
import { Standing } from '../../promotion/types';
import { ReadinessFacts } from '../types';
import { involvementOf, isAskedFor, voiceProblem } from '../voiceProblem';
import { condition, list } from './common';

/** How the voices stand. */
export interface ApprovalJudgement {
  conditions: Condition[];
  approvals: ApprovalStanding[];
  ineligible: Standing['ineligible'];
}

/** Everybody who could still speak for a rule that names people; a rule that names nobody lacks no one. */
function candidatesOf(facts: ReadinessFacts, rule: number): string[] {
  const users = facts.pools[rule] ? facts.pools[rule].users ?? [] : [];
  return [...new Set(users.map(user => user.toLowerCase()))].filter(
    user => !involvementOf(facts, user),
  );
}

/** Why each rule can never be met for this release; nothing where it can. */
function obstaclesOf(facts: ReadinessFacts): (string | undefined)[] {
  const { approvals } = facts.policy;
  const pools = approvals.map((_, rule) => ({
    open: facts.pools[rule] !== undefined && !facts.pools[rule].users,
    people: new Set(candidatesOf(facts, rule)),
  }));
  const seats = assignVoices(
    pools.flatMap(({ people }) => [...people]),
    approvals.map(({ required }, rule) => ({
      required,
      accepts: person => pools[rule].people.has(person),
    })),
  );
  return approvals.map(({ required }, rule) => {
    const { open, people } = pools[rule];
    if (!Number.isFinite(required)) {
      return `${required} approvals are asked for`;
    }
    if (open || seats[rule].length >= required) {
      return undefined;
    }
    return people.size < required
      ? `the number of approvals asked for is ${required}, and that of the people who may give them ${people.size}`
      : 'one voice counts for one rule, and there are too few people for all rules together';
  });
}

/**
 * Shares the voices that count out over the rules. Whether a voice saw what there is now is part of it.
 *
 * @param seen - digest of what there is now
 */
export function judgeApprovals(
  facts: ReadinessFacts,
  seen: string,
): ApprovalJudgement {
  const { policy, pools, involved } = facts;
  const inForce = facts.voices.filter(({ lapsed }) => !lapsed);
  const ineligible = inForce.flatMap(({ by }) => {
    const why = voiceProblem(facts, by);
    return why === undefined ? [] : [{ by, why }];
  });
  const excluded = new Set(ineligible.map(({ by }) => by));
  const voices = new Map(
    inForce
      .filter(voice => voice.seen === seen && !excluded.has(voice.by))
      .map(({ by }) => [by.toLowerCase(), by]),
  );
  const assigned = assignVoices(
    [...voices.values()],
    policy.approvals.map(({ required }, rule) => ({
      required,
      accepts: person => isAskedFor(facts, rule, person),
    })),
  );
  const obstacles = obstaclesOf(facts);

  const conditions = policy.approvals.map(({ from, required }, rule) => {
    const approvers = assigned[rule];
    const unknown = pools[rule]?.unknown ?? [];
    const obstacle = obstacles[rule];
    const met = approvers.length >= required;
    const open = obstacle === undefined ? 'pending' : 'unmet';
    return condition({
      kind: 'approval',
      name: String(rule + 1),
      title: from ? `Approval by ${list(from)}` : 'Approval',
      state: met ? 'met' : open,
      reason: [
        !met && obstacle !== undefined && `This can never be met: ${obstacle}.`,
        `${approvers.length} of ${required} approvals are given${
          approvers.length > 0 ? `, by ${list(approvers)}` : ''
        }.`,
        unknown.length > 0 && `The catalog does not know ${list(unknown)}.`,
        involved.incomplete &&
          !policy.selfApproval &&
          'Not every author of the release could be told.',
      ]
        .filter(Boolean)
        .join(' '),
      clearedBy: {
        how:
          obstacle === undefined
            ? 'Somebody whose approval is asked for has to approve.'
            : 'Correct the policy or the groups that it names, or have somebody promote who is not asked to approve.',
        permission: deployApprovePermission.name,
        ...(from && { people: from }),
      },
    });
  });

  return {
    conditions,
    approvals: policy.approvals.map(({ from, required }, rule) => ({
      ...(from && { from }),
      required,
      approvers: assigned[rule],
    })),
    ineligible,
  };
}
