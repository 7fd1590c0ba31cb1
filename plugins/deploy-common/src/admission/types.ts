import { Failure, OperationKind } from '../model/operation';

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
 * Why something is not let through.
 *
 * @public
 */
export interface Refusal {
  code:
    | 'permission'
    | 'lock'
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
}

/**
 * Whether something is let through.
 *
 * @public
 */
export interface Admission {
  admitted: boolean;
  /** Every reason, not only the first. */
  refusals: Refusal[];
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
  hold?: Hold;
  /** Of the release that would come in. */
  quarantine?: Pick<Quarantine, 'by' | 'reason' | 'since'> & {
    commit?: string;
  };
  /** Another operation that runs or waits for the same service and environment. */
  running?: { id: string; kind: OperationKind };
  /** Why the revision cannot be put back. */
  unavailable?: string;
  /** Why it could not be proven afterwards by the environment's version address. */
  versionProblem?: Failure;
  /** Days since the revision last ran there, and how many are allowed. */
  age?: { days: number; allowed: number };
  /** ISO 8601. */
  now: string;
}
