import { formatDuration } from '../gates/duration';
import { stricterOrder, stricterRefs, withApprovals } from './mergeStricter';
import { ApprovalRule, PromotionOrder, PromotionPolicy } from './policy';

/**
 * What a policy asks less of a release than an earlier one did, in words such as `approvals (2 of
 * group:default/security before, none now)`. Empty: it asks for the same or for more. When an undecided
 * promotion ends and what holds the pipeline are no demands on a release.
 *
 * @param earlier - how many environments come before
 * @public
 */
export function weakenings(
  before: PromotionPolicy,
  now: PromotionPolicy,
  earlier: number,
): string[] {
  const told: [boolean, string, string, string][] = [
    [
      voices(withApprovals(now.approvals, before.approvals)) >
        voices(now.approvals),
      'approvals',
      tellApprovals(before.approvals),
      tellApprovals(now.approvals),
    ],
    [now.selfApproval && !before.selfApproval, 'selfApproval', 'false', 'true'],
    [
      isLaxerOrder(before.order, now.order, earlier),
      'order',
      tellOrder(before.order),
      tellOrder(now.order),
    ],
    [
      // What is no number counts as the longest.
      !(now.soakSeconds >= before.soakSeconds),
      'soak',
      tellSoak(before.soakSeconds),
      tellSoak(now.soakSeconds),
    ],
    [
      areLaxerRefs(before.refs, now.refs),
      'refs',
      tellRefs(before.refs),
      tellRefs(now.refs),
    ],
    [now.automatic && !before.automatic, 'automatic', 'false', 'true'],
  ];
  return told.flatMap(([isWeaker, key, was, is]) =>
    isWeaker ? [`${key} (${was} before, ${is} now)`] : [],
  );
}

function voices(rules: readonly ApprovalRule[]): number {
  return rules.reduce((sum, { required }) => sum + required, 0);
}

function isLaxerOrder(
  before: PromotionOrder,
  now: PromotionOrder,
  earlier: number,
): boolean {
  const both = stricterOrder(before, now, earlier);
  return tellOrder(both) !== tellOrder(now);
}

function areLaxerRefs(
  before: PromotionPolicy['refs'],
  now: PromotionPolicy['refs'],
): boolean {
  if (!before) {
    return false;
  }
  const both = stricterRefs(before, now);
  return (['branches', 'tags'] as const).some(kind =>
    (now?.[kind] ?? (now ? [] : ['**'])).some(
      glob => !both?.[kind]?.includes(glob),
    ),
  );
}

function tellApprovals(rules: readonly ApprovalRule[]): string {
  return rules.length === 0
    ? 'none'
    : rules
        .map(
          ({ from, required }) =>
            `${required} of ${from ? from.join(', ') : 'anybody'}`,
        )
        .join(' and ');
}

function tellOrder(order: PromotionOrder): string {
  return typeof order === 'object' ? `at least ${order.atLeast}` : order;
}

function tellSoak(seconds: number): string {
  return seconds === 0 ? 'none' : formatDuration(seconds);
}

function tellRefs(refs: PromotionPolicy['refs']): string {
  if (!refs) {
    return 'anywhere';
  }
  return [...(refs.branches ?? []), ...(refs.tags ?? [])].join(', ') || 'none';
}
