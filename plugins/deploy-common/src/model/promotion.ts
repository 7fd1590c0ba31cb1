import { Canary } from './canary';
import { Deployment, PipelineRun, Release } from './deployment';
import { EnvironmentTier } from './environment';
import { Failure } from './operation';
import { Readiness, Seam } from './readiness';

/**
 * Where a promotion stands.
 *
 * - `gated`: the release is not fit yet.
 * - `awaiting_approval`: it is fit; approvals lack.
 * - `approved`: only the moment is wrong, such as a freeze.
 * - `executing`: was let through; the deployment is on its way.
 * - `verifying`: is in place; looked at until it has proven good.
 *
 * @public
 */
export type PromotionStatus =
  | 'gated'
  | 'awaiting_approval'
  | 'approved'
  | 'executing'
  | 'verifying'
  | 'succeeded'
  | 'rejected'
  | 'failed'
  | 'cancelled'
  | 'expired'
  | 'superseded'
  | 'rolled_back';

/**
 * Every {@link PromotionStatus}.
 *
 * @public
 */
export const promotionStatuses: readonly PromotionStatus[] = [
  'gated',
  'awaiting_approval',
  'approved',
  'executing',
  'verifying',
  'succeeded',
  'rejected',
  'failed',
  'cancelled',
  'expired',
  'superseded',
  'rolled_back',
];

/**
 * Those in which a promotion still waits to be let through.
 *
 * @public
 */
export const undecidedStatuses: readonly PromotionStatus[] = [
  'gated',
  'awaiting_approval',
  'approved',
];

/**
 * Those in which a promotion is under way.
 *
 * @public
 */
export const activeStatuses: readonly PromotionStatus[] = [
  ...undecidedStatuses,
  'executing',
  'verifying',
];

/**
 * `hotfix` has a policy of its own, and is let through by freezes that say so.
 *
 * @public
 */
export type PromotionClass = 'regular' | 'hotfix';

/**
 * A voice for a promotion. It is bound to the artifact and to the gate results that were seen.
 *
 * @public
 */
export interface Approval {
  /** Entity ref of the user. */
  by: string;
  at: string;
  comment?: string;
  /** It no longer counts. */
  lapsed?: { at: string; why: string };
}

/**
 * One line of a promotion's history.
 *
 * @public
 */
export interface PromotionEvent {
  sequence: number;
  at: string;
  /** Entity ref, `github:<login>`, `automatic`, or absent for what happened by itself. */
  by?: string;
  type:
    | 'requested'
    | 'approved'
    | 'approval-lapsed'
    | 'rejected'
    | 'cancelled'
    | 'expired'
    | 'superseded'
    | 'gated'
    | 'fit'
    | 'all-approved'
    | 'overridden'
    | 'let-through'
    | 'bypassed'
    | 'deployed'
    | 'verified'
    | 'failed'
    | 'rolled-back'
    | 'canary-started'
    | 'canary-paused'
    | 'canary-continued'
    | 'canary-aborted'
    | 'canary-done';
  /** A whole sentence. */
  text: string;
  /** What a person wrote. */
  comment?: string;
}

/**
 * A request to move a release into an environment, in a list.
 *
 * @public
 */
export interface PromotionSummary {
  id: string;
  entityRef: string;
  environment: string;
  tier: EnvironmentTier;
  release: Release;
  class: PromotionClass;
  status: PromotionStatus;
  /** Entity ref, `github:<login>` of somebody the catalog does not know, or `automatic`. */
  requestedBy: string;
  reason?: string;
  createdAt: string;
  updatedAt: string;
  expiresAt: string;
  finishedAt?: string;
  seam: Seam;
  /** The run that waits for it, or was started for it; promotions of one run can be decided together. */
  run?: PipelineRun;
  operationId?: string;
  approvals: Approval[];
  /** How many voices are needed in all. */
  requiredApprovals: number;
  failure?: Failure;
  /** What there is to know of how it ended, such as that nobody judged the release; whole sentences. */
  note?: string;
}

/**
 * Whether the caller may do something, and if not, why.
 *
 * @public
 */
export interface Permitted {
  allowed: boolean;
  /** A whole sentence; only if not allowed. */
  why?: string;
}

/**
 * Answer of `GET /promotions/:id`.
 *
 * @public
 */
export interface Promotion extends PromotionSummary {
  /** Oldest first. */
  events: PromotionEvent[];
  /** While it is not let through yet. */
  readiness?: Readiness;
  deployment?: Deployment;
  /** Where the environment does canaries, once this one's began. */
  canary?: Canary;
  /** What the caller may do now. */
  mayApprove: Permitted;
  mayReject: Permitted;
  mayCancel: Permitted;
  mayOverride: Permitted;
  /** Of the canary; absent where there is none under way. `POST /promotions/:id/{pause,continue,abort}`. */
  mayPause?: Permitted;
  mayContinue?: Permitted;
  mayAbort?: Permitted;
  /**
   * Whether an approval of the caller would now let it in at GitHub, which takes it in their own name only:
   * their token goes with it, in the header {@link GITHUB_TOKEN_HEADER}. Absent: no.
   */
  needsGithubToken?: boolean;
  /** Whether the run still waits at GitHub for a reviewer, although it is decided here. Absent: no. */
  runStillWaits?: boolean;
  /** The gate results and the artifact as they stand, to be sent with an approval. */
  seen: string;
}

/**
 * Carries the caller's own token of GitHub with `POST /promotions/:id/approve` and `/reject`. It is used for
 * that request, and kept nowhere.
 *
 * @public
 */
export const GITHUB_TOKEN_HEADER = 'X-GitHub-Token';

/**
 * A release and how far it came, one of `GET S/releases`.
 *
 * @public
 */
export interface ReleaseSummary extends Release {
  /** When it was first heard of, ISO 8601. */
  createdAt: string;
  /** Branch or tag it was last deployed from. */
  ref?: string;
  /** First line of the commit message. */
  title?: string;
  /** Its newest deployment in each environment it was in. */
  deployments: Pick<
    Deployment,
    'id' | 'environment' | 'status' | 'createdAt'
  >[];
}

/**
 * Body of `POST /promotions`.
 *
 * @public
 */
export interface PromotionRequest {
  entityRef: string;
  environment: string;
  /** Id of the release. */
  release: string;
  class?: PromotionClass;
  /** Required for a hotfix. */
  reason?: string;
}

/**
 * Body of `POST /promotions/:id/approve`.
 *
 * @public
 */
export interface ApprovalRequest {
  /** `seen` of the promotion as it was looked at: the approval is refused if it changed since. */
  seen: string;
  comment?: string;
}
