import { Knex } from 'knex';
import { CommitRangeRow } from './CommitRangeRow';
import { CommitList } from './types';

/** The lists of commits that GitHub told, and what it told of each. */
export class CommitRangeStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async get(
    repository: string,
    base: string,
    head: string,
  ): Promise<CommitList | undefined> {
    const row = await this.#rows({ repository, base, head }).first();
    return row && { ...JSON.parse(row.commits), state: row.state };
  }

  async save(
    key: { repository: string; base: string; head: string },
    list: CommitList,
    now: Date,
  ): Promise<void> {
    const { state, ...rest } = list;
    await this.#rows()
      .insert({
        ...key,
        state,
        commits: JSON.stringify(rest),
        asked_at: now.toISOString(),
      })
      .onConflict(['repository', 'base', 'head'])
      .merge();
  }

  /** Forgets what was asked before a time, a bounded number in each statement. */
  async prune(before: Date, batch = 500): Promise<number> {
    let pruned = 0;
    for (;;) {
      const old = await this.#rows()
        .where('asked_at', '<', before.toISOString())
        .orderBy('asked_at')
        .limit(batch)
        .select('repository', 'base', 'head');
      if (old.length > 0) {
        pruned += await this.#rows()
          .whereIn(
            ['repository', 'base', 'head'],
            old.map(({ repository, base, head }) => [repository, base, head]),
          )
          .delete();
      }
      if (old.length < batch) {
        return pruned;
      }
    }
  }

  #rows(key: Partial<CommitRangeRow> = {}) {
    return this.#knex<CommitRangeRow>('commit_ranges').where(key);
  }
}
