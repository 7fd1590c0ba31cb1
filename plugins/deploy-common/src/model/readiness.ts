import { Release } from './deployment';
import { EnvironmentTier } from './environment';
import { GateSummary } from './gate';

/**
 * What a condition between a release and an environment is about.
 *
 * Those of the release's fitness: `gate`, `order` (it was in the environments before), `soak` (for long
 * enough), `ref` (branch or tag), `outdated` (newer than what runs there), `artifact` (still there, and the
 * one that was asked for), `quarantine`, `spec` (`deploy.yaml` is the one that was read last). Then
 * `approval`. Those of the moment: `lock`, `freeze`, `hold`, `operation` (nothing else is under way),
 * `pipeline` (a run waits at the environment).
 *
 * @public
 */
export type ConditionKind =
  | 'gate'
  | 'order'
  | 'soak'
  | 'ref'
  | 'outdated'
  | 'artifact'
  | 'quarantine'
  | 'spec'
  | 'approval'
  | 'lock'
  | 'freeze'
  | 'hold'
  | 'operation'
  | 'pipeline';

/**
 * How a condition stands. `pending` clears by itself, or by what is on its way; `waived` was let pass.
 *
 * @public
 */
export type ConditionState = 'met' | 'unmet' | 'pending' | 'waived';

/**
 * Who can clear a condition, and how.
 *
 * @public
 */
export interface ClearedBy {
  /** A whole sentence. */
  how: string;
  /** Permission that it takes. */
  permission?: string;
  /** Entity refs of users and groups. */
  people?: string[];
}

/**
 * One condition between a release and an environment.
 *
 * @public
 */
export interface Condition {
  /** Stable: the kind, with a name where there are several: `gate:coverage`, `approval:1`. */
  id: string;
  kind: ConditionKind;
  /** A few words, such as "Coverage of the verifier". */
  title: string;
  state: ConditionState;
  /** What decides, a whole sentence. */
  reason: string;
  /** ISO 8601. */
  since?: string;
  /** When it clears by itself: end of a soak time, `nextOpen` of a freeze, expiry of a lock. */
  until?: string;
  clearedBy?: ClearedBy;
  /** Whether whoever has `deploy.override` may let it pass, with a reason. */
  overridable: boolean;
}

/**
 * How one rule on approvals stands.
 *
 * @public
 */
export interface ApprovalStanding {
  /** Entity refs of users and groups; absent: whoever has `deploy.approve`. */
  from?: string[];
  required: number;
  /** Entity refs of those whose voices count here. */
  approvers: string[];
}

/**
 * What holds the pipeline at an environment.
 *
 * - `protection-rule`: GitHub asks the portal before each job that names the environment.
 * - `dispatch`: the portal starts the workflow itself.
 * - `review`: GitHub waits for a reviewer; the approver's own token speaks for them.
 * - `none`: nothing does; the pipeline goes in whatever the portal says.
 *
 * @public
 */
export type Seam = 'protection-rule' | 'dispatch' | 'review' | 'none';

/**
 * Answer of `GET E/readiness`: every condition between a release and an environment.
 *
 * @public
 */
export interface Readiness {
  entityRef: string;
  environment: string;
  tier: EnvironmentTier;
  release: Release;
  /** `ready`: all met or waived. `pending`: none unmet. */
  state: 'ready' | 'pending' | 'blocked';
  /** In the order of the kinds. */
  conditions: Condition[];
  approvals: ApprovalStanding[];
  gates?: GateSummary;
  seam: Seam;
  /** What to add so that the environment is enforced, or who is asked there besides; mostly absent. */
  seamRemedy?: string;
  /** The promotion of this release that is under way. */
  promotionId?: string;
  /** ISO 8601, when this was judged. */
  at: string;
}
