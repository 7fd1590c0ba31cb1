/**
 * How far something has come, in GitHub's words of a job's or run's `status`.
 *
 * @public
 */
export type ProgressStatus = 'queued' | 'waiting' | 'in_progress' | 'completed';

/**
 * How something ended, in GitHub's words of a job's or run's `conclusion`.
 *
 * @public
 */
export type Conclusion =
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'neutral'
  | 'action_required'
  | 'stale'
  | 'startup_failure';

/**
 * What is said about one attempt of one pipeline run. All times are ISO 8601 in UTC with
 * milliseconds, all repositories `owner/name` in lower case, all SHAs lower case.
 *
 * @public
 */
export interface RunFact {
  kind: 'run';
  repository: string;
  runId: string;
  attempt: number;
  workflowName: string;
  /** Path in the repository, without `@ref`. */
  workflowPath?: string;
  /** What started it: `push`, `workflow_run`, `workflow_dispatch`. */
  event: string;
  commit: string;
  /** Branch or tag. */
  ref?: string;
  title?: string;
  actor?: string;
  url?: string;
  createdAt: string;
  updatedAt: string;
  status: ProgressStatus;
  conclusion?: Conclusion;
}

/**
 * What is said about one job of one attempt of a run.
 *
 * @public
 */
export interface JobFact {
  kind: 'job';
  repository: string;
  runId: string;
  attempt: number;
  jobId: string;
  /** As shown to people: `deploy-witnesses (wan)`. */
  name: string;
  workflowName?: string;
  commit: string;
  ref?: string;
  actor?: string;
  url?: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  status: ProgressStatus;
  conclusion?: Conclusion;
}

/**
 * A state of a GitHub deployment.
 *
 * @public
 */
export interface DeploymentStatusFact {
  statusId: string;
  state:
    | 'queued'
    | 'pending'
    | 'waiting'
    | 'in_progress'
    | 'success'
    | 'failure'
    | 'error'
    | 'inactive';
  at: string;
}

/**
 * What is said about a deployment recorded at its source, such as a GitHub deployment.
 *
 * @public
 */
export interface DeploymentFact {
  kind: 'deployment';
  repository: string;
  deploymentId: string;
  /** The run and job it was made by, where the source says so. */
  runId?: string;
  attempt?: number;
  jobId?: string;
  environment: string;
  /** The service's key, where the deployment's payload names one. */
  serviceKey?: string;
  commit: string;
  ref?: string;
  actor?: string;
  url?: string;
  createdAt: string;
  updatedAt: string;
  status?: DeploymentStatusFact;
}

/**
 * A pipeline asked whether it may go on into an environment.
 *
 * @public
 */
export interface ProtectionFact {
  kind: 'protection';
  repository: string;
  runId: string;
  environment: string;
  deploymentId?: string;
  callbackUrl: string;
  /** Of the deployment that waits. */
  commit?: string;
  ref?: string;
  /** Login of who started the run. */
  actor?: string;
  at?: string;
}

/**
 * A pipeline waited until a named person reviews it, before it went on into an environment.
 *
 * @public
 */
export interface ReviewFact {
  kind: 'review';
  repository: string;
  runId: string;
  environment: string;
  at?: string;
}

/**
 * Anything a source can say about deployments.
 *
 * @public
 */
export type Fact =
  | RunFact
  | JobFact
  | DeploymentFact
  | ProtectionFact
  | ReviewFact;
