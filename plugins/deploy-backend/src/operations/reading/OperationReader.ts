import {
  Operation,
  OperationFilter,
  OperationSummary,
  Page,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Visibility } from '../../permissions/Authorizer';
import { decodeCursor, encodeCursor } from '../../reading/cursor';
import { whereVisible } from '../../reading/visibilityQuery';
import { LogRow, OperationRow, StepRow } from '../engine/rows';
import {
  JoinedOperationRow,
  toOperation,
  toOperationSummary,
} from './toOperation';

/** Reads operations, as far as the caller may see them. */
export class OperationReader {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** With its logs. Undefined if there is none, or the caller may not see it. */
  async get(
    id: string,
    visibility: Visibility,
  ): Promise<Operation | undefined> {
    const query = this.#joined().where('operations.id', id);
    whereVisible(query, visibility);
    const row = await query.first();
    if (!row) {
      return undefined;
    }
    const steps = await this.#steps([id]);
    const logs = await this.#knex<LogRow>('operation_logs')
      .where('operation_id', id)
      .orderBy(['step', 'sequence']);
    return toOperation(row, steps, logs, new Date());
  }

  /** Newest first, without logs. */
  async list(
    entityRef: string,
    filter: OperationFilter & { limit: number },
    visibility: Visibility,
  ): Promise<Page<OperationSummary>> {
    const query = this.#joined()
      .where('services.entity_ref', entityRef)
      .orderBy([
        { column: 'operations.created_at', order: 'desc' },
        { column: 'operations.id', order: 'desc' },
      ])
      .limit(filter.limit + 1);
    whereVisible(query, visibility);
    if (filter.environment) {
      query.andWhere('environments.name', filter.environment);
    }
    if (filter.status?.length) {
      query.whereIn('operations.status', filter.status);
    }
    if (filter.cursor) {
      query.andWhereRaw(
        '(operations.created_at, operations.id) < (?, ?)',
        decodeCursor(filter.cursor, 2),
      );
    }
    const rows: JoinedOperationRow[] = await query;
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    const now = new Date();
    const steps = await this.#steps(page.map(row => row.id));
    return {
      items: page.map(row =>
        toOperationSummary(
          row,
          steps.filter(step => step.operation_id === row.id),
          now,
        ),
      ),
      ...(rows.length > filter.limit &&
        last && { nextCursor: encodeCursor([last.created_at, last.id]) }),
    };
  }

  #joined(): Knex.QueryBuilder<{}, JoinedOperationRow[]> {
    const ahead = this.#knex<OperationRow>('operations as other')
      .count('*')
      .whereRaw('other.lock_key = operations.lock_key')
      .andWhere(first => {
        first.where('other.status', 'running').orWhere(older => {
          older
            .where('other.status', 'queued')
            .andWhereRaw('other.position < operations.position');
        });
      });
    return this.#knex('operations')
      .join('environments', 'environments.id', 'operations.environment_id')
      .join('services', 'services.id', 'operations.service_id')
      .whereNull('services.removed_at')
      .select(
        'operations.*',
        'services.entity_ref',
        'environments.name as environment',
        // Those that are over are not asked: there may be a long history.
        this.#knex.raw(
          "case when operations.status = 'queued' then (?) end as ahead",
          [ahead],
        ),
      );
  }

  async #steps(ids: readonly string[]): Promise<StepRow[]> {
    return this.#knex<StepRow>('operation_steps')
      .whereIn('operation_id', [...ids])
      .orderBy(['operation_id', 'position']);
  }
}
