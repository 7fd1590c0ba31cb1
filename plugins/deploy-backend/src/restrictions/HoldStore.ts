import { Hold } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { HoldRow } from '../store/rows';
import { isSetBy } from './isSetBy';

/** Holds of environments. One that was lifted is kept. */
export class HoldStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Sets a hold; one that is there already stays as it is, and is given back.
   *
   * @returns with `created`: by this call, or by an earlier attempt of the same operation
   */
  async set(
    environmentId: string,
    hold: { by: string; reason: string; operationId?: string },
    now: Date,
  ): Promise<{ hold: Hold; created: boolean }> {
    const id = uuid();
    await this.#knex<HoldRow>('holds')
      .insert({
        id,
        environment_id: environmentId,
        set_by: hold.by,
        reason: hold.reason,
        since: now.toISOString(),
        operation_id: hold.operationId ?? null,
      })
      .onConflict(this.#knex.raw('(environment_id) where ended_at is null'))
      .ignore();
    const row = await this.#inForce([environmentId]).first();
    return row
      ? { hold: toHold(row), created: isSetBy(row, { id, ...hold }) }
      : this.set(environmentId, hold, now);
  }

  /** Tells whether there was a hold to lift. */
  async lift(environmentId: string, by: string, now: Date): Promise<boolean> {
    const lifted = await this.#inForce([environmentId]).update({
      ended_at: now.toISOString(),
      ended_by: by,
    });
    return lifted > 0;
  }

  /**
   * Ends the hold that a promotion was asked for or approved in spite of: one that was set before, and not to keep its
   * own release out. Gives the hold that was ended.
   */
  async endBy(
    promotion: {
      environmentId: string;
      releaseId: string;
      /** When that was, ISO 8601. */
      at: string;
      by: string;
    },
    now: Date,
  ): Promise<Hold | undefined> {
    const { environmentId, releaseId, at, by } = promotion;
    const [row] = await this.#inForce([environmentId])
      .where('since', '<=', at)
      .whereNotExists(
        this.#knex('operations')
          .whereRaw('operations.id = holds.operation_id')
          .where('operations.from_release_id', releaseId),
      )
      .update({ ended_at: now.toISOString(), ended_by: by })
      .returning('*');
    return row && toHold(row);
  }

  async current(environmentId: string): Promise<Hold | undefined> {
    const row = await this.#inForce([environmentId]).first();
    return row && toHold(row);
  }

  /** By id of the environment. */
  async currentOf(
    environmentIds: readonly string[],
  ): Promise<Map<string, Hold>> {
    const rows = await this.#inForce(environmentIds);
    return new Map(rows.map(row => [row.environment_id, toHold(row)]));
  }

  #inForce(environmentIds: readonly string[]) {
    return this.#knex<HoldRow>('holds')
      .whereIn('environment_id', [...environmentIds])
      .whereNull('ended_at');
  }
}

function toHold(row: HoldRow): Hold {
  return {
    by: row.set_by,
    reason: row.reason,
    since: row.since,
    ...(row.operation_id && { operationId: row.operation_id }),
  };
}
