import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { NewOperation } from '../engine/types';

/**
 * The operation that an earlier request with the same key started. Throws a ConflictError if that request
 * was another one.
 */
export async function findRepeated(
  knex: Knex,
  idempotency: NonNullable<NewOperation['idempotency']>,
): Promise<string | undefined> {
  const row = await knex('operations')
    .where({ idempotency: idempotency.key })
    .first<{ id: string; request_digest?: string | null } | undefined>(
      'id',
      'request_digest',
    );
  if (row && row.request_digest !== idempotency.request) {
    throw new ConflictError(
      `Idempotency-Key: started operation ${row.id} by another request. Choose a new key for each request.`,
    );
  }
  return row?.id;
}
