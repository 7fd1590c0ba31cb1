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
      `This was asked for a moment ago in other words, which started operation ${row.id}. Look at that one first. (Idempotency-Key: each request takes a new one.)`,
    );
  }
  return row?.id;
}
