import { Seam } from '../model';
import { commonRefs } from '../spec/globs';
import { assignVoices } from './assignVoices';
import { ApprovalRule, PromotionOrder, PromotionPolicy } from './policy';

type Refs = NonNullable<PromotionPolicy['refs']>;

/** Who is asked first where two policies name different seams; that is no demand on a release. */
const seams: readonly Seam[] = ['protection-rule', 'review', 'dispatch'];

/**
 * A policy that asks no less than either of two: a release that meets it meets both. It does not matter which
 * comes first.
 *
 * @param earlier - how many environments come before
 * @public
 */
export function mergeStricter(
  one: PromotionPolicy,
  other: PromotionPolicy,
  earlier: number,
): PromotionPolicy {
  const refs = stricterRefs(one.refs, other.refs);
  return {
    class:
      one.class === 'hotfix' && other.class === 'hotfix' ? 'hotfix' : 'regular',
    approvals: stricterApprovals(one.approvals, other.approvals),
    selfApproval: one.selfApproval && other.selfApproval,
    order: stricterOrder(one.order, other.order, earlier),
    soakSeconds: Math.max(one.soakSeconds, other.soakSeconds),
    ...(refs && { refs }),
    automatic: one.automatic && other.automatic,
    expiresAfterSeconds: Math.min(
      one.expiresAfterSeconds,
      other.expiresAfterSeconds,
    ),
    seam:
      seams.indexOf(one.seam) <= seams.indexOf(other.seam)
        ? one.seam
        : other.seam,
  };
}

/**
 * An order that is met only where both are. `previous` and a number of environments ask for different
 * things: of the two together only `all` is sure to ask no less.
 *
 * @param earlier - How many environments come before. A number that is more stays: it cannot be met.
 * @public
 */
export function stricterOrder(
  one: PromotionOrder,
  other: PromotionOrder,
  earlier: number,
): PromotionOrder {
  const most = Math.max(...[one, other].map(countOf));
  if (most > earlier) {
    return { atLeast: most };
  }
  const words = [one, other].filter(order => typeof order === 'string');
  if (words.includes('all')) {
    return 'all';
  }
  if (words.includes('previous')) {
    return most > 1 ? 'all' : 'previous';
  }
  return most > 0 ? { atLeast: most } : 'none';
}

/** A number that is none can never be met. */
function countOf(order: PromotionOrder): number {
  if (typeof order !== 'object') {
    return 0;
  }
  return Number.isFinite(order.atLeast) ? order.atLeast : Infinity;
}

/** Rules that are met only where those of both lists are; of those that ask for no less, the fewest voices. */
function stricterApprovals(
  one: readonly ApprovalRule[],
  other: readonly ApprovalRule[],
): ApprovalRule[] {
  const [best] = [withApprovals(one, other), withApprovals(other, one)]
    .map(rules => sorted(rules))
    .sort(
      (left, right) =>
        voicesOf(left) - voicesOf(right) ||
        compare(JSON.stringify(left), JSON.stringify(right)),
    );
  return best;
}

/** A policy that asks for more voices of one rule than this is not worth sharing out seat by seat. */
const MAX_SEATS = 100;

/**
 * Adds what the rules lack of those of another list. A voice that a rule takes from some of the people whom
 * a rule of the list names is one of that rule's, too; of the list's own rules each needs voices of its own.
 *
 * @public
 */
export function withApprovals(
  rules: readonly ApprovalRule[],
  asked: readonly ApprovalRule[],
): ApprovalRule[] {
  const ruleOf = new Map<string, ApprovalRule>(
    rules.flatMap((rule, index) =>
      Array.from(
        { length: Math.min(rule.required, MAX_SEATS) || 0 },
        (_, seat) => [`${index}/${seat}`, rule] as const,
      ),
    ),
  );
  const covered = assignVoices(
    [...ruleOf.keys()],
    asked.map(demand => ({
      required: demand.required,
      accepts: seat => isWithin(ruleOf.get(seat)!, demand),
    })),
  );
  const added = asked.flatMap((demand, index) => {
    const missing = demand.required - covered[index].length;
    return missing === 0 ? [] : [{ ...demand, required: missing }];
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
    const key = peopleKey(rule);
    const earlier = byPeople.get(key);
    byPeople.set(key, {
      ...rule,
      required: rule.required + (earlier?.required ?? 0),
    });
  }
  return [...byPeople.values()];
}

/** Nobody named is anybody; an empty list is nobody. */
function peopleKey({ from }: ApprovalRule): string {
  return from ? JSON.stringify([...new Set(from)].sort()) : '';
}

function sorted(rules: readonly ApprovalRule[]): ApprovalRule[] {
  return rules
    .map(({ from, required }) => ({
      ...(from && { from: [...new Set(from)].sort() }),
      required,
    }))
    .sort((left, right) => compare(peopleKey(left), peopleKey(right)));
}

function voicesOf(rules: readonly ApprovalRule[]): number {
  return rules.reduce((sum, { required }) => sum + required, 0);
}

/**
 * What both let in.
 *
 * @public
 */
export function stricterRefs(
  one: PromotionPolicy['refs'],
  other: PromotionPolicy['refs'],
): Refs | undefined {
  if (!one || !other) {
    return one ?? other;
  }
  return {
    branches: commonRefs(one.branches ?? [], other.branches ?? []).sort(),
    tags: commonRefs(one.tags ?? [], other.tags ?? []).sort(),
  };
}

function compare(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
