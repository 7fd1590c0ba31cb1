import { Admission } from '../admission/types';
import { EnvironmentTier } from './environment';
import { GateSummary } from './gate';
import {
  ArtifactState,
  ConfigurationDifference,
  RevisionEntry,
} from './target';

/**
 * A commit of a repository.
 *
 * @public
 */
export interface Commit {
  sha: string;
  /** First line of its message. */
  title: string;
  /** Login at GitHub, else the name in the commit. */
  author?: string;
  committedAt?: string;
  url?: string;
  /** The pull request that brought it. */
  pullRequest?: { number: number; title?: string; url?: string };
}

/**
 * What lies between two releases of a service, newest first. In a monorepo only what touches the paths
 * of the service or those it shares.
 *
 * @public
 */
export interface CommitRange {
  from: string;
  to: string;
  /**
   * - `known`: all of it.
   * - `partial`: GitHub lists no more; there are others.
   * - `unrelated`: neither commit is an ancestor of the other; `commits` are those since they parted.
   * - `unknown`: GitHub did not answer; `message` says why.
   */
  state: 'known' | 'partial' | 'unrelated' | 'unknown';
  /**
   * `forward`: `to` is newer, `commits` come in. `backward`: `to` is older, `commits` are taken out.
   */
  direction: 'forward' | 'backward' | 'same';
  commits: Commit[];
  message?: string;
}

/**
 * Files of database migrations between two releases.
 *
 * @public
 */
export interface MigrationsBetween {
  state: 'known' | 'partial' | 'unknown';
  files: string[];
  /** Those that cannot be undone, by the spec. */
  irreversible: string[];
}

/**
 * A run of a pipeline that is under way for the environment.
 *
 * @public
 */
export interface RunInFlight {
  runId: string;
  workflowName?: string;
  status: 'queued' | 'waiting' | 'in_progress';
  commit?: string;
  startedAt?: string;
  url?: string;
}

/**
 * Answer of `POST /rollbacks/preview`: what a rollback would do. Nothing is changed by it.
 *
 * @public
 */
export interface RollbackPreview {
  entityRef: string;
  environment: string;
  tier: EnvironmentTier;
  /** Whether it would be let through, and if not, why and who can clear it. */
  admission: Admission;
  from?: RevisionEntry;
  to: RevisionEntry;
  /** The revision serves already: a rollback would do nothing. */
  alreadyThere: boolean;
  /** Seconds since `to` was last deployed here; absent if that is not known. */
  ageSeconds?: number;
  /** What is taken out; absent where a commit is not known. */
  changes?: CommitRange;
  configuration: ConfigurationDifference[];
  /** What the rollback does not bring back, such as ConfigMaps. */
  notRestored: string[];
  artifact: ArtifactState;
  migrations?: MigrationsBetween;
  /** Gates of the release that comes back, as they stand now. */
  gates?: GateSummary;
  /** Services that the same run deployed here with the release that is taken out. */
  sameRun: { entityRef: string; environment: string }[];
  runsInFlight: RunInFlight[];
  steps: { name: string; title: string }[];
  /** What has to be typed as `confirm`; absent if nothing has to. */
  confirmation?: string;
  /** What could not be found out, and why. */
  problems: string[];
}

/**
 * Body of `POST /rollbacks`.
 *
 * @public
 */
export interface RollbackRequest {
  entityRef: string;
  environment: string;
  revision: string;
  reason: string;
  /** See {@link RollbackPreview.confirmation}. */
  confirm?: string;
  /**
   * Why it goes ahead although it is refused, 10 to 2000 characters. Waives what is overridable alone;
   * needs `deploy.override`.
   */
  override?: string;
}

/**
 * How a deployment was taken out again.
 *
 * @public
 */
export interface RolledBack {
  operationId: string;
  by: string;
  reason: string;
  at: string;
  /** Whole seconds from the time it was in place to the time that it was gone. */
  badForSeconds?: number;
  automatic: boolean;
}
