import {
  Page,
  PromotionFilter,
  PromotionState,
  PromotionSummary,
  ReleaseSummary,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Visibility } from '../permissions/Authorizer';
import { decodeCursor, encodeCursor } from '../reading/cursor';
import { loadRuns, RunIndex } from '../reading/runs';
import { whereVisible } from '../reading/visibilityQuery';
import { DeploymentRow, ReleaseRow } from '../store/rows';
import { ANYBODY, NOT } from './approversOf';
import { PromotionRow } from './rows';

type JoinedPromotionRow = PromotionRow & {
  entity_ref: string;
  environment: string;
  tier: PromotionSummary['tier'];
  commit_sha: string;
  release_version?: string | null;
  release_artifact?: string | null;
  quarantined_by?: string | null;
  quarantine_reason?: string | null;
  quarantined_since?: string | null;
};

/** Reads promotions and releases, as far as the caller may see them. */
export class PromotionReader {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Undefined if there is none, or the caller may not see it. */
  async get(
    id: string,
    visibility: Visibility,
  ): Promise<PromotionSummary | undefined> {
    const query = this.#joined().where('promotions.id', id);
    whereVisible(query, visibility);
    const [promotion] = await this.#toSummaries(await query.limit(1));
    return promotion;
  }

  /**
   * Newest first.
   *
   * @param waitingFor - the user whose voice is missing, and where they have `deploy.approve`
   */
  async list(
    filter: Omit<PromotionFilter, 'waitingFor'> & { limit: number },
    visibility: Visibility,
    waitingFor?: { user: string; mayApprove: Visibility },
  ): Promise<Page<PromotionSummary>> {
    const query = this.#joined()
      .orderBy([
        { column: 'promotions.created_at', order: 'desc' },
        { column: 'promotions.id', order: 'desc' },
      ])
      .limit(filter.limit + 1);
    whereVisible(query, visibility);
    if (waitingFor) {
      whereVisible(query, waitingFor.mayApprove);
      this.#whereWaitingFor(query, waitingFor.user);
    }
    if (filter.entityRef) {
      query.andWhere(
        'services.entity_ref',
        filter.entityRef.toLocaleLowerCase('en-US'),
      );
    }
    if (filter.environment) {
      query.andWhere('environments.name', filter.environment);
    }
    if (filter.status?.length) {
      query.whereIn('promotions.status', filter.status);
    }
    if (filter.runId) {
      query.andWhere('promotions.run_id', filter.runId);
    }
    if (filter.cursor) {
      query.andWhereRaw(
        '(promotions.created_at, promotions.id) < (?, ?)',
        decodeCursor(filter.cursor, 2),
      );
    }
    const rows: JoinedPromotionRow[] = await query;
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    return {
      items: await this.#toSummaries(page),
      ...(rows.length > filter.limit &&
        last && { nextCursor: encodeCursor([last.created_at, last.id]) }),
    };
  }

  /** The newest that is under way in each environment, by id of the environment. */
  async pendingOf(
    environmentIds: readonly string[],
  ): Promise<Map<string, Pick<PromotionSummary, 'id' | 'status' | 'release'>>> {
    const rows = await this.#joined()
      .whereIn('promotions.environment_id', [...environmentIds])
      .whereNull('promotions.finished_at')
      .orderBy(['promotions.created_at', 'promotions.id']);
    const found = new Map<
      string,
      Pick<PromotionSummary, 'id' | 'status' | 'release'>
    >();
    for (const row of rows) {
      found.set(row.environment_id, {
        id: row.id,
        status: row.status,
        release: releaseOf(row),
      });
    }
    return found;
  }

  /**
   * Releases of a service, the newest first. They belong to the service: who sees any environment of it sees
   * them all, and where they went as far as they see these environments.
   *
   * @param service - with the environments that the caller sees
   */
  async releases(
    service: { id: string; environments: readonly string[] },
    filter: { environment?: string; limit: number; cursor?: string },
  ): Promise<Page<ReleaseSummary>> {
    const query = this.#knex<ReleaseRow>('releases')
      .where('releases.service_id', service.id)
      .orderBy([
        { column: 'releases.created_at', order: 'desc' },
        { column: 'releases.id', order: 'desc' },
      ])
      .limit(filter.limit + 1)
      .select('releases.*');
    if (filter.environment) {
      query.whereExists(
        this.#knex('deployments')
          .join('environments', 'environments.id', 'deployments.environment_id')
          .whereRaw('deployments.release_id = releases.id')
          .andWhere('environments.name', filter.environment)
          .whereIn('environments.name', [...service.environments]),
      );
    }
    if (filter.cursor) {
      query.andWhereRaw(
        '(releases.created_at, releases.id) < (?, ?)',
        decodeCursor(filter.cursor, 2),
      );
    }
    const rows: ReleaseRow[] = await query;
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    const deployments = await this.#knex('deployments')
      .join('environments', 'environments.id', 'deployments.environment_id')
      .whereIn(
        'deployments.release_id',
        page.map(({ id }) => id),
      )
      .whereIn('environments.name', [...service.environments])
      .orderBy('deployments.created_at', 'desc')
      .select<(DeploymentRow & { environment: string })[]>(
        'deployments.*',
        'environments.name as environment',
      );
    const quarantines = await this.#knex('quarantines')
      .whereIn(
        'release_id',
        page.map(({ id }) => id),
      )
      .whereNull('lifted_at');
    return {
      items: page.map(row => {
        const own = deployments.filter(one => one.release_id === row.id);
        const quarantine = quarantines.find(one => one.release_id === row.id);
        const ref = own.find(one => one.ref)?.ref;
        const title = own.find(one => one.title)?.title;
        return {
          id: row.id,
          commit: row.commit_sha,
          ...(row.version && { version: row.version }),
          ...(row.artifact && { artifact: row.artifact }),
          ...(quarantine && {
            quarantine: {
              by: quarantine.set_by,
              reason: quarantine.reason,
              since: quarantine.since,
            },
          }),
          createdAt: row.created_at,
          ...(ref && { ref }),
          ...(title && { title }),
          deployments: newestOfEach(own),
        };
      }),
      ...(rows.length > filter.limit &&
        last && { nextCursor: encodeCursor([last.created_at, last.id]) }),
    };
  }

