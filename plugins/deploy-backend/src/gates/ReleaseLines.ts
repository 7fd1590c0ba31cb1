import {
  CoverageCount,
  coverageOfChange,
  Evidence,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { CommitChanges } from '../changes/CommitChanges';
import { PullRequestBases } from '../changes/PullRequestBases';
import { touchesService } from '../changes/touchesService';
import { loadCoveredLines, loadReplaced } from './releaseQueries';
import type { GateSubject } from './ReleaseFacts';
import { ServicePolicy } from './ServicePolicies';

/** Absent while it is not known what the commit changes. */
export interface ChangedLines {
  changedLines?: CoverageCount;
  changedLineCount?: number;
  changeTooLarge?: boolean;
  uncovered?: { path: string; lines: number[] }[];
}

/** Knows which lines a release changes, and how well its reports cover them. */
export class ReleaseLines {
  readonly #knex: Knex;
  readonly #changes: Pick<CommitChanges, 'get' | 'parentOf'>;
  readonly #bases: Pick<PullRequestBases, 'baseOf'>;
  readonly #policy: ServicePolicy;
  readonly #subject: GateSubject;
  /** Reports whose details were forgotten. */
  readonly #pruned: ReadonlySet<string>;
  readonly #isKnown: boolean;
  readonly #replaced = new Map<string, Promise<string | undefined>>();
  readonly #changed = new Map<string, Promise<ChangedLines>>();

  constructor(options: {
    knex: Knex;
    changes: Pick<CommitChanges, 'get' | 'parentOf'>;
    bases: Pick<PullRequestBases, 'baseOf'>;
    policy: ServicePolicy;
    subject: GateSubject;
    pruned: ReadonlySet<string>;
    isKnown: boolean;
  }) {
    this.#knex = options.knex;
    this.#changes = options.changes;
    this.#bases = options.bases;
    this.#policy = options.policy;
    this.#subject = options.subject;
    this.#pruned = options.pruned;
    this.#isKnown = options.isKnown;
  }

  /**
   * Nothing while the change is not known.
   *
   * @param environment - compared with what it replaces there; else with the commit before it
   */
  async of(evidence: Evidence, environment?: string): Promise<ChangedLines> {
    const key = JSON.stringify([evidence.id, environment]);
    const asked = this.#changed.get(key) ?? this.#judge(evidence, environment);
    this.#changed.set(key, asked);
    return asked;
  }

  /** What the commit is compared with; undefined for a first commit. */
  async #baseOf(
    environment: string | undefined,
  ): Promise<string | undefined | 'unknown'> {
    const { repository, serviceId } = this.#policy;
    const { commit, pullRequest } = this.#subject;
    if (!this.#isKnown) {
      return 'unknown';
    }
    if (pullRequest !== undefined) {
      return this.#bases.baseOf(repository, pullRequest, commit);
    }
    const key = environment ?? '';
    const asked =
      this.#replaced.get(key) ??
      (environment
        ? loadReplaced(this.#knex, { serviceId, environment, commit })
        : Promise.resolve(undefined));
    this.#replaced.set(key, asked);
    const replaced = await asked;
    if (replaced === undefined) {
      return this.#changes.parentOf(repository, commit);
    }
    // An older release may go in again: then what it brought is the change since both were one.
    const change = await this.#changes.get(repository, replaced, commit);
    return change.state === 'unrelated'
      ? change.mergeBase ?? 'unknown'
      : replaced;
  }

  async #judge(
    evidence: Evidence,
    environment: string | undefined,
  ): Promise<ChangedLines> {
    if (this.#pruned.has(evidence.id)) {
      return {};
    }
    const { repository } = this.#policy;
    const base = await this.#baseOf(environment);
    if (base === 'unknown') {
      return {};
    }
    if (base === undefined) {
      // The first commit changes every line there is.
      return evidence.summary.type === 'coverage'
        ? {
            changedLines: evidence.summary.lines,
            changedLineCount: evidence.summary.lines.total,
          }
        : {};
    }
    const change = await this.#changes.get(
      repository,
      base,
      this.#subject.commit,
    );
    if (change.state !== 'known') {
      return change.state === 'partial' ? { changeTooLarge: true } : {};
    }
    const { spec } = this.#policy;
    const own = change.files.filter(
      file => !spec || touchesService([file], spec),
    );
    const files = await loadCoveredLines(
      this.#knex,
      evidence.id,
      own.map(({ path }) => path),
    );
    const { covered, total, uncovered, changedLineCount } = coverageOfChange(
      own,
      files,
    );
    return { changedLines: { covered, total }, changedLineCount, uncovered };
  }
}
