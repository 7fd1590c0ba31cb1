import { OperationStatus } from './operation';
import { RolledBack } from './rollback';
import { QuarantineInfo } from './target';

/**
 * Where a deployment stands.
 *
 * - `queued`: asked for, not started.
 * - `waiting`: held for an approval or another protection of its environment.
 * - `in_progress`: running.
 * - `succeeded`: in place, and what runs in the environment now.
 * - `failed`: the change broke.
 * - `errored`: the pipeline broke, the change was not judged.
 * - `cancelled`: stopped by a person or by a newer run.
 * - `superseded`: worked, and was replaced by a newer one; never a failure.
 * - `rolled_back`: worked, and was taken out again on purpose.
 *
 * @public
 */
export type DeploymentStatus =
  | 'queued'
  | 'waiting'
  | 'in_progress'
  | 'succeeded'
  | 'failed'
  | 'errored'
  | 'cancelled'
  | 'superseded'
  | 'rolled_back';

/**
 * Every {@link DeploymentStatus}, in the order a deployment can pass through them.
 *
 * @public
 */
export const deploymentStatuses: readonly DeploymentStatus[] = [
  'queued',
  'waiting',
  'in_progress',
  'succeeded',
  'failed',
  'errored',
  'cancelled',
  'superseded',
  'rolled_back',
];

/**
 * What can be deployed: a service at a commit.
 *
 * @public
 */
export interface Release {
  id: string;
  /** Full commit SHA, 40 (or 64) lower-case hex digits. */
  commit: string;
  /** Version as the pipeline names it, usually a tag; absent when none is known. */
  version?: string;
  /** What was built, by content: an image digest or a tarball hash; absent when none is known. */
  artifact?: string;
  /** It may not be deployed. */
  quarantine?: QuarantineInfo;
}

/**
 * The run of a pipeline that a deployment came from.
 *
 * @public
 */
export interface PipelineRun {
  runId: string;
  /** Counts from 1; a re-run of the same run id has the next number. */
  attempt: number;
  workflowName?: string;
  /** Path in the repository, such as `.github/workflows/deploy.yml`. */
  workflowPath?: string;
  /** What started the run, in GitHub's words: `push`, `workflow_dispatch`, `workflow_run`. */
  event?: string;
  url?: string;
}

/**
 * What came of watching a fresh deployment.
 *
 * - `watching`: it is looked at until its window ends.
 * - `healthy`: it may stay.
 * - `rolled-back`: it was bad; `operationId` takes it out.
 * - `kept-out`: it never came to serve, what ran before does; `operationId` keeps it out.
 * - `not-possible`: it was bad and stays, `note` says why.
 * - `unjudged`: the portal was away, or its platform silent, for too long to judge it; or it does not serve and
 *   nothing shows why.
 * - `replaced`: something else runs there now.
 *
 * @public
 */
export type WatchState =
  | 'watching'
  | 'healthy'
  | 'rolled-back'
  | 'kept-out'
  | 'not-possible'
  | 'unjudged'
  | 'replaced';

/**
 * Every {@link WatchState}.
 *
 * @public
 */
export const watchStates: readonly WatchState[] = [
  'watching',
  'healthy',
  'rolled-back',
  'kept-out',
  'not-possible',
  'unjudged',
  'replaced',
];

/**
 * A watch over a fresh deployment, for an automatic rollback.
 *
 * @public
 */
export interface DeploymentWatch {
  state: WatchState;
  /** What came of it, or what taking it out waits for, whole sentences. */
  note?: string;
  /** ISO 8601. */
  startedAt: string;
  /** When the window ends if no look is late; only while `watching`. */
  until?: string;
  /** How many looks there were, and what they showed. */
  looks: {
    done: number;
    healthy: number;
    /** How many there will be; only while `watching`. */
    planned?: number;
  };
  /** The rollback that it led to, and where that stands. */
  operationId?: string;
  operationStatus?: OperationStatus;
}

/**
 * One attempt to put a release into an environment.
 *
 * @public
 */
export interface Deployment {
  id: string;
  entityRef: string;
  environment: string;
  /**
   * Where it came from: `github:<repo>:<run_id>:<attempt>:<job id>`, `github-deployment:<id>`,
   * `operation:<id>` or `observed:<hash>`. Unique together with service and environment.
   */
  source: string;
  status: DeploymentStatus;
  release: Release;
  /** Branch or tag it was deployed from. */
  ref?: string;
  /** Login or name of who started it. */
  actor?: string;
  /** First line of the commit message, or the run's title. */
  title?: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** Whole seconds from start to finish; absent while it runs. */
  durationSeconds?: number;
  /** Page of the job or deployment at its source. */
  url?: string;
  jobName?: string;
  /** The operation that it is the trace of. */
  operationId?: string;
  /** Only with `rolled_back`. */
  rolledBack?: RolledBack;
  /** Only where `deploy.yaml` asks for automatic rollback. */
  watch?: DeploymentWatch;
  run?: PipelineRun;
  /** The run that started this deployment's run (`workflow_run`), nearest first. */
  chain: PipelineRun[];
}
