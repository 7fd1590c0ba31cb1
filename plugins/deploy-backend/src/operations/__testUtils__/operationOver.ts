import { Knex } from 'knex';
import { waitFor } from '../../__testUtils__/waitFor';

/** Waits until operations are over. */
export async function operationOver(
  knex: Knex,
  ...ids: string[]
): Promise<void> {
  await waitFor(async () => {
    const open = await knex('operations')
      .whereIn('id', ids)
      .whereIn('status', ['queued', 'running'])
      .first('id');
    return !open;
  });
}
