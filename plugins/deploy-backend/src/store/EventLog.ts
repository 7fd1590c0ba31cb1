import { createHash } from 'node:crypto';
import { Knex } from 'knex';
import { canonicalJson } from '../fold/trace';
import { EventRow, EventState } from './rows';

/** How long a process may take over an event before another one tries. */
const CLAIM_MS = 60_000;

/**
 * The append-only log of what came in. An event is stored before anything is made of it,
 * because the events service drops what a handler fails on.
 */
export class EventLog {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Stores an event, claimed for the caller. Undefined if the same event is there already:
   * the delivery's own id does not survive the event bus, so the payload decides.
   */
  async append(event: {
    topic: string;
    payload: unknown;
    receivedAt: Date;
  }): Promise<EventRow | undefined> {
    const payload = canonicalJson(event.payload);
    const row = {
      digest: createHash('sha256')
        .update(`${event.topic}\n${payload}`)
        .digest('hex'),
      topic: event.topic,
      payload,
      received_at: event.receivedAt.toISOString(),
      state: 'pending' as const,
      due_at: after(event.receivedAt, CLAIM_MS),
      attempts: 1,
    };
    const inserted = await this.#knex<EventRow>('events')
      .insert(row)
      .onConflict('digest')
      .ignore()
      .returning('id');
    return inserted.length > 0 ? { ...row, id: inserted[0].id } : undefined;
  }

  /** Takes events that are due, oldest first, so that no other process takes them too. */
  async claim(options: { limit: number; now: Date }): Promise<EventRow[]> {
    return this.#knex.transaction(async tx => {
      const due = tx<EventRow>('events')
        .where('state', 'pending')
        .andWhere('due_at', '<=', options.now.toISOString())
        .orderBy('id')
        .limit(options.limit);
      // SQLite has a single writer and no row locks.
      const rows = await (isPostgres(tx) ? due.forUpdate().skipLocked() : due);
      if (rows.length > 0) {
        await tx<EventRow>('events')
          .whereIn(
            'id',
            rows.map(row => row.id),
          )
          .update({ due_at: after(options.now, CLAIM_MS) })
          .increment('attempts', 1);
      }
      return rows.map(row => ({ ...row, attempts: row.attempts + 1 }));
    });
  }

  /** Says what became of an event. */
  async settle(
    id: EventRow['id'],
    state: Exclude<EventState, 'pending'>,
    repository?: string,
  ): Promise<void> {
    await this.#knex<EventRow>('events')
      .where('id', id)
      .update({ state, ...(repository && { repository }) });
  }

  /** Puts an event back until `dueAt`. */
  async postpone(id: EventRow['id'], dueAt: Date): Promise<void> {
    await this.#knex<EventRow>('events')
      .where('id', id)
      .update({ due_at: dueAt.toISOString() });
  }

  /** Takes up the events of a repository that nobody wanted when they came. */
  async requeueUnmatched(repository: string, now: Date): Promise<number> {
    return this.#knex<EventRow>('events')
      .where({ repository, state: 'unmatched' })
      .update({ state: 'pending', due_at: now.toISOString() });
  }

  /** Forgets events received before a time, a bounded number in each statement. */
  async pruneAll(before: Date, batch = 1_000): Promise<number> {
    let pruned = 0;
    for (;;) {
      const deleted = await this.#prune(before, batch);
      pruned += deleted;
      if (deleted < batch) {
        return pruned;
      }
    }
  }

  async #prune(before: Date, limit: number): Promise<number> {
    return this.#knex<EventRow>('events')
      .whereIn(
        'id',
        this.#knex<EventRow>('events')
          .select('id')
          .where('received_at', '<', before.toISOString())
          .orderBy('received_at')
          .limit(limit),
      )
      .delete();
  }
}

function isPostgres(knex: Knex): boolean {
  return knex.client.config.client === 'pg';
}

function after(time: Date, milliseconds: number): string {
  return new Date(time.getTime() + milliseconds).toISOString();
}
