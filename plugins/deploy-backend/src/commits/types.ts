import { Commit } from '@vvp/backstage-plugin-deploy-common';
import { CommitPerson } from './commitPeople';

/** A commit as it is kept: with what GitHub told of it so far. Nothing of this ever changes. */
export interface KeptCommit extends Commit {
  parents: string[];
  /** Who wrote it; not shown to anybody. Absent in those that were kept before this was. */
  people?: CommitPerson[];
  /** Files that it changes, with where they were before; absent until asked. */
  paths?: string[];
  /** There are more paths than those. */
  pathsCut?: boolean;
  /** GitHub was asked for its pull request. */
  pullAsked?: boolean;
}

/** The commits that `head` has and `base` has not. */
export interface CommitList {
  /**
   * - `known`: all of them; `base` is an ancestor of `head`.
   * - `partial`: the same, but only the newest ones.
   * - `unrelated`: `base` is no ancestor of `head`.
   */
  state: 'known' | 'partial' | 'unrelated';
  /** Newest first. */
  commits: KeptCommit[];
  /** How many there are in all. */
  total: number;
  /** How many `base` has that `head` has not. */
  behind: number;
}

/** The paths of a service in its repository, globs as in `deploy.yaml`. */
export interface ServicePaths {
  /** `owner/name`, lower case. */
  repository: string;
  paths: readonly string[];
  sharedPaths: readonly string[];
}
