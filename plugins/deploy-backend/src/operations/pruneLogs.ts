import { Knex } from 'knex';

/** Operations whose logs are deleted in one statement. */
const BATCH = 100;

/**
 * Deletes the logs of operations that were over before a time. The operations themselves stay: the history
 * of deployments names them.
 *
 * @returns how many operations lost their logs
 */
export async function pruneLogs(knex: Knex, before: Date): Promise<number> {
  let pruned = 0;
  for (;;) {
    const rows = await knex('operation_logs')
      .join('operations', 'operations.id', 'operation_logs.operation_id')
      .where('operations.finished_at', '<', before.toISOString())
      .distinct<{ id: string }[]>('operations.id as id')
      .limit(BATCH);
    if (rows.length === 0) {
      return pruned;
    }
    await knex('operation_logs')
      .whereIn(
        'operation_id',
        rows.map(({ id }) => id),
      )
      .delete();
    pruned += rows.length;
  }
}
