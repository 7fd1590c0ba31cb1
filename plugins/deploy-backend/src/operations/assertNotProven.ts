import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { isProven } from './engine/proven';
import { StepRow } from './engine/rows';

/**
 * Throws a ConflictError once an operation has proven its end: what is left only keeps it so.
 *
 * @param tx - that cancels the operation: its proof could come in between otherwise
 */
export async function assertNotProven(
  tx: Knex.Transaction,
  operationId: string,
): Promise<void> {
  const steps = await tx<StepRow>('operation_steps')
    .where('operation_id', operationId)
    .select('runner', 'status');
  if (isProven(steps)) {
    throw new ConflictError(
      'It is too late to cancel: the operation is done and proven. Start another one to get back.',
    );
  }
}
