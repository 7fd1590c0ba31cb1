import { createHash } from 'node:crypto';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { DeploymentTestsPayload } from './payload';
import { ReachableEnvironment } from './servicesByUrl';

/** How many results are kept, the newest. */
const MAX_KEPT = 1_000;

interface DeploymentTestsRow {
  id: string;
  commit_sha: string;
  digest: string;
  content_digest: string;
  key_name: string;
  received_at: string;
  payload: string;
}

/** A result as it came, with when. */
export interface StoredResult extends DeploymentTestsPayload {
  id: string;
  /** ISO 8601. */
  timestamp: string;
}

/** Keeps results as they came, and knows what they can be about. */
export class DeploymentTestsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Every environment that has a URL. */
  async environments(): Promise<ReachableEnvironment[]> {
    return this.#knex('environments')
      .join('services', 'services.id', 'environments.service_id')
      .whereNull('services.removed_at')
      .whereNotNull('environments.url')
      .orderBy(['services.entity_ref', 'environments.position'])
      .select<ReachableEnvironment[]>({
        serviceId: 'services.id',
        entityRef: 'services.entity_ref',
        repository: 'services.repository',
        environment: 'environments.name',
        url: 'environments.url',
      });
  }

  /** Commits of releases of these services that begin so; at the most two. */
  async commitsBeginning(
    start: string,
    serviceIds: readonly string[],
  ): Promise<string[]> {
    const rows = await this.#knex('releases')
      .whereIn('service_id', [...serviceIds])
      .whereLike('commit_sha', `${start}%`)
      .distinct('commit_sha')
      .orderBy('commit_sha')
      .limit(2);
    return rows.map(row => row.commit_sha);
  }

  /**
   * What tells this result from others: the same as of the last result of its commit if it says the
   * same, so that a post that is tried again is no second result; but a result that comes again
   * after another one counts again.
   */
  async digestOf(payload: DeploymentTestsPayload): Promise<string> {
    const [last] = await this.#newest({ commit_sha: payload.git_sha }, 1);
    const content = contentDigest(payload);
    return last?.content_digest === content
      ? last.digest
      : sha256([content, last?.digest ?? '']);
  }

  /** Keeps a result under its digest; once. */
  async add(result: {
    payload: DeploymentTestsPayload;
    digest: string;
    keyName: string;
    receivedAt: Date;
  }): Promise<StoredResult> {
    const { payload, digest } = result;
    await this.#knex<DeploymentTestsRow>('deployment_tests')
      .insert({
        id: uuid(),
        commit_sha: payload.git_sha,
        digest,
        content_digest: contentDigest(payload),
        key_name: result.keyName,
        received_at: result.receivedAt.toISOString(),
        payload: JSON.stringify(payload),
      })
      .onConflict('digest')
      .ignore();
    await this.#prune();
    const row = await this.#knex<DeploymentTestsRow>('deployment_tests')
      .where({ digest })
      .first();
    if (!row) {
      throw new Error('The result was forgotten before it could be read');
    }
    return toResult(row);
  }

  /** Newest first. */
  async list(limit: number): Promise<StoredResult[]> {
    return (await this.#newest({}, limit)).map(toResult);
  }

  #newest(
    where: Partial<DeploymentTestsRow>,
    limit: number,
  ): Promise<DeploymentTestsRow[]> {
    return this.#knex<DeploymentTestsRow>('deployment_tests')
      .where(where)
      .orderBy([
        { column: 'received_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit)
      .then(rows => rows);
  }

  async #prune(): Promise<void> {
    const [oldestKept] = await this.#knex<DeploymentTestsRow>(
      'deployment_tests',
    )
      .orderBy('received_at', 'desc')
      .offset(MAX_KEPT - 1)
      .limit(1);
    if (oldestKept) {
      await this.#knex<DeploymentTestsRow>('deployment_tests')
        .where('received_at', '<', oldestKept.received_at)
        .delete();
    }
  }
}

function toResult(row: DeploymentTestsRow): StoredResult {
  return {
    id: row.id,
    timestamp: row.received_at,
    ...(JSON.parse(row.payload) as DeploymentTestsPayload),
  };
}

function contentDigest(payload: DeploymentTestsPayload): string {
  return sha256(Object.entries(payload).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sha256(parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
