import {
  HotfixSettings,
  PromotionOrder,
  PromotionPolicy,
  PromotionSettings,
  stricterOrder,
  stricterRefs,
  withApprovals,
} from '@vvp/backstage-plugin-deploy-common';

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
  const refs = stricterRefs(policy.refs, floor.refs);
  return {
    ...policy,
    approvals: withApprovals(policy.approvals, floor.approvals ?? []),
    // Who demands something does not mean that people wave through their own changes.
    selfApproval: policy.selfApproval && floor.selfApproval === true,
    order: stricterOrder(policy.order, orderOf(floor), earlier),
    soakSeconds: Math.max(policy.soakSeconds, floor.soakSeconds ?? 0),
    ...(refs && { refs }),
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
