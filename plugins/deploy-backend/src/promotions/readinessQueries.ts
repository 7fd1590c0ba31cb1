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

/** How a release stands in the environments before one, in order from the first stop. */
export async function loadEarlier(
  knex: Knex,
  where: { serviceId: string; environmentId: string; releaseId: string },
): Promise<EarlierEnvironment[]> {
  const environments = await knex<EnvironmentRow>('environments')
    .where({ service_id: where.serviceId })
    .orderBy(['position', 'name']);
  const here = environments.findIndex(({ id }) => id === where.environmentId);
  // Preview environments end with their branch: no release has to pass through one.
  const before = environments
    .slice(0, Math.max(0, here))
    .filter(({ tier }) => tier !== 'preview');
  if (before.length === 0) {
    return [];
  }
  const rows = await knex('deployments')
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
    );
  return before.map(({ id, name }) => {
    const own = rows.filter(row => row.environment_id === id);
    const worked = own.filter(
      row => worksOrWorked.includes(row.status) && row.finished_at,
    );
    const last = own.at(-1);
    const rolledBack = own.filter(row => row.status === 'rolled_back').at(-1);
    // What went in again after it was taken out counts from then on.
    const since = worked.find(
      row =>
        !rolledBack || (row.finished_at ?? '') > (rolledBack.finished_at ?? ''),
    )?.finished_at;
    return {
      name,
      ...(since && { succeededAt: since }),
      ...(!since &&
        rolledBack && {
          rolledBackAt: rolledBackAt(rolledBack),
        }),
      underWay: last !== undefined && onTheWay.includes(last.status),
    };
  });
}

function rolledBackAt(row: PassedRow): string {
  return (
    (row.rolled_back ? JSON.parse(row.rolled_back).at : undefined) ??
    row.finished_at ??
    ''
  );
}

/** The commit that runs in an environment now; undefined before the first deployment. */
export async function loadCurrentCommit(
  knex: Knex,
  environmentId: string,
): Promise<string | undefined> {
  const row = await knex('environments')
    .join('deployments', 'deployments.id', 'environments.current_deployment_id')
    .join('releases', 'releases.id', 'deployments.release_id')
    .where('environments.id', environmentId)
    .first<{ commit_sha: string } | undefined>('releases.commit_sha');
  return row?.commit_sha;
}
