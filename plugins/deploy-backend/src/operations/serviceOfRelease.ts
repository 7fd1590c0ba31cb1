import { Knex } from 'knex';

/** The service that a release is of; undefined if there is no such release, or it left the catalog. */
export async function serviceOfRelease(
  knex: Knex,
  releaseId: string,
): Promise<{ id: string; entityRef: string } | undefined> {
  const row = await knex('releases')
    .join('services', 'services.id', 'releases.service_id')
    .where('releases.id', releaseId)
    .whereNull('services.removed_at')
    .first<{ id: string; entity_ref: string } | undefined>(
      'services.id',
      'services.entity_ref',
    );
  return row && { id: row.id, entityRef: row.entity_ref };
}
