/**
 * What an operation does.
 *
 * - `rollback`: puts an earlier revision back.
 * - `redeploy`: puts a chosen release in again.
 * - `restart`: starts what runs there anew.
 * - `rerun`: runs the failed jobs of a pipeline's run again.
 * - `rerun-tests`: runs the integration tests against the environment.
 * - `force-deploy`: runs the pipeline for one service although nothing of it changed.
 * - `promote`: carries out a promotion by running the pipeline for its release.
 * - `canary`: moves the traffic of a promotion's canary forward, or has it stand still.
 *
 * @public
 */
export type OperationKind =
  | 'rollback'
  | 'redeploy'
  | 'restart'
  | 'rerun'
  | 'rerun-tests'
  | 'force-deploy'
  | 'promote'
  | 'canary';

/**
 * Every {@link OperationKind}.
 *
 * @public
 */
export const operationKinds: readonly OperationKind[] = [
  'rollback',
  'redeploy',
  'restart',
  'rerun',
  'rerun-tests',
  'force-deploy',
  'promote',
  'canary',
];

/**
 * Where an operation stands. One that undoes its steps after a failure still is `running`.
 *
 * @public
 */
export type OperationStatus =
  | 'queued'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'cancelled';

/**
 * Where a step stands.
 *
 * - `skipped`: there was nothing to do, or an earlier step failed.
 * - `compensated`: was done, and undone after a later failure.
 *
 * @public
 */
export type StepStatus =
  | 'pending'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'compensated';

/**
 * What the environment is left in.
 *
 * - `done`: what was asked for is in place, and was verified.
 * - `already-there`: it was so before; nothing was changed.
 * - `as-before`: nothing changed, or every change was undone.
 * - `unclear`: undoing failed as well; a person has to look. `failure` says where.
 *
 * @public
 */
export type OperationOutcome =
  | 'done'
  | 'already-there'
  | 'as-before'
  | 'unclear';

/**
 * Why something could not be done, for a person who has to act on it.
 *
 * @public
 */
export interface Failure {
  /** What is wrong, a whole sentence. */
  message: string;
  /** What to do about it, whole sentences. */
  remedy?: string;
}

/**
 * A line of a step's log. Secrets are blacked out before it is stored.
 *
 * @public
 */
export interface LogLine {
  /** Counts up within the step; gaps are lines that were dropped. */
  sequence: number;
  /** ISO 8601. */
  at: string;
  level: 'info' | 'warn' | 'error';
  text: string;
}

/**
 * One step of an operation.
 *
 * @public
 */
export interface OperationStep {
  /** Kebab-case, unique in the operation. */
  name: string;
  /** For people, such as "Shift the traffic to vvp-issuer--0000007". */
  title: string;
  status: StepStatus;
  /** How often it was begun; 0 before the first time. */
  attempts: number;
  startedAt?: string;
  finishedAt?: string;
  failure?: Failure;
  /** The first and the last lines of many. */
  log: LogLine[];
  /** How many lines in the middle were dropped. */
  droppedLines: number;
}

/**
 * The revision and release that an operation leads from or to.
 *
 * @public
 */
export interface RevisionReference {
  /** The target's own name of it; absent where only the release is known. */
  revision?: string;
  /** Digest of what it runs, where the target tells it. */
  artifact?: string;
  commit?: string;
  version?: string;
}

/**
 * What was waived for an operation, and why.
 *
 * @public
 */
export interface OperationOverride {
  /** In the words of whoever asked for the operation. */
  reason: string;
  /** What stood against it; of freezes, the windows that were let pass, see {@link freezeWindowId}. */
  waived: { code: string; message: string; freezes?: string[] }[];
}

/**
 * A durable run of steps against an environment of a service.
 *
 * @public
 */
export interface Operation {
  id: string;
  entityRef: string;
  environment: string;
  kind: OperationKind;
  status: OperationStatus;
  /** Entity ref of the person, or `automatic`. */
  requestedBy: string;
  reason?: string;
  /** Absent unless something was waived. */
  override?: OperationOverride;
  from?: RevisionReference;
  to?: RevisionReference;
  /** What is used by one operation at a time, such as `azure-vm:vvp/vvp-pbx`. */
  lockKey: string;
  /** How many operations with the same lock key go first; only while `queued`. */
  ahead?: number;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** Since when, and by whom, it was asked to stop. */
  cancelRequested?: { by: string; at: string };
  /** Why it cannot go on right now, such as missing credentials. It is tried again by itself. */
  parked?: Failure & { since: string };
  outcome?: OperationOutcome;
  /**
   * Why it `failed` or was `cancelled`. Of one that `succeeded`: what is missing to keep out what was taken
   * out; mostly absent.
   */
  failure?: Failure;
  steps: OperationStep[];
}

/**
 * An operation in a list, without the logs.
 *
 * @public
 */
export type OperationSummary = Omit<Operation, 'steps'> & {
  steps: Omit<OperationStep, 'log' | 'droppedLines'>[];
};

/**
 * Answer of a `POST` that starts work.
 *
 * @public
 */
export interface StartedOperation {
  id: string;
}
