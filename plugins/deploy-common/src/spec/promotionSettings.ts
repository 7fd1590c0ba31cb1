import { PromotionPolicy } from '../promotion/policy';

/**
 * What a hotfix has of its own; what is absent is as for every release.
 *
 * @public
 */
export type HotfixSettings = Partial<
  Pick<
    PromotionPolicy,
    | 'approvals'
    | 'selfApproval'
    | 'order'
    | 'soakSeconds'
    | 'refs'
    | 'expiresAfterSeconds'
  >
>;

/**
 * A part of a promotion policy, as one place says it; what is absent is said elsewhere.
 *
 * @public
 */
export type PromotionSettings = HotfixSettings &
  Partial<Pick<PromotionPolicy, 'automatic' | 'seam'>> & {
    /** `false`: no hotfix is let in. */
    hotfix?: HotfixSettings | false;
  };
