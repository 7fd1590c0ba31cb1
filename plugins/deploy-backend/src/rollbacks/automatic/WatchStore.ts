import { Knex } from 'knex';
import { DeploymentWatchRow } from '../../store/rows';
import { WatchLook } from '../../verification/watchVerdict';
import { DeployedRelease } from './servesRelease';

/** A fresh deployment that has to prove good. */
export interface Watch {
  deploymentId: string;
  environmentId: string;
  /** ISO 8601. */
  startedAt: string;
  looks: WatchLook[];
  /** What taking it out waits for, if it was found bad and that could not begin yet. */
  waits?: string;
  /** That was deployed. */
  release: DeployedRelease & { id: string; version?: string };
}

/** What came of a watch. */
export interface WatchEnd {
  state: Exclude<DeploymentWatchRow['state'], 'watching'>;
  /** Whole sentences. */
  note?: string;
  operationId?: string;
  looks?: readonly WatchLook[];
}

/** An automatic rollback, as it was asked for. */
export interface StartedRollback {
  id: string;
  reason: string;
  /** The release was kept out, not taken out. */
  neverServed: boolean;
}

/** Ends that say something about the release. */
const good: readonly DeploymentWatchRow['state'][] = ['healthy'];
const bad: readonly DeploymentWatchRow['state'][] = [
  'rolled-back',
  'kept-out',
  'not-possible',
];

type WatchedRelease = {
  release_id: string;
  begun_at: string;
  commit_sha: string;
  version?: string | null;
  artifact?: string | null;
};

/** Which fresh deployments are watched, and what was seen of them. */
export class WatchStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Current deployments that nobody watches yet and no operation made: those that ended since a time, or whose
   * canary did.
   */
  async unwatched(
    since: Date,
  ): Promise<{ deploymentId: string; environmentId: string }[]> {
    const rows = await this.#knex('environments')
      .join(
        'deployments',
        'deployments.id',
        'environments.current_deployment_id',
      )
      .leftJoin(
        'deployment_watches',
        'deployment_watches.deployment_id',
        'deployments.id',
      )
      .whereNull('deployment_watches.deployment_id')
      .andWhere('environments.definition', 'like', '%"automatic":true%')
      .andWhere(query => {
        query
          .where('deployments.finished_at', '>=', since.toISOString())
          .orWhereExists(
            this.#knex('promotions')
              .join('canaries', 'canaries.promotion_id', 'promotions.id')
              .whereRaw('promotions.deployment_id = deployments.id')
              .andWhere('canaries.phase', 'done')
              .andWhere('canaries.finished_at', '>=', since.toISOString()),
          );
      })
      .andWhere('deployments.source', 'not like', 'operation:%')
      .select<{ id: string; environment_id: string }[]>(
        'deployments.id',
        'deployments.environment_id',
      )
      .orderBy('deployments.finished_at', 'desc')
      .limit(100);
    return rows.map(row => ({
      deploymentId: row.id,
      environmentId: row.environment_id,
    }));
  }

  /** Whether a promotion of the deployment's release into its environment is still on its way. */
  async isOnItsWay(deploymentId: string): Promise<boolean> {
    const row = await this.#knex('deployments')
      .join('promotions', on => {
        on.on('promotions.environment_id', 'deployments.environment_id').andOn(
          'promotions.release_id',
          'deployments.release_id',
        );
      })
      .where({
        'deployments.id': deploymentId,
        'promotions.status': 'executing',
      })
      .first('deployments.id');
    return row !== undefined;
  }

  async begin(
    watch: { deploymentId: string; environmentId: string },
    now: Date,
  ): Promise<void> {
    await this.#knex<DeploymentWatchRow>('deployment_watches')
      .insert({
        deployment_id: watch.deploymentId,
        environment_id: watch.environmentId,
        state: 'watching',
        observations: '[]',
        started_at: now.toISOString(),
        due_at: now.toISOString(),
      })
      .onConflict('deployment_id')
      .ignore();
  }

  async due(now: Date): Promise<Watch[]> {
    const rows = await this.#knex('deployment_watches')
      .join('deployments', 'deployments.id', 'deployment_watches.deployment_id')
      .join('releases', 'releases.id', 'deployments.release_id')
      .where('deployment_watches.state', 'watching')
      .andWhere('due_at', '<=', now.toISOString())
      .orderBy(['due_at', 'deployment_id'])
      .limit(100)
      .select<(DeploymentWatchRow & WatchedRelease)[]>(
        'deployment_watches.*',
        'deployments.release_id',
        'deployments.created_at as begun_at',
        'releases.commit_sha',
        'releases.version',
        'releases.artifact',
      );
    return rows.map(row => ({
      deploymentId: row.deployment_id,
      environmentId: row.environment_id,
      startedAt: row.started_at,
      looks: JSON.parse(row.observations),
      ...(row.note && { waits: row.note }),
      release: {
        id: row.release_id,
        commit: row.commit_sha,
        begunAt: row.begun_at,
        ...(row.version && { version: row.version }),
        ...(row.artifact && { artifact: row.artifact }),
      },
    }));
  }

  async look(
    deploymentId: string,
    looks: readonly WatchLook[],
    nextAt: Date,
    waits?: string,
  ): Promise<void> {
    await this.#watching(deploymentId).update({
      observations: JSON.stringify(looks),
      note: waits ?? null,
      due_at: nextAt.toISOString(),
    });
  }

  async end(deploymentId: string, end: WatchEnd): Promise<void> {
    await this.#watching(deploymentId).update({
      state: end.state,
      note: end.note ?? null,
      operation_id: end.operationId ?? null,
      ...(end.looks && { observations: JSON.stringify(end.looks) }),
    });
  }

  /** Releases whose newest watch in an environment that is over ended badly: their ids. */
  async foundBad(environmentId: string): Promise<ReadonlySet<string>> {
    const rows = await this.#knex('deployment_watches')
      .join('deployments', 'deployments.id', 'deployment_watches.deployment_id')
      .where('deployment_watches.environment_id', environmentId)
      .whereIn('deployment_watches.state', [...good, ...bad])
      .orderBy([
        { column: 'deployment_watches.started_at', order: 'desc' },
        { column: 'deployment_watches.deployment_id', order: 'desc' },
      ])
      .limit(1_000)
      .select<{ release_id: string; state: DeploymentWatchRow['state'] }[]>(
        'deployments.release_id',
        'deployment_watches.state',
      );
    const newest = new Map<string, DeploymentWatchRow['state']>();
    for (const row of rows) {
      if (!newest.has(row.release_id)) {
        newest.set(row.release_id, row.state);
      }
    }
    return new Set(
      [...newest].flatMap(([id, state]) => (bad.includes(state) ? id : [])),
    );
  }

  /** The rollback that was started by a key, even if the process died before the watch was told of it. */
  async rollbackOf(key: string): Promise<StartedRollback | undefined> {
    const row = await this.#knex('operations')
      .where({ idempotency: key })
      .first<
        { id: string; reason?: string | null; context: string } | undefined
      >('id', 'reason', 'context');
    return (
      row && {
        id: row.id,
        reason: row.reason ?? '',
        neverServed: Boolean(JSON.parse(row.context).neverServed),
      }
    );
  }

  async prune(before: Date): Promise<void> {
    await this.#knex<DeploymentWatchRow>('deployment_watches')
      .where('started_at', '<', before.toISOString())
      .delete();
  }

  #watching(deploymentId: string) {
    return this.#knex<DeploymentWatchRow>('deployment_watches').where({
      deployment_id: deploymentId,
      state: 'watching',
    });
  }
}
