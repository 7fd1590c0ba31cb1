import { ConflictError } from '@backstage/errors';
import { Evidence, Provenance } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { retryDeadlocks } from '../../store/retryDeadlocks';
import { EvidenceRow } from '../../store/rows';
import { Report } from '../formats/types';
import {
  DetailRows,
  detailRows,
  detailTables,
  storableText,
} from './detailRows';
import { evidenceIdentity } from './evidenceIdentity';
import { measuringTime } from './measuringTime';
import { summarise } from './summarise';
import { toEvidence } from './toEvidence';

/** Rows of one INSERT; SQLite allows 500. */
const CHUNK = 100;

/** Width of the columns that hold names. */
const MAX_NAME = 255;

/** A report that is to be kept, with what it is about. */
export interface NewEvidence {
  serviceId: string;
  /** Full SHA. */
  commit: string;
  environment?: string;
  suite?: string;
  mode?: string;
  /** Branch or tag. */
  ref?: string;
  pullRequest?: number;
  provenance: Provenance;
  report: Report;
  /** Of the report's content. */
  digest: string;
  /** Default: now. */
  receivedAt?: Date;
}

/** What is known about a commit has changed: a report came in, or was deleted. */
export interface EvidenceChange {
  serviceId: string;
  /** `owner/name`. */
  repository: string;
  commit: string;
  pullRequest?: number;
  evidenceId: string;
}

/** Keeps reports. */
export class EvidenceStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Keeps a report with all its details, or nothing of it. The same report again is the same row; if it
   * does not say when it was measured, it was measured again.
   *
   * @returns its id, and whether it is new or newly measured
   */
  async record(
    evidence: NewEvidence,
  ): Promise<{ id: string; created: boolean; changed: boolean }> {
    const row = toRow(evidence);
    const details = detailRows(row.id, evidence.report);
    return retryDeadlocks(() =>
      this.#knex.transaction(async tx => {
        // One that comes at the same time waits here until the other is stored, or given up.
        const inserted = await tx<EvidenceRow>('evidence')
          .insert(row)
          .onConflict('identity')
          .ignore()
          .returning('id');
        if (inserted.length === 0) {
          return recordAgain(tx, row, evidence.report);
        }
        await insertDetails(tx, details);
        return { id: row.id, created: true, changed: true };
      }),
    );
  }

  /** Undefined if there is none. Asks nobody for permission. */
  async get(id: string): Promise<Evidence | undefined> {
    const row = await this.#knex('evidence')
      .join('services', 'services.id', 'evidence.service_id')
      .where('evidence.id', id)
      .first('evidence.*', 'services.entity_ref');
    return row && toEvidence(row);
  }

  /** Forgets a report with all its details. Undefined if there was none. */
  async delete(
    id: string,
  ): Promise<(EvidenceChange & { entityRef: string }) | undefined> {
    return this.#knex.transaction(async tx => {
      const row = await tx('evidence')
        .join('services', 'services.id', 'evidence.service_id')
        .where('evidence.id', id)
        .first('evidence.*', 'services.entity_ref', 'services.repository');
      const deleted = await tx<EvidenceRow>('evidence').where({ id }).delete();
      return deleted > 0
        ? {
            serviceId: row.service_id,
            entityRef: row.entity_ref,
            repository: row.repository,
            commit: row.commit_sha,
            ...(row.pull_request && { pullRequest: row.pull_request }),
            evidenceId: id,
          }
        : undefined;
    });
  }
}

async function recordAgain(
  tx: Knex.Transaction,
  row: EvidenceRow,
  report: Report,
): Promise<{ id: string; created: boolean; changed: boolean }> {
  const { identity } = row;
  const known = await tx<EvidenceRow>('evidence')
    .where({ identity })
    .first('id', 'pruned');
  if (!known) {
    throw new ConflictError(
      'The same report was deleted while this one came in; send it again',
    );
  }
  // A scanner that finds the same today as yesterday may well write the same file.
  const changed =
    report.measuredAt === undefined &&
    (await tx<EvidenceRow>('evidence')
      .where({ identity })
      .andWhere('measured_at', '<', row.measured_at)
      .update({
        measured_at: row.measured_at,
        received_at: row.received_at,
        ref: row.ref,
        provenance: row.provenance,
        pruned: false,
      })) > 0;
  if (changed && known.pruned) {
    await insertDetails(tx, detailRows(known.id, report));
  }
  return { id: known.id, created: false, changed };
}

async function insertDetails(
  tx: Knex.Transaction,
  details: DetailRows,
): Promise<void> {
  for (const table of detailTables) {
    const rows: object[] = details[table];
    for (let start = 0; start < rows.length; start += CHUNK) {
      await tx(table).insert(rows.slice(start, start + CHUNK));
    }
  }
}

function toRow(evidence: NewEvidence): EvidenceRow {
  const { report } = evidence;
  const receivedAt = evidence.receivedAt ?? new Date();
  return {
    id: uuid(),
    service_id: evidence.serviceId,
    commit_sha: evidence.commit,
    type: report.type,
    format: report.format,
    environment: evidence.environment ?? null,
    suite: evidence.suite ?? '',
    mode: evidence.mode ?? '',
    ref: evidence.ref ? storableName(evidence.ref) : null,
    pull_request: evidence.pullRequest ?? null,
    tool: report.tool ? storableName(report.tool) : null,
    measured_at: measuringTime(report.measuredAt, receivedAt),
    received_at: receivedAt.toISOString(),
    identity: evidenceIdentity({
      ...evidence,
      type: report.type,
      format: report.format,
    }),
    summary: JSON.stringify(summarise(report)),
    provenance: JSON.stringify(evidence.provenance),
  };
}

function storableName(value: string): string {
  return storableText(value).slice(0, MAX_NAME);
}
