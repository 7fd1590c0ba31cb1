import { Knex } from 'knex';

interface PollMarkRow {
  repository: string;
  polled_until: string;
}

/** Remembers how far each repository has been polled, whole passes only. */
export class PollMarks {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Undefined if no pass has come to its end yet. */
  async get(repository: string): Promise<Date | undefined> {
    const row = await this.#knex<PollMarkRow>('poll_marks')
      .where({ repository })
      .first();
    return row && new Date(row.polled_until);
  }

  async set(repository: string, polledUntil: Date): Promise<void> {
    await this.#knex<PollMarkRow>('poll_marks')
      .insert({ repository, polled_until: polledUntil.toISOString() })
      .onConflict('repository')
      .merge();
  }
}
