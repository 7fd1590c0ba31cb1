import { EnvironmentOverview } from './environment';

/**
 * Why the `deploy.yaml` that stands in the repository is not the one in use.
 *
 * @public
 */
export interface SpecProblem {
  /** What is wrong and what to do, one line per finding. */
  message: string;
  /** Where the file was read from. */
  url: string;
  /** Line the first finding points to, counted from 1. */
  line?: number;
  /** When the problem was first seen, ISO 8601. */
  since: string;
  /** Commit of the last good file, which stays in use; absent if there never was one. */
  lastGoodCommit?: string;
}

/**
 * Answer of `GET /services/:kind/:namespace/:name`.
 *
 * @public
 */
export interface ServiceOverview {
  entityRef: string;
  /** `owner/name` of the repository it is deployed from. */
  repository?: string;
  specProblem?: SpecProblem;
  environments: EnvironmentOverview[];
}

/**
 * One row of `GET /services`.
 *
 * @public
 */
export interface ServiceSummary {
  entityRef: string;
  title?: string;
  owner?: string;
  system?: string;
  repository?: string;
  environments: EnvironmentOverview[];
}

/**
 * A page of a list. Follow `nextCursor` until it is absent.
 *
 * @public
 */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/**
 * Something that came in and could not be used, counted instead of repeated.
 *
 * @public
 */
export interface IngestProblem {
  id: string;
  /** Stable, kebab-case, for programs: `unknown-repository`, `unmapped-job`, `malformed-payload`. */
  kind: string;
  /** What is wrong and what to do about it. */
  message: string;
  repository?: string;
  /** What it is about: a job name, an entity, a field. */
  subject?: string;
  count: number;
  firstSeenAt: string;
  lastSeenAt: string;
}