  #whereWaitingFor(query: Knex.QueryBuilder, user: string): void {
    const asked = (refs: string[]) =>
      this.#knex('promotion_approvers')
        .whereRaw('promotion_approvers.promotion_id = promotions.id')
        .whereIn('promotion_approvers.ref', refs);
    query
      .whereIn('promotions.status', [...undecidedStatuses])
      .whereExists(asked([user, ANYBODY]))
      .whereNotExists(asked([`${NOT}${user}`]));
  }

  #joined(): Knex.QueryBuilder<{}, JoinedPromotionRow[]> {
    return this.#knex('promotions')
      .join('environments', 'environments.id', 'promotions.environment_id')
      .join('services', 'services.id', 'promotions.service_id')
      .join('releases', 'releases.id', 'promotions.release_id')
      .leftJoin('quarantines', on => {
        on.on('quarantines.release_id', 'releases.id').andOnNull(
          'quarantines.lifted_at',
        );
      })
      .whereNull('services.removed_at')
      .select(
        'promotions.*',
        'services.entity_ref',
        'environments.name as environment',
        'environments.tier',
        'releases.commit_sha',
        'releases.version as release_version',
        'releases.artifact as release_artifact',
        'quarantines.set_by as quarantined_by',
        'quarantines.reason as quarantine_reason',
        'quarantines.since as quarantined_since',
      );
  }

  async #toSummaries(
    rows: readonly JoinedPromotionRow[],
  ): Promise<PromotionSummary[]> {
    const withRun = rows.filter(({ run_id: runId }) => runId);
    const traces = await this.#knex('traces')
      .whereIn(
        'run_id',
        withRun.map(({ run_id: runId }) => runId!),
      )
      .select<{ key: string; run_id: string; repository: string }[]>(
        'key',
        'run_id',
        'repository',
      );
    const runs = await loadRuns(
      this.#knex,
      traces.map(({ key }) => key),
    );
    return rows.map(row =>
      toSummary(
        row,
        traces.find(
          trace =>
            trace.run_id === row.run_id && trace.repository === row.repository,
        )?.key,
        runs,
      ),
    );
  }
}

function toSummary(
  row: JoinedPromotionRow,
  traceKey: string | undefined,
  runs: RunIndex,
): PromotionSummary {
  const state: PromotionState = JSON.parse(row.state);
  return {
    id: row.id,
    entityRef: row.entity_ref,
    environment: row.environment,
    tier: row.tier,
    release: releaseOf(row),
    class: row.class,
    status: row.status,
    requestedBy: row.requested_by,
    ...(row.reason && { reason: row.reason }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    ...(row.finished_at && { finishedAt: row.finished_at }),
    seam: row.seam,
    ...(row.run_id && {
      run: (traceKey && runs.run(traceKey, 1)) || {
        runId: row.run_id,
        attempt: 1,
      },
    }),
    ...(row.operation_id && { operationId: row.operation_id }),
    approvals: state.voices.map(({ seen: _, ...voice }) => voice),
    requiredApprovals: row.required_approvals,
    ...(state.failure && { failure: state.failure }),
    ...(state.note && { note: state.note }),
  };
}

function releaseOf(row: JoinedPromotionRow): PromotionSummary['release'] {
  return {
    id: row.release_id,
    commit: row.commit_sha,
    ...(row.release_version && { version: row.release_version }),
    ...(row.release_artifact && { artifact: row.release_artifact }),
    ...(row.quarantined_by && {
      quarantine: {
        by: row.quarantined_by,
        reason: row.quarantine_reason ?? '',
        since: row.quarantined_since ?? '',
      },
    }),
  };
}

/** Of each environment, of deployments newest first. */
function newestOfEach(
  deployments: readonly (DeploymentRow & { environment: string })[],
): ReleaseSummary['deployments'] {
  const newest = new Map<string, ReleaseSummary['deployments'][number]>();
  for (const {
    id,
    environment,
    status,
    created_at: createdAt,
  } of deployments) {
    if (!newest.has(environment)) {
      newest.set(environment, { id, environment, status, createdAt });
    }
  }
  return [...newest.values()];
}
