import { IngestProblem, Page } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { decodeCursor, encodeCursor } from '../reading/cursor';
import { ProblemRow } from './rows';

/** Something that could not be used. */
export interface Problem {
  kind: string;
  message: string;
  repository?: string;
  subject?: string;
}

/** Counts problems instead of repeating them. */
export class ProblemLog {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Counts a problem. True the first time it is seen. */
  async record(problem: Problem, now: Date): Promise<boolean> {
    const seenAt = now.toISOString();
    const rows = await this.#knex<ProblemRow>('ingest_problems')
      .insert({
        id: uuid(),
        kind: problem.kind,
        repository: problem.repository ?? '',
        subject: (problem.subject ?? '').slice(0, 255),
        message: problem.message,
        count: 1,
        first_seen_at: seenAt,
        last_seen_at: seenAt,
      })
      .onConflict(['kind', 'repository', 'subject'])
      .merge({
        message: problem.message,
        count: this.#knex.raw('ingest_problems.count + 1'),
        last_seen_at: seenAt,
      } as unknown as Partial<ProblemRow>)
      .returning('count');
    return rows[0]?.count === 1;
  }

  /** Forgets problems that are solved. */
  async resolve(problem: {
    kind: string;
    repository: string;
    subject?: string;
  }): Promise<void> {
    await this.#knex<ProblemRow>('ingest_problems')
      .where({ kind: problem.kind, repository: problem.repository })
      .modify(query => {
        if (problem.subject !== undefined) {
          query.andWhere('subject', problem.subject);
        }
      })
      .delete();
  }

  /** Last seen first. */
  async list(options: {
    limit: number;
    cursor?: string;
  }): Promise<Page<IngestProblem>> {
    const query = this.#knex<ProblemRow>('ingest_problems')
      .orderBy([
        { column: 'last_seen_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(options.limit + 1);
    if (options.cursor) {
      const [lastSeenAt, id] = decodeCursor(options.cursor, 2);
      query.whereRaw('(last_seen_at, id) < (?, ?)', [lastSeenAt, id]);
    }
    const rows = await query;
    const page = rows.slice(0, options.limit);
    const last = page.at(-1);
    return {
      items: page.map(row => ({
        id: row.id,
        kind: row.kind,
        message: row.message,
        ...(row.repository && { repository: row.repository }),
        ...(row.subject && { subject: row.subject }),
        count: row.count,
        firstSeenAt: row.first_seen_at,
        lastSeenAt: row.last_seen_at,
      })),
      ...(rows.length > options.limit &&
        last && { nextCursor: encodeCursor([last.last_seen_at, last.id]) }),
    };
  }

  /** Forgets problems not seen since `before`. */
  async prune(before: Date): Promise<number> {
    return this.#knex<ProblemRow>('ingest_problems')
      .where('last_seen_at', '<', before.toISOString())
      .delete();
  }
}
