import {
  DeploymentStatus,
  QuarantineInfo,
  Revision,
  RevisionEntry,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { identityOf } from '../restrictions/quarantinedIdentity';
import { QuarantinedRevisionStore } from '../restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '../restrictions/QuarantineStore';
import { ensureRelease } from '../store/DeploymentWriter';
import { ReleaseRow } from '../store/rows';
import { loadReleaseHistory } from '../workflows/releases';
import { isToldCommit } from './isToldCommit';
import { lastRan } from './lastRan';
import { pastOperations } from './pastOperations';

/** How many deployments of an environment are looked through. */
const MAX_DEPLOYMENTS = 1_000;

/** How many of a release are told. */
const MAX_TOLD = 5;

const worksOrWorked: readonly DeploymentStatus[] = [
  'succeeded',
  'superseded',
  'rolled_back',
];

interface PastDeployment {
  id: string;
  source: string;
  status: DeploymentStatus;
  at: string;
  finishedAt?: string;
  commit: string;
  releaseId: string;
}

/** A release of a service, as the tables have it. */
export interface KnownRelease {
  id: string;
  commit: string;
  version?: string;
}

/** What is known of the releases that revisions run. */
export class ReleaseHistory {
  readonly #knex: Knex;
  readonly #quarantines: QuarantineStore;
  readonly #quarantinedRevisions: QuarantinedRevisionStore;

  constructor(options: {
    knex: Knex;
    quarantines: QuarantineStore;
    quarantinedRevisions: QuarantinedRevisionStore;
  }) {
    this.#knex = options.knex;
    this.#quarantines = options.quarantines;
    this.#quarantinedRevisions = options.quarantinedRevisions;
  }

  /**
   * Adds to each revision when its release was deployed here, how that went, and the quarantine of the
   * release or of the revision itself.
   */
  async describe(
    where: { serviceId: string; environmentId: string },
    revisions: readonly Revision[],
  ): Promise<RevisionEntry[]> {
    const [deployments, quarantines, quarantinedRevisions] = await Promise.all([
      this.#deployments(where.environmentId),
      this.#quarantines.ofService(where.serviceId),
      this.#quarantinedRevisions.of(
        where.environmentId,
        revisions.map(identityOf),
      ),
    ]);
    return revisions.map(revision => {
      const own = deployments.filter(({ commit }) =>
        isToldCommit(commit, revision.commit),
      );
      const worked = own.find(({ status }) => worksOrWorked.includes(status));
      const commit = own[0]?.commit ?? revision.commit;
      // A short commit that fits several: one of them in quarantine is one too many.
      const quarantined = [...quarantines].find(
        ([sha]) =>
          isToldCommit(sha, commit) || isToldCommit(sha, revision.commit),
      )?.[1];
      const releaseId = own[0]?.releaseId ?? quarantined?.releaseId;
      const quarantine: QuarantineInfo | undefined =
        quarantined ?? quarantinedRevisions.get(revision.id);
      return {
        ...revision,
        ...(commit && { commit }),
        ...(releaseId && { releaseId }),
        ...(worked && {
          deploymentId: worked.id,
          ...(worked.finishedAt && { lastDeployedAt: worked.finishedAt }),
        }),
        deployments: own
          .slice(0, MAX_TOLD)
          .map(({ id, status, at }) => ({ id, status, at })),
        ...(quarantine && {
          quarantine: {
            by: quarantine.by,
            reason: quarantine.reason,
            since: quarantine.since,
            ...(quarantine.revision && { revision: quarantine.revision }),
          },
        }),
      };
    });
  }

  /**
   * When a revision last ran here, ISO 8601: now if nothing is known to have replaced it, undefined if it is
   * not known to have run here at all.
   */
  async lastRan(
    environmentId: string,
    revision: Pick<Revision, 'id' | 'commit' | 'current'>,
    now: Date = new Date(),
  ): Promise<string | undefined> {
    const [deployments, operations] = await Promise.all([
      this.#deployments(environmentId),
      pastOperations(this.#knex, environmentId),
    ]);
    return lastRan({
      revision,
      deployments: deployments.flatMap(({ status, finishedAt, ...rest }) =>
        finishedAt && worksOrWorked.includes(status)
          ? { ...rest, finishedAt }
          : [],
      ),
      operations,
      now,
    });
  }

  /** The release of a commit, or of the only commit that begins so; undefined if none is known. */
  async releaseOf(
    serviceId: string,
    commit: string | undefined,
  ): Promise<KnownRelease | undefined> {
    const told = commit?.toLowerCase();
    if (!told || !/^[0-9a-f]{7,64}$/.test(told)) {
      return undefined;
    }
    const rows = await this.#knex<ReleaseRow>('releases')
      .where({ service_id: serviceId })
      .andWhere('commit_sha', 'like', `${told}%`)
      .limit(2);
    return rows.length === 1 ? toRelease(rows[0]) : undefined;
  }

  /** As {@link ReleaseHistory.releaseOf}; one that nobody has told of yet is made of a full SHA. */
  async rememberRelease(
    serviceId: string,
    commit: string,
  ): Promise<KnownRelease | undefined> {
    const known = await this.releaseOf(serviceId, commit);
    if (known || !/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(commit)) {
      return known;
    }
    await this.#knex.transaction(tx =>
      ensureRelease(
        tx,
        { serviceId, commit: commit.toLowerCase() },
        new Date(),
      ),
    );
    return this.releaseOf(serviceId, commit);
  }

  /**
   * Of the deployment that is current in an environment, as far as is known: undefined once an operation
   * has put something there whose commit nobody knows.
   */
  async currentRelease(
    environmentId: string,
  ): Promise<KnownRelease | undefined> {
    const row = await this.#knex('environments')
      .join(
        'deployments',
        'deployments.id',
        'environments.current_deployment_id',
      )
      .join('releases', 'releases.id', 'deployments.release_id')
      .where('environments.id', environmentId)
      .first<(ReleaseRow & { finished_at?: string | null }) | undefined>(
        'releases.*',
        'deployments.finished_at',
      );
    const last = await this.#knex('operations')
      .where({ environment_id: environmentId, outcome: 'done' })
      .whereIn('kind', ['rollback', 'redeploy'])
      .andWhere('finished_at', '>', row?.finished_at ?? '')
      .orderBy('finished_at', 'desc')
      .first<{ to?: string | null } | undefined>('to');
    const isHidden = last && !JSON.parse(last.to ?? '{}').commit;
    return row && !isHidden ? toRelease(row) : undefined;
  }

  /** The current release and since when, where deployments, operations and dispatched runs all say the same. */
  async knownThere(
    environmentId: string,
  ): Promise<{ commit: string; at: string } | undefined> {
    const current = await this.currentRelease(environmentId);
    const { serving } = await loadReleaseHistory(this.#knex, environmentId);
    return current && current.commit === serving?.commit ? serving : undefined;
  }

  /** Newest first. */
  async #deployments(environmentId: string): Promise<PastDeployment[]> {
    const rows = await this.#knex('deployments')
      .join('releases', 'releases.id', 'deployments.release_id')
      .where('deployments.environment_id', environmentId)
      .orderBy([
        { column: 'deployments.created_at', order: 'desc' },
        { column: 'deployments.id', order: 'desc' },
      ])
      .limit(MAX_DEPLOYMENTS)
      .select<
        {
          id: string;
          source: string;
          status: DeploymentStatus;
          created_at: string;
          finished_at?: string | null;
          commit_sha: string;
          release_id: string;
        }[]
      >(
        'deployments.id',
        'deployments.source',
        'deployments.status',
        'deployments.created_at',
        'deployments.finished_at',
        'releases.commit_sha',
        'deployments.release_id',
      );
    return rows.map(row => ({
      id: row.id,
      source: row.source,
      status: row.status,
      at: row.created_at,
      ...(row.finished_at && { finishedAt: row.finished_at }),
      commit: row.commit_sha,
      releaseId: row.release_id,
    }));
  }
}

function toRelease(row: ReleaseRow): KnownRelease {
  return {
    id: row.id,
    commit: row.commit_sha,
    ...(row.version && { version: row.version }),
  };
}
