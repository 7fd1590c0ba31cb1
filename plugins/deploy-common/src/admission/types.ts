import { FreezeInForce } from '../model/freeze';
import { Failure, OperationKind } from '../model/operation';
import { PromotionClass } from '../model/promotion';

/**
 * Stops one environment of a service until it is released or runs out.
 *
 * @public
 */
export interface Lock {
  id: string;
  entityRef: string;
  environment: string;
  /** Entity ref of whoever set it. */
  owner: string;
  reason: string;
  since: string;
  /** ISO 8601; without it the lock stays until released. */
  expiresAt?: string;
}

/**
 * Automatic promotion into an environment is off.
 *
 * @public
 */
export interface Hold {
  by: string;
  reason: string;
  since: string;
  /** The rollback that set it. */
  operationId?: string;
}

/**
 * A release that may not be deployed.
 *
 * @public
 */
export interface Quarantine {
  releaseId: string;
  entityRef: string;
  commit: string;
  by: string;
  reason: string;
  since: string;
}

/**
 * A revision that may not be put back into its environment, whatever release is in it: that may not be
 * known.
 *
 * @public
 */
export interface RevisionQuarantine {
  entityRef: string;
  environment: string;
  /** As the target named it when it was quarantined. */
  revision: string;
  /** Digest of what it runs, where it tells one: other revisions of it are quarantined, too. */
  artifact?: string;
  by: string;
  reason: string;
  since: string;
}

/**
 * Why something is not let through.
 *
 * @public
 */
export interface Refusal {
  code:
    | 'permission'
    | 'lock'
    | 'freeze'
    | 'hold'
    | 'quarantine'
    | 'operation-running'
    | 'revision-unavailable'
    | 'version-unusable'
    | 'too-old';
  /** What stands in the way, a whole sentence. */
  message: string;
  /** What to do about it, whole sentences. */
  remedy: string;
  /** Permission that clears it. */
  clearedBy?: string;
  since?: string;
  /** When it ends by itself. */
  until?: string;
  /** Whoever has `deploy.override` may waive it, with a reason. */
  overridable?: true;
  /** Of `freeze`: the windows that are in force, see {@link freezeWindowId}. */
  freezes?: string[];
}

/**
 * Says that something goes ahead although it is refused. Waives only what is
 * {@link Refusal.overridable | overridable}.
 *
 * @public
 */
export interface Override {
  /** Why, as a person wrote it. */
  reason: string;
  /** Whether that person has the permission `deploy.override` for the environment. */
  allowed: boolean;
  /** Waives these alone. Default: whatever is overridable. */
  codes?: readonly Refusal['code'][];
  /** Of freezes, waives these windows alone, see {@link freezeWindowId}. Default: those that are in force. */
  freezes?: readonly string[];
}

/**
 * Whether something is let through.
 *
 * @public
 */
export interface Admission {
  admitted: boolean;
  /** Every reason, not only the first; without those that an override waives. */
  refusals: Refusal[];
  /** What an override waives; absent if there is nothing. */
  waived?: Refusal[];
}

/**
 * All that admission looks at.
 *
 * @public
 */
export interface AdmissionFacts {
  kind: OperationKind;
  /** Whether nobody asked for it but a policy. */
  automatic: boolean;
  /** The permission that the kind needs, and whether the caller has it. */
  permission: { name: string; allowed: boolean };
  lock?: Lock;
  /** Those in force in the environment. */
  freezes?: readonly FreezeInForce[];
  /** Of a promotion. */
  promotionClass?: PromotionClass;
  hold?: Hold;
  /** Of the release or the revision that would come in. */
  quarantine?: Pick<Quarantine, 'by' | 'reason' | 'since'> & {
    commit?: string;
    /** If the revision is what is quarantined. */
    revision?: string;
  };
  /** It takes a canary back, so that what has the rest of the traffic has all of it again. */
  endsCanary?: boolean;
  /** Another operation that runs or waits for the same service and environment. */
  running?: { id: string; kind: OperationKind };
  /** Why the revision cannot be put back. */
  unavailable?: string;
  /** Why it could not be proven afterwards by the environment's version address. */
  versionProblem?: Failure;
  /** Days since the revision last ran there, none if it is not known to have run, and how many are allowed. */
  age?: { days?: number; allowed: number };
  /** That of the person who asks; absent if none is asked for. */
  override?: Override;
  /** ISO 8601. */
  now: string;
}
