import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { SpecRow } from './rows';

/** A deploy.yaml as it is known. */
export interface StoredSpec {
  url: string;
  repository: string;
  /** The last good one. */
  spec?: PipelineSpec;
  /** Commit of the last good one. */
  commit?: string;
  etag?: string;
  problem?: { message: string; line?: number; since: string };
  checkedAt: string;
}

/** Keeps the last good deploy.yaml, and what is wrong with the newest one. */
export class SpecStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The file as it is known for the entities of one repository. */
  async get(url: string, repository: string): Promise<StoredSpec | undefined> {
    const row = await this.#knex<SpecRow>('specs')
      .where({ url, repository })
      .first();
    return row && toStoredSpec(row);
  }

  /** The files that the entities of a repository name, by URL. */
  async ofRepository(repository: string): Promise<Map<string, StoredSpec>> {
    const rows = await this.#knex<SpecRow>('specs').where({ repository });
    return new Map(rows.map(row => [row.url, toStoredSpec(row)]));
  }

  async saveGood(
    options: {
      url: string;
      repository: string;
      spec: PipelineSpec;
      commit?: string;
      etag?: string;
    },
    now: Date,
  ): Promise<void> {
    await this.#upsert({
      url: options.url,
      repository: options.repository,
      content: JSON.stringify(options.spec),
      commit_sha: options.commit ?? null,
      etag: options.etag ?? null,
      problem: null,
      problem_line: null,
      problem_since: null,
      checked_at: now.toISOString(),
    });
  }

  /** Notes what is wrong; the last good spec stays. */
  async saveProblem(
    options: {
      url: string;
      repository: string;
      message: string;
      line?: number;
      since: string;
    },
    now: Date,
  ): Promise<void> {
    await this.#upsert({
      url: options.url,
      repository: options.repository,
      etag: null,
      problem: options.message,
      problem_line: options.line ?? null,
      problem_since: options.since,
      checked_at: now.toISOString(),
    });
  }

  async #upsert(row: SpecRow): Promise<void> {
    await this.#knex<SpecRow>('specs')
      .insert(row)
      .onConflict(['url', 'repository'])
      .merge();
  }
}

function toStoredSpec(row: SpecRow): StoredSpec {
  return {
    url: row.url,
    repository: row.repository,
    spec: row.content ? JSON.parse(row.content) : undefined,
    commit: row.commit_sha ?? undefined,
    etag: row.etag ?? undefined,
    checkedAt: row.checked_at ?? '',
    problem: row.problem
      ? {
          message: row.problem,
          line: row.problem_line ?? undefined,
          since: row.problem_since ?? '',
        }
      : undefined,
  };
}
