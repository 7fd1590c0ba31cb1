import { RevisionQuarantine } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { QuarantinedRevisionRow } from '../store/rows';
import { isSetBy } from './isSetBy';
import { matchQuarantine, RevisionIdentity } from './quarantinedIdentity';

type JoinedRow = QuarantinedRevisionRow & {
  entity_ref: string;
  environment: string;
};

/**
 * Revisions that may not be put back into an environment, for their release may not be known. A quarantine
 * that was lifted is kept.
 */
export class QuarantinedRevisionStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Quarantines a revision; a quarantine that is there already stays as it is, and is given back.
   *
   * @returns with `created`: by this call, or by an earlier attempt of the same operation
   */
  async set(
    environmentId: string,
    identity: RevisionIdentity,
    quarantine: { by: string; reason: string; operationId?: string },
    now: Date,
  ): Promise<{ quarantine: RevisionQuarantine; created: boolean }> {
    const id = uuid();
    await this.#knex<QuarantinedRevisionRow>('quarantined_revisions')
      .insert({
        id,
        environment_id: environmentId,
        revision: identity.revision,
        artifact: identity.artifact ?? null,
        set_by: quarantine.by,
        reason: quarantine.reason,
        since: now.toISOString(),
        operation_id: quarantine.operationId ?? null,
      })
      .onConflict(
        this.#knex.raw('(environment_id, revision) where lifted_at is null'),
      )
      .ignore();
    const [row] = await this.#inForce(environmentId).andWhere(
      'quarantined_revisions.revision',
      identity.revision,
    );
    return row
      ? {
          quarantine: toQuarantine(row),
          created: isSetBy(row, { id, ...quarantine }),
        }
      : this.set(environmentId, identity, quarantine, now);
  }

  /** Tells whether there was a quarantine to lift. */
  async lift(
    environmentId: string,
    revision: string,
    by: string,
    now: Date,
  ): Promise<boolean> {
    const lifted = await this.#knex<QuarantinedRevisionRow>(
      'quarantined_revisions',
    )
      .where({ environment_id: environmentId, revision })
      .whereNull('lifted_at')
      .update({ lifted_at: now.toISOString(), lifted_by: by });
    return lifted > 0;
  }

  /** The quarantine that each of some revisions falls under, by its id. */
  async of(
    environmentId: string,
    identities: readonly RevisionIdentity[],
  ): Promise<Map<string, RevisionQuarantine>> {
    const rows = await this.#inForce(environmentId).andWhere(query =>
      query
        .whereIn(
          'quarantined_revisions.revision',
          identities.map(({ revision }) => revision),
        )
        .orWhereIn(
          'quarantined_revisions.artifact',
          identities.flatMap(({ artifact }) => artifact ?? []),
        ),
    );
    const quarantines = rows.map(toQuarantine);
    return new Map(
      identities.flatMap(identity => {
        const match = matchQuarantine(identity, quarantines);
        return match ? [[identity.revision, match]] : [];
      }),
    );
  }

  #inForce(environmentId: string): Knex.QueryBuilder<{}, JoinedRow[]> {
    return this.#knex('quarantined_revisions')
      .join(
        'environments',
        'environments.id',
        'quarantined_revisions.environment_id',
      )
      .join('services', 'services.id', 'environments.service_id')
      .where('quarantined_revisions.environment_id', environmentId)
      .whereNull('quarantined_revisions.lifted_at')
      .orderBy('quarantined_revisions.since', 'desc')
      .select<JoinedRow[]>(
        'quarantined_revisions.*',
        'environments.name as environment',
        'services.entity_ref',
      );
  }
}

function toQuarantine(row: JoinedRow): RevisionQuarantine {
  return {
    entityRef: row.entity_ref,
    environment: row.environment,
    revision: row.revision,
    ...(row.artifact && { artifact: row.artifact }),
    by: row.set_by,
    reason: row.reason,
    since: row.since,
  };
}
