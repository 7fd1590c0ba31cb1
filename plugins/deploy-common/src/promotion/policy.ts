import { PromotionClass, Seam } from '../model';

/**
 * Voices that a promotion needs.
 *
 * @public
 */
export interface ApprovalRule {
  /** Entity refs of users and groups; members of members count. Absent: whoever has `deploy.approve`. */
  from?: string[];
  /** How many; at least 1. */
  required: number;
}

/**
 * In which of the environments before a release must have worked.
 *
 * @public
 */
export type PromotionOrder = 'none' | 'previous' | 'all' | { atLeast: number };

/**
 * What a release has to meet to go into an environment, besides its gates.
 *
 * @public
 */
export interface PromotionPolicy {
  class: PromotionClass;
  /** Every rule has to be met; one voice counts for one rule. Empty: none are needed. */
  approvals: ApprovalRule[];
  /** Whether the requester and the authors of the release may approve. */
  selfApproval: boolean;
  order: PromotionOrder;
  /** How long it must have worked in each environment that `order` asks for. */
  soakSeconds: number;
  /** Globs; a release from elsewhere is not let in. Absent: from anywhere. */
  refs?: { branches?: string[]; tags?: string[] };
  /** Whether a promotion is requested by itself once a release is fit for it. */
  automatic: boolean;
  /** An undecided promotion ends after this. */
  expiresAfterSeconds: number;
  seam: Exclude<Seam, 'none'>;
}
