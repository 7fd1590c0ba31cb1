import { RevisionReference } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';

/** How many are looked through. */
const MAX_OPERATIONS = 200;

/** An operation that put something into an environment. */
export interface PastOperation {
  id: string;
  from?: RevisionReference;
  to?: RevisionReference;
  startedAt?: string;
  finishedAt: string;
}

/** Those of an environment, newest first. */
export async function pastOperations(
  knex: Knex,
  environmentId: string,
): Promise<PastOperation[]> {
  const rows = await knex('operations')
    .where({ environment_id: environmentId, outcome: 'done' })
    .whereIn('kind', ['rollback', 'redeploy'])
    .whereNotNull('finished_at')
    .orderBy('finished_at', 'desc')
    .limit(MAX_OPERATIONS)
    .select<
      {
        id: string;
        from?: string | null;
        to?: string | null;
        started_at?: string | null;
        finished_at: string;
      }[]
    >('id', 'from', 'to', 'started_at', 'finished_at');
  return rows.map(row => ({
    id: row.id,
    ...(row.from && { from: JSON.parse(row.from) }),
    ...(row.to && { to: JSON.parse(row.to) }),
    ...(row.started_at && { startedAt: row.started_at }),
    finishedAt: row.finished_at,
  }));
}
