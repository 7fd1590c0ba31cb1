import { Knex } from 'knex';
import { EvidenceRow } from '../../store/rows';
import { detailTables } from './detailRows';

/** Reports of pull requests are of no kind. */
const NEWER_OF_THE_SAME_KIND = `
  select 1 from evidence newer
  where newer.service_id = evidence.service_id
    and newer.type = evidence.type
    and newer.suite = evidence.suite
    and newer.mode = evidence.mode
    and coalesce(newer.environment, '') = coalesce(evidence.environment, '')
    and newer.pull_request is null
    and (newer.measured_at, newer.id) > (evidence.measured_at, evidence.id)`;

/**
 * Forgets the details of reports that came in before a time, a bounded number in each transaction. The
 * newest report of each kind keeps them, and all keep their summaries.
 *
 * @returns how many reports lost their details
 */
export async function pruneDetails(
  knex: Knex,
  before: Date,
  batch = 100,
): Promise<number> {
  let pruned = 0;
  for (;;) {
    const count = await knex.transaction(tx => pruneBatch(tx, before, batch));
    pruned += count;
    if (count < batch) {
      return pruned;
    }
  }
}

async function pruneBatch(
  tx: Knex.Transaction,
  before: Date,
  batch: number,
): Promise<number> {
  const rows = await tx<EvidenceRow>('evidence')
    .where('pruned', false)
    .andWhere('received_at', '<', before.toISOString())
    .andWhere(either =>
      either
        .whereNotNull('pull_request')
        .orWhereRaw(`exists (${NEWER_OF_THE_SAME_KIND})`),
    )
    .orderBy('received_at')
    .limit(batch)
    .select('id');
  const ids = rows.map(row => row.id);
  for (const table of detailTables) {
    await tx(table).whereIn('evidence_id', ids).delete();
  }
  await tx<EvidenceRow>('evidence').whereIn('id', ids).update('pruned', true);
  return ids.length;
}
