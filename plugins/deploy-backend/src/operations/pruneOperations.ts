import { Knex } from 'knex';
import { retryDeadlocks } from '../store/retryDeadlocks';
import { OperationRow } from './engine/rows';

/** Operations that are deleted in one transaction. */
const BATCH = 100;

/** Kinds that tell what runs in an environment, also where no deployment does. */
const telling = ['rollback', 'redeploy'];

/** A later one that put something into the same environment. */
const LATER = `
  select 1 from operations later
  where later.environment_id = operations.environment_id
    and later.outcome = 'done'
    and later.kind in ('rollback', 'redeploy')
    and (later.finished_at, later.id) > (operations.finished_at, operations.id)`;

/**
 * Deletes operations that were over before a time, with their steps and logs. Deployments tell by themselves
 * that they came by an operation or were rolled back by one; locks, holds and quarantines stay in force.
 * The last one that put something into an environment stays: it tells what runs there.
 *
 * @returns how many operations were deleted
 */
export async function pruneOperations(
  knex: Knex,
  before: Date,
  batch = BATCH,
): Promise<number> {
  let pruned = 0;
  for (;;) {
    const count = await retryDeadlocks(() =>
      knex.transaction(tx => pruneBatch(tx, before, batch)),
    );
    pruned += count;
    if (count < batch) {
      return pruned;
    }
  }
}

/** Their steps and logs go with them, and what names them forgets them: the foreign keys see to it. */
async function pruneBatch(
  tx: Knex.Transaction,
  before: Date,
  batch: number,
): Promise<number> {
  const old = tx<OperationRow>('operations')
    .whereIn('status', ['succeeded', 'failed', 'cancelled'])
    .andWhere('finished_at', '<', before.toISOString())
    .andWhere(either =>
      either
        .whereNot('outcome', 'done')
        .orWhereNull('outcome')
        .orWhereNotIn('kind', telling)
        .orWhereRaw(`exists (${LATER})`),
    )
    .orderBy('finished_at')
    .limit(batch)
    .select('id');
  return tx('operations').whereIn('id', old).delete();
}
