import { InputError } from '@backstage/errors';
import {
  Deployment,
  DeploymentFilter,
  Page,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Visibility } from '../permissions/Authorizer';
import { decodeCursor, encodeCursor } from './cursor';
import { joinedDeployments, toDeployments } from './toDeployment';
import { whereVisible } from './visibilityQuery';

/** Reads deployments, as far as the caller may see them. */
export class DeploymentReader {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Newest first. */
  async list(
    entityRef: string,
    filter: DeploymentFilter & { limit: number },
    visibility: Visibility,
  ): Promise<Page<Deployment>> {
    const query = joinedDeployments(this.#knex)
      .where('services.entity_ref', entityRef)
      .orderBy([
        { column: 'deployments.created_at', order: 'desc' },
        { column: 'deployments.id', order: 'desc' },
      ])
      .limit(filter.limit + 1);
    whereVisible(query, visibility);
    if (filter.environment) {
      query.andWhere('environments.name', filter.environment);
    }
    if (filter.status?.length) {
      query.whereIn('deployments.status', filter.status);
    }
    if (filter.commit) {
      query.andWhereLike('releases.commit_sha', `${filter.commit}%`);
    }
    if (filter.from) {
      query.andWhere(
        'deployments.created_at',
        '>=',
        isoTime('from', filter.from),
      );
    }
    if (filter.to) {
      query.andWhere('deployments.created_at', '<', isoTime('to', filter.to));
    }
    if (filter.cursor) {
      query.andWhereRaw(
        '(deployments.created_at, deployments.id) < (?, ?)',
        decodeCursor(filter.cursor, 2),
      );
    }
    const rows = await query;
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    return {
      items: await toDeployments(this.#knex, page),
      ...(rows.length > filter.limit &&
        last && { nextCursor: encodeCursor([last.created_at, last.id]) }),
    };
  }

  /** Undefined if there is none, or the caller may not see it. */
  async get(
    id: string,
    visibility: Visibility,
  ): Promise<Deployment | undefined> {
    const query = joinedDeployments(this.#knex).where('deployments.id', id);
    whereVisible(query, visibility);
    const [deployment] = await toDeployments(this.#knex, await query.limit(1));
    return deployment;
  }
}

/** A time of a request, spelled as the tables have it. */
export function isoTime(name: string, value: string): string {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) {
    throw new InputError(
      `${name}: is not a time; write it like 2026-01-31T12:00:00Z`,
    );
  }
  return time.toISOString();
}
