import { ConflictError } from '@backstage/errors';
import { Freeze } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { Visibility } from '../permissions/Authorizer';
import { CheckedFreeze } from './checkFreeze';
import { whereConcernsVisible } from './visibleFreezes';

/** Each is looked at whenever a promotion is. */
const MAX_FREEZES = 200;

/** A row of `freezes`. */
export interface FreezeRow {
  id: string;
  title: string;
  reason: string;
  scope: string;
  window: string;
  allows: string;
  set_by: string;
  created_at: string;
  ends_at?: string | null;
  ended_at?: string | null;
  ended_by?: string | null;
}

const scopeKinds = ['tiers', 'environments', 'systems', 'services'] as const;

/** Freezes that people set. Those that ended are kept. */
export class FreezeStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Throws a ConflictError if there are too many already. */
  async set(freeze: CheckedFreeze, by: string, now: Date): Promise<Freeze> {
    const row: FreezeRow = {
      id: uuid(),
      title: freeze.title,
      reason: freeze.reason,
      scope: JSON.stringify(freeze.scope),
      window: JSON.stringify(freeze.window),
      allows: JSON.stringify(freeze.allows),
      set_by: by,
      created_at: now.toISOString(),
      ends_at: freeze.endsAt ?? null,
    };
    await this.#knex.transaction(async tx => {
      const [{ count }] = await tx('freezes')
        .modify(whereNotOver, now)
        .count<{ count: number | string }[]>({ count: '*' });
      if (Number(count) >= MAX_FREEZES) {
        throw new ConflictError(
          `There are ${MAX_FREEZES} freezes already. End those that are not needed any more.`,
        );
      }
      await tx<FreezeRow>('freezes').insert(row);
      const names = scopeKinds.flatMap(kind =>
        (freeze.scope[kind] ?? []).map(name => ({
          freeze_id: row.id,
          kind,
          name,
        })),
      );
      if (names.length > 0) {
        await tx('freeze_scopes').insert(names);
      }
    });
    return toFreeze(row);
  }

  /** Tells whether there was a freeze to end. */
  async end(id: string, by: string, now: Date): Promise<boolean> {
    const ended = await this.#knex<FreezeRow>('freezes')
      .where({ id })
      .modify(whereNotOver, now)
      .update({ ended_at: now.toISOString(), ended_by: by });
    return ended > 0;
  }

  /** Those that are in force or may come to be, oldest first. */
  async candidates(now: Date): Promise<Freeze[]> {
    const rows = await this.#knex<FreezeRow>('freezes')
      .modify(whereNotOver, now)
      .orderBy(['created_at', 'id'])
      .select<FreezeRow[]>('*');
    return rows.map(toFreeze);
  }

  /** Those in force or to come that the caller may see, newest first. */
  async list(
    options: { limit: number; after?: { createdAt: string; id: string } },
    visibility: Visibility,
    now: Date,
  ): Promise<Freeze[]> {
    const query = this.#knex<FreezeRow>('freezes')
      .modify(whereNotOver, now)
      .orderBy([
        { column: 'freezes.created_at', order: 'desc' },
        { column: 'freezes.id', order: 'desc' },
      ])
      .limit(options.limit)
      .select<FreezeRow[]>('freezes.*');
    whereConcernsVisible(query, this.#knex, visibility);
    if (options.after) {
      query.andWhereRaw('(freezes.created_at, freezes.id) < (?, ?)', [
        options.after.createdAt,
        options.after.id,
      ]);
    }
    return (await query).map(toFreeze);
  }
}

function whereNotOver(query: Knex.QueryBuilder, now: Date): void {
  query.whereNull('freezes.ended_at').andWhere(open => {
    open
      .whereNull('freezes.ends_at')
      .orWhere('freezes.ends_at', '>', now.toISOString());
  });
}

function toFreeze(row: FreezeRow): Freeze {
  return {
    id: row.id,
    title: row.title,
    reason: row.reason,
    scope: JSON.parse(row.scope),
    window: JSON.parse(row.window),
    allows: JSON.parse(row.allows),
    by: row.set_by,
    createdAt: row.created_at,
  };
}
