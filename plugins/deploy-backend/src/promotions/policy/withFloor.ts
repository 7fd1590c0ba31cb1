import {
  ApprovalRule,
  commonRefs,
  HotfixSettings,
  PromotionOrder,
  PromotionPolicy,
  PromotionSettings,
} from '@vvp/backstage-plugin-deploy-common';
import { stricterOrder } from './stricterOrder';

type Refs = NonNullable<PromotionPolicy['refs']>;

/**
 * A policy that asks no less than a floor does: a release that meets it meets the floor.
 *
 * @param earlier - How many environments come before.
 */
export function withFloor(
  policy: PromotionPolicy,
  floor: HotfixSettings & Pick<PromotionSettings, 'automatic' | 'seam'>,
  earlier: number,
): PromotionPolicy {
  return {
    ...policy,
    approvals: withApprovals(policy.approvals, floor.approvals ?? []),
    selfApproval: policy.selfApproval && floor.selfApproval !== false,
    order: stricterOrder(policy.order, orderOf(floor), earlier),
    soakSeconds: Math.max(policy.soakSeconds, floor.soakSeconds ?? 0),
    ...((policy.refs || floor.refs) && {
      refs: commonOf(policy.refs, floor.refs),
    }),
    automatic: policy.automatic && floor.automatic !== false,
    expiresAfterSeconds: Math.min(
      policy.expiresAfterSeconds,
      floor.expiresAfterSeconds ?? Infinity,
    ),
    seam: floor.seam ?? policy.seam,
  };
}

/** A soak time has to pass somewhere. */
function orderOf({ order, soakSeconds }: HotfixSettings): PromotionOrder {
  return order ?? (soakSeconds ? 'previous' : 'none');
}

/**
 * Adds what the rules lack of those of the floor. A voice that a rule takes from some of the people whom a
 * rule of the floor names is one of that rule's, too; of the floor's own rules each needs voices of its own.
 */
function withApprovals(
  rules: readonly ApprovalRule[],
  floor: readonly ApprovalRule[],
): ApprovalRule[] {
  const free = rules.map(({ required }) => required);
  const added = floor.flatMap(asked => {
    let missing = asked.required;
    rules.forEach((rule, index) => {
      if (isWithin(rule, asked)) {
        const taken = Math.min(free[index], missing);
        free[index] -= taken;
        missing -= taken;
      }
    });
    return missing > 0 ? [{ ...asked, required: missing }] : [];
  });
  return joined([...rules, ...added]);
}

function isWithin(rule: ApprovalRule, other: ApprovalRule): boolean {
  return (
    other.from === undefined ||
    (rule.from !== undefined &&
      rule.from.every(ref => other.from?.includes(ref)))
  );
}

/** Rules about the same people are one. */
function joined(rules: readonly ApprovalRule[]): ApprovalRule[] {
  const byPeople = new Map<string, ApprovalRule>();
  for (const rule of rules) {
    const key = JSON.stringify(rule.from ? [...rule.from].sort() : []);
    const earlier = byPeople.get(key);
    byPeople.set(key, {
      ...rule,
      required: rule.required + (earlier?.required ?? 0),
    });
  }
  return [...byPeople.values()];
}

function commonOf(one: Refs | undefined, other: Refs | undefined): Refs {
  if (!one || !other) {
    return one ?? other ?? {};
  }
  return {
    branches: commonRefs(one.branches ?? [], other.branches ?? []),
    tags: commonRefs(one.tags ?? [], other.tags ?? []),
  };
}
