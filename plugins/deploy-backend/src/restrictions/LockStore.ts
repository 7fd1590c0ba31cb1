import { ConflictError } from '@backstage/errors';
import { Lock, Page } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { Visibility } from '../permissions/Authorizer';
import { decodeCursor, encodeCursor } from '../reading/cursor';
import { whereVisible } from '../reading/visibilityQuery';
import { LockRow } from '../store/rows';

type JoinedLockRow = LockRow & { entity_ref: string; environment: string };

/** Locks of environments. One that was released or ran out is kept. */
export class LockStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Throws a ConflictError if the environment is locked already. */
  async lock(
    environmentId: string,
    lock: { owner: string; reason: string; expiresAt?: string },
    now: Date,
  ): Promise<Lock> {
    const id = uuid();
    await this.#knex.transaction(async tx => {
      // The unique index knows no clock: those that ran out make room first.
      await tx<LockRow>('locks')
        .where({ environment_id: environmentId })
        .whereNull('released_at')
        .andWhere('expires_at', '<=', now.toISOString())
        .update({
          released_at: now.toISOString(),
          released_by: 'expiry',
        });
      await tx<LockRow>('locks')
        .insert({
          id,
          environment_id: environmentId,
          owner: lock.owner,
          reason: lock.reason,
          since: now.toISOString(),
          expires_at: lock.expiresAt ?? null,
        })
        .onConflict(
          this.#knex.raw('(environment_id) where released_at is null'),
        )
        .ignore();
    });
    const current = await this.current(environmentId, now);
    if (!current || current.id !== id) {
      throw new ConflictError(
        current
          ? `${current.owner} locked this environment already: ${current.reason}. Release that lock first.`
          : 'Somebody else locked and released this environment just now. Try again.',
      );
    }
    return current;
  }

  /** Tells whether there was a lock to release. */
  async release(
    environmentId: string,
    by: string,
    now: Date,
  ): Promise<boolean> {
    const released = await this.#knex<LockRow>('locks')
      .where({ environment_id: environmentId })
      .whereNull('released_at')
      .update({ released_at: now.toISOString(), released_by: by });
    return released > 0;
  }

  async current(environmentId: string, now: Date): Promise<Lock | undefined> {
    const [row] = await this.#inForce(now)
      .andWhere('locks.environment_id', environmentId)
      .limit(1);
    return row && toLock(row);
  }

  /** By id of the environment. */
  async currentOf(
    environmentIds: readonly string[],
    now: Date,
  ): Promise<Map<string, Lock>> {
    const rows = await this.#inForce(now).whereIn('locks.environment_id', [
      ...environmentIds,
    ]);
    return new Map(rows.map(row => [row.environment_id, toLock(row)]));
  }

  /** Those in force that the caller may see, newest first. */
  async list(
    options: { limit: number; cursor?: string },
    visibility: Visibility,
    now: Date,
  ): Promise<Page<Lock>> {
    const query = this.#inForce(now)
      .orderBy([
        { column: 'locks.since', order: 'desc' },
        { column: 'locks.id', order: 'desc' },
      ])
      .limit(options.limit + 1);
    query.whereNull('services.removed_at');
    whereVisible(query, visibility);
    if (options.cursor) {
      query.andWhereRaw(
        '(locks.since, locks.id) < (?, ?)',
        decodeCursor(options.cursor, 2),
      );
    }
    const rows = await query;
    const page = rows.slice(0, options.limit);
    const last = page.at(-1);
    return {
      items: page.map(toLock),
      ...(rows.length > options.limit &&
        last && { nextCursor: encodeCursor([last.since, last.id]) }),
    };
  }

  #inForce(now: Date): Knex.QueryBuilder<{}, JoinedLockRow[]> {
    return this.#knex('locks')
      .join('environments', 'environments.id', 'locks.environment_id')
      .join('services', 'services.id', 'environments.service_id')
      .whereNull('locks.released_at')
      .andWhere(query => {
        query
          .whereNull('locks.expires_at')
          .orWhere('locks.expires_at', '>', now.toISOString());
      })
      .select<JoinedLockRow[]>(
        'locks.*',
        'services.entity_ref',
        'environments.name as environment',
      );
  }
}

function toLock(row: JoinedLockRow): Lock {
  return {
    id: row.id,
    entityRef: row.entity_ref,
    environment: row.environment,
    owner: row.owner,
    reason: row.reason,
    since: row.since,
    ...(row.expires_at && { expiresAt: row.expires_at }),
  };
}
