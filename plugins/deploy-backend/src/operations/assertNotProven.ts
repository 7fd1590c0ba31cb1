import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { CONFIRM } from '../verification/confirmStep';

/**
 * Throws a ConflictError once an operation has proven its end: what is left only keeps it so.
 *
 * @param tx - that cancels the operation: its proof could come in between otherwise
 */
export async function assertNotProven(
  tx: Knex.Transaction,
  operationId: string,
): Promise<void> {
  const proven = await tx('operation_steps')
    .where({ operation_id: operationId, name: CONFIRM, status: 'succeeded' })
    .first('name');
  if (proven) {
    throw new ConflictError(
      'It is too late to cancel: the operation is done and proven. Start another one to get back.',
    );
  }
}
