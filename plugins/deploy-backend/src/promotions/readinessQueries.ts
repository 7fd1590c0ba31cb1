import {
  DeploymentStatus,
  EarlierEnvironment,
  Release,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { EnvironmentRow, QuarantineRow, ReleaseRow } from '../store/rows';

const onTheWay: readonly DeploymentStatus[] = [
  'queued',
  'waiting',
  'in_progress',
];
const worksOrWorked: readonly DeploymentStatus[] = ['succeeded', 'superseded'];

interface PassedRow {
  environment_id: string;
  status: DeploymentStatus;
  finished_at?: string | null;
  rolled_back?: string | null;
  source: string;
  job_name?: string | null;
}

interface CurrentRow {
  commit_sha: string;
  outcome: DeploymentStatus;
}

/** A release with its quarantine; undefined if the service has none of this id. */
export async function loadRelease(
  knex: Knex,
  where: { id: string; serviceId?: string },
): Promise<(Release & { serviceId: string; ref?: string }) | undefined> {
  const query = knex<ReleaseRow>('releases').where({ id: where.id });
  if (where.serviceId) {
    query.andWhere({ service_id: where.serviceId });
  }
  const row = await query.first();
  if (!row) {
    return undefined;
  }
  const quarantine = await knex<QuarantineRow>('quarantines')
    .where({ release_id: row.id })
    .whereNull('lifted_at')
    .first();
  const deployment = await knex('deployments')
    .where({ release_id: row.id })
    .whereNotNull('ref')
    .orderBy('created_at', 'desc')
    .first<{ ref?: string | null } | undefined>('ref');
  return {
    id: row.id,
    serviceId: row.service_id,
    commit: row.commit_sha,
    ...(row.version && { version: row.version }),
    ...(row.artifact && { artifact: row.artifact }),
    ...(deployment?.ref && { ref: deployment.ref }),
    ...(quarantine && {
      quarantine: {
        by: quarantine.set_by,
        reason: quarantine.reason,
        since: quarantine.since,
      },
    }),
  };
}

/**
 * Deployments of which a job of a run is known, or an operation of the portal. Any other row came from a
 * deployment that was recorded at GitHub: whoever may write to the repository can record one that never
 * happened, and name a run in it.
 */
export function whereProven(query: Knex.QueryBuilder): void {
  query.where(proven => {
    proven
      .whereNotNull('deployments.job_name')
      .orWhere('deployments.source', 'like', 'operation:%');
  });
}

const isProven = ({ job_name: job, source }: PassedRow) =>
  Boolean(job) || source.startsWith('operation:');

/**
 * How a release stands in environments of a service.
 *
 * @param where.names - the environments, in order from the first stop; one that is not there any more is one
 *   in which nothing worked
 */
export async function loadEarlier(
  knex: Knex,
  where: { serviceId: string; names: readonly string[]; releaseId: string },
): Promise<EarlierEnvironment[]> {
  const before = await knex<EnvironmentRow>('environments')
    .where({ service_id: where.serviceId })
    .whereIn('name', [...where.names])
    .select('id', 'name');
  const rows =
    before.length > 0
      ? await knex('deployments')
          .where({ release_id: where.releaseId })
          .whereIn(
            'environment_id',
            before.map(({ id }) => id),
          )
          .orderBy('created_at', 'asc')
          .select<PassedRow[]>(
            'environment_id',
            'status',
            'finished_at',
            'rolled_back',
            'source',
            'job_name',
          )
      : [];
  return where.names.map(name => {
    const id = before.find(each => each.name === name)?.id;
    return standing(
      name,
      rows.filter(row => row.environment_id === id),
    );
  });
}

/** @param rows - deployments of the release there, oldest first */
function standing(
  name: string,
  rows: readonly PassedRow[],
): EarlierEnvironment {
  const worked = rows.filter(
    row => worksOrWorked.includes(row.status) && row.finished_at,
  );
  const last = rows.at(-1);
  const rolledBack = rows.filter(row => row.status === 'rolled_back').at(-1);
  // What went in again after it was taken out counts from then on.
  const lasting = worked.filter(
    row =>
      !rolledBack || (row.finished_at ?? '') > (rolledBack.finished_at ?? ''),
  );
  const since = lasting.find(isProven)?.finished_at;
  const recorded = lasting.find(row => !isProven(row))?.finished_at;
  return {
    name,
    ...(since && { succeededAt: since }),
    ...(!since && rolledBack && { rolledBackAt: rolledBackAt(rolledBack) }),
    ...(!since && recorded && { recordedAt: recorded }),
    underWay: last !== undefined && onTheWay.includes(last.status),
  };
}

function rolledBackAt(row: PassedRow): string {
  return (
    (row.rolled_back ? JSON.parse(row.rolled_back).at : undefined) ??
    row.finished_at ??
    ''
  );
}

/** What is believed to run in an environment. */
export interface CurrentCommit {
  /** Undefined before the first deployment by a job or an operation. */
  commit?: string;
  /** That deployment was taken down, or is said to have been, with nothing in its place. */
  down: boolean;
  /** Something else was recorded there, of which no job and no operation is known. */
  recorded: boolean;
}

/**
 * The commit that runs in an environment now, by the last deployment of a job or an operation that worked
 * there and was not rolled back. What somebody recorded makes no release smaller and none newer.
 */
export async function loadCurrentCommit(
  knex: Knex,
  environmentId: string,
): Promise<CurrentCommit> {
  const inEnvironment = () =>
    knex('deployments')
      .join('releases', 'releases.id', 'deployments.release_id')
      .where('deployments.environment_id', environmentId)
      .whereIn('deployments.outcome', ['succeeded', 'superseded'])
      .whereNull('deployments.rolled_back')
      .orderBy([
        { column: 'deployments.finished_at', order: 'desc' },
        { column: 'deployments.source', order: 'desc' },
      ])
      .first<CurrentRow | undefined>(
        'releases.commit_sha',
        'deployments.outcome',
      );
  const [proven, any] = await Promise.all([
    inEnvironment().modify(whereProven),
    inEnvironment(),
  ]);
  return {
    ...(proven && { commit: proven.commit_sha }),
    down: proven?.outcome === 'superseded',
    recorded: any !== undefined && any.commit_sha !== proven?.commit_sha,
  };
}
