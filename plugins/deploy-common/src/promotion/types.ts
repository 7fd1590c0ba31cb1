import { Approval, Failure, PromotionEvent, PromotionStatus } from '../model';

/**
 * A voice as it is kept.
 *
 * @public
 */
export interface Voice extends Approval {
  /** Digest of the artifact and the gate results that it is bound to, {@link seenBy}. */
  seen: string;
}

/**
 * What is kept of a promotion's way; everything that decides stands here.
 *
 * @public
 */
export interface PromotionState {
  status: PromotionStatus;
  requestedBy: string;
  /** Oldest first; one that lapsed stays, marked so. */
  voices: Voice[];
  /** Ids of conditions that somebody with `deploy.override` let pass. */
  overridden: {
    conditions: string[];
    by: string;
    reason: string;
    at: string;
  }[];
  /** ISO 8601. */
  expiresAt: string;
  failure?: Failure;
  /** What there is to know of how it ended, whole sentences. */
  note?: string;
  /** Digest of what the policy of the environment asked when it was let through. */
  terms?: string;
  /** It was let in at GitHub, against the portal: that lets nothing else in. */
  bypassed?: boolean;
  /** What its present status came from, once it is no longer undecided; `by` as in {@link PromotionEvent}. */
  decided?: { at: string; by?: string };
  /** It was decided, and GitHub is being given the review of a person; nobody knows yet whether it took it. */
  reviewing?: ReviewUnderWay;
}

/**
 * A review that is on its way to GitHub, in the name of who decided.
 *
 * @public
 */
export interface ReviewUnderWay {
  /** Entity ref. */
  by: string;
  /** ISO 8601; after that, whoever gave it is no longer at it. */
  until: string;
  /** Stands in the history as soon as GitHub has taken the review. */
  events: Omit<PromotionEvent, 'sequence'>[];
  /** What it was before, should GitHub refuse. */
  before: Pick<PromotionState, 'status' | 'voices'>;
}

/**
 * What is found when a promotion is looked at again.
 *
 * @public
 */
export interface Standing {
  /** Digest of the artifact and the gate results, {@link seenBy}. */
  seen: string;
  /** Whether every condition of the release's fitness is met or waived. */
  fit: boolean;
  /** Whether the approvals that count now are enough. */
  approved: boolean;
  /** Whether nothing else stands in the way: lock, freeze, hold, another operation. */
  clear: boolean;
  /** Entity refs of those whose voice no longer counts, with why: they left the group, they are an author. */
  ineligible: { by: string; why: string }[];
  /** Digest of what the policy of the environment asks. */
  terms?: string;
}

/**
 * Something that happens to a promotion. `at` is ISO 8601, `by` as in {@link PromotionEvent}.
 *
 * @public
 */
export type PromotionInput =
  /** Looked at again: by the clock, or since something changed. Lets it through if all is met. */
  | { type: 'evaluate'; at: string; standing: Standing }
  | { type: 'approve'; at: string; by: string; seen: string; comment?: string }
  | { type: 'reject'; at: string; by: string; comment: string }
  | { type: 'cancel'; at: string; by: string; comment?: string }
  | {
      type: 'override';
      at: string;
      by: string;
      reason: string;
      conditions: string[];
    }
  /** A newer release was asked for. */
  | { type: 'supersede'; at: string; by?: string; text: string }
  /** GitHub let it through or turned it away without asking the portal: somebody bypassed the rules there. */
  | { type: 'bypass'; at: string; by?: string; text: string }
  /** The run was cancelled, or a person turned it away at GitHub. */
  | {
      type: 'withdraw';
      at: string;
      by?: string;
      text: string;
      rejected: boolean;
    }
  /**
   * Lets it through, as `evaluate` would, and keeps what that adds to the history until GitHub has taken the
   * review of `by`. `standing` counts the voice that comes with it; refused where that does not let it through.
   */
  | {
      type: 'begin-review';
      at: string;
      by: string;
      until: string;
      standing: Standing;
      voice?: { seen: string; comment?: string };
    }
  /** GitHub has taken the review. */
  | { type: 'finish-review'; at: string }
  /** GitHub refused the review: everything is as it was. */
  | { type: 'undo-review'; at: string }
  /** Nobody gives the review any more, and the run still waits. */
  | { type: 'lapse-review'; at: string }
  | { type: 'deployed'; at: string }
  /** `unjudged`: why nobody can say that the release is good, a whole sentence. */
  | { type: 'verified'; at: string; unjudged?: string }
  | { type: 'fail'; at: string; failure: Failure }
  | { type: 'rolled-back'; at: string; by?: string; text: string };

/**
 * Answer of {@link movePromotion}: the state after, and what to add to the history. The same state and no
 * events: nothing changed. A refusal changes nothing either.
 *
 * @public
 */
export type PromotionMove =
  | { state: PromotionState; events: Omit<PromotionEvent, 'sequence'>[] }
  | { refusal: Failure };
