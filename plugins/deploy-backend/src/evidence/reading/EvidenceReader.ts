import {
  Evidence,
  EvidenceDetail,
  EvidenceFilter,
  Page,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Visibility } from '../../permissions/Authorizer';
import { decodeCursor, encodeCursor } from '../../reading/cursor';
import { isoTime } from '../../reading/DeploymentReader';
import { toEvidence } from '../store/toEvidence';
import { loadDetail } from './loadDetail';
import { visibleEvidence } from './evidenceQuery';

/** Reads reports, as far as the caller may see them. */
export class EvidenceReader {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Last measured first. */
  async list(
    serviceId: string,
    filter: EvidenceFilter & { limit: number },
    visibility: Visibility,
  ): Promise<Page<Evidence>> {
    const query = visibleEvidence(this.#knex, visibility)
      .where('evidence.service_id', serviceId)
      .orderBy([
        { column: 'evidence.measured_at', order: 'desc' },
        { column: 'evidence.id', order: 'desc' },
      ])
      .limit(filter.limit + 1);
    applyFilter(query, filter);
    const rows = await query;
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    return {
      items: page.map(toEvidence),
      ...(rows.length > filter.limit &&
        last && { nextCursor: encodeCursor([last.measured_at, last.id]) }),
    };
  }

  /** Undefined if there is none, or the caller may not see it. */
  async get(
    id: string,
    visibility: Visibility,
  ): Promise<EvidenceDetail | undefined> {
    const [row] = await visibleEvidence(this.#knex, visibility)
      .where('evidence.id', id)
      .limit(1);
    return (
      row && { ...toEvidence(row), ...(await loadDetail(this.#knex, row)) }
    );
  }
}

function applyFilter(query: Knex.QueryBuilder, filter: EvidenceFilter): void {
  for (const column of ['type', 'environment', 'suite'] as const) {
    if (filter[column]) {
      query.andWhere(`evidence.${column}`, filter[column]);
    }
  }
  if (filter.commit) {
    query.andWhereLike('evidence.commit_sha', `${filter.commit}%`);
  }
  if (filter.pullRequests === 'only') {
    query.whereNotNull('evidence.pull_request');
  } else if (filter.pullRequests === 'none') {
    query.whereNull('evidence.pull_request');
  }
  if (filter.from) {
    query.andWhere('evidence.measured_at', '>=', isoTime('from', filter.from));
  }
  if (filter.to) {
    query.andWhere('evidence.measured_at', '<', isoTime('to', filter.to));
  }
  if (filter.cursor) {
    query.andWhereRaw(
      '(evidence.measured_at, evidence.id) < (?, ?)',
      decodeCursor(filter.cursor, 2),
    );
  }
}
