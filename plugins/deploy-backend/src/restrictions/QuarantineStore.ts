import { Quarantine } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { QuarantineRow } from '../store/rows';
import { isSetBy } from './isSetBy';

type JoinedQuarantineRow = QuarantineRow & {
  entity_ref: string;
  commit_sha: string;
};

/** Releases that may not be deployed. A quarantine that was lifted is kept. */
export class QuarantineStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Quarantines a release; a quarantine that is there already stays as it is, and is given back.
   *
   * @returns with `created`: by this call, or by an earlier attempt of the same operation
   */
  async set(
    releaseId: string,
    quarantine: { by: string; reason: string; operationId?: string },
    now: Date,
  ): Promise<{ quarantine: Quarantine; created: boolean }> {
    const id = uuid();
    await this.#knex<QuarantineRow>('quarantines')
      .insert({
        id,
        release_id: releaseId,
        set_by: quarantine.by,
        reason: quarantine.reason,
        since: now.toISOString(),
        operation_id: quarantine.operationId ?? null,
      })
      .onConflict(this.#knex.raw('(release_id) where lifted_at is null'))
      .ignore();
    const [row] = await this.#inForce().andWhere(
      'quarantines.release_id',
      releaseId,
    );
    return row
      ? {
          quarantine: toQuarantine(row),
          created: isSetBy(row, { id, ...quarantine }),
        }
      : this.set(releaseId, quarantine, now);
  }

  /** Tells whether there was a quarantine to lift. */
  async lift(releaseId: string, by: string, now: Date): Promise<boolean> {
    const lifted = await this.#knex<QuarantineRow>('quarantines')
      .where({ release_id: releaseId })
      .whereNull('lifted_at')
      .update({ lifted_at: now.toISOString(), lifted_by: by });
    return lifted > 0;
  }

  async ofRelease(releaseId: string): Promise<Quarantine | undefined> {
    return (await this.ofReleases([releaseId])).get(releaseId);
  }

  /** By id of the release. */
  async ofReleases(
    releaseIds: readonly string[],
  ): Promise<Map<string, Quarantine>> {
    const rows = await this.#inForce().whereIn('quarantines.release_id', [
      ...new Set(releaseIds),
    ]);
    return new Map(rows.map(row => [row.release_id, toQuarantine(row)]));
  }

  /** All of a service, by commit. */
  async ofService(serviceId: string): Promise<Map<string, Quarantine>> {
    const rows = await this.#inForce().andWhere(
      'releases.service_id',
      serviceId,
    );
    return new Map(rows.map(row => [row.commit_sha, toQuarantine(row)]));
  }

  #inForce(): Knex.QueryBuilder<{}, JoinedQuarantineRow[]> {
    return this.#knex('quarantines')
      .join('releases', 'releases.id', 'quarantines.release_id')
      .join('services', 'services.id', 'releases.service_id')
      .whereNull('quarantines.lifted_at')
      .select<JoinedQuarantineRow[]>(
        'quarantines.*',
        'releases.commit_sha',
        'services.entity_ref',
      );
  }
}

function toQuarantine(row: JoinedQuarantineRow): Quarantine {
  return {
    releaseId: row.release_id,
    entityRef: row.entity_ref,
    commit: row.commit_sha,
    by: row.set_by,
    reason: row.reason,
    since: row.since,
  };
}
