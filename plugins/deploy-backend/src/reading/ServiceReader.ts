import { InputError } from '@backstage/errors';
import {
  Deployment,
  EnvironmentOverview,
  Page,
  Release,
  ServiceFilter,
  ServiceOverview,
  ServiceSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Gates } from '../gates/Gates';
import { Visibility } from '../permissions/Authorizer';
import { serviceInSpec } from '../spec/serviceInSpec';
import { EnvironmentRow, ServiceRow } from '../store/rows';
import { SpecStore } from '../store/SpecStore';
import { decodeCursor, encodeCursor } from './cursor';
import { joinedDeployments, toDeployments } from './toDeployment';
import { whereVisible } from './visibilityQuery';

/** What is told of an environment besides its deployments. */
export type EnvironmentState = Pick<
  EnvironmentOverview,
  | 'operable'
  | 'inoperable'
  | 'lock'
  | 'hold'
  | 'freeze'
  | 'pendingPromotion'
  | 'runningOperation'
>;

type EnvironmentStates = (
  environmentIds: readonly string[],
) => Promise<ReadonlyMap<string, EnvironmentState>>;

type ListedServiceRow = ServiceRow & { last_deployed: string };

/** Reads services and their environments, as far as the caller may see them. */
export class ServiceReader {
  readonly #knex: Knex;
  readonly #specs: SpecStore;
  readonly #gates: Pick<Gates, 'of'>;
  readonly #stateOf: EnvironmentStates;

  constructor(options: {
    knex: Knex;
    specs: SpecStore;
    gates: Pick<Gates, 'of'>;
    /** What stands in the way in environments, and what the portal does there; by id of the environment. */
    stateOf: EnvironmentStates;
  }) {
    this.#knex = options.knex;
    this.#specs = options.specs;
    this.#gates = options.gates;
    this.#stateOf = options.stateOf;
  }

  /** Undefined if there is none, or the caller may see none of it. */
  async get(
    entityRef: string,
    visibility: Visibility,
  ): Promise<ServiceOverview | undefined> {
    const query = this.#knex('services')
      .leftJoin('environments', 'environments.service_id', 'services.id')
      .where('services.entity_ref', entityRef)
      .whereNull('services.removed_at')
      .select<ServiceRow[]>('services.*')
      .limit(1);
    whereVisible(query, visibility);
    const [service] = await query;
    if (!service) {
      return undefined;
    }
    const environments =
      (await this.#environmentsOf([service.id], visibility)).get(service.id) ??
      [];
    return {
      entityRef: service.entity_ref,
      repository: service.repository,
      ...(await this.#specProblemOf(service)),
      environments: await this.#withGates(service.id, environments),
    };
  }

  /** A service by its name; undefined if there is none, or the caller may see none of it. */
  async find(
    entityRef: string,
    visibility: Visibility,
  ): Promise<{ id: string; environments: string[] } | undefined> {
    const query = this.#knex('services')
      .leftJoin('environments', 'environments.service_id', 'services.id')
      .where('services.entity_ref', entityRef)
      .whereNull('services.removed_at')
      .select<{ id: string; environment?: string | null }[]>(
        'services.id',
        'environments.name as environment',
      );
    whereVisible(query, visibility);
    const rows = await query;
    return (
      rows[0] && {
        id: rows[0].id,
        environments: rows.flatMap(row => row.environment ?? []),
      }
    );
  }

  /** Undefined for a service that is not in the catalog. */
  async byId(
    serviceId: string,
  ): Promise<{ entityRef: string; repository: string } | undefined> {
    const row = await this.#knex<ServiceRow>('services')
      .where({ id: serviceId })
      .whereNull('removed_at')
      .first('entity_ref', 'repository');
    return row && { entityRef: row.entity_ref, repository: row.repository };
  }

  async list(
    filter: ServiceFilter & { limit: number },
    visibility: Visibility,
  ): Promise<Page<ServiceSummary>> {
    const sort = filter.sort ?? 'name';
    const column = sort.endsWith('name') ? 'name' : 'last_deployed';
    const order = sort.startsWith('-') ? 'desc' : 'asc';
    const query = this.#knex
      .from(this.#matching(filter, visibility).as('matching'))
      .select<ListedServiceRow[]>('*')
      .orderBy([
        { column, order },
        { column: 'id', order },
      ])
      .limit(filter.limit + 1);
    if (filter.cursor) {
      const [sortedBy, ...key] = decodeCursor(filter.cursor, 3);
      if (sortedBy !== sort) {
        throw new InputError(
          `cursor: belongs to a list sorted by ${sortedBy}; start again without a cursor`,
        );
      }
      query.andWhereRaw(
        `(${column}, id) ${order === 'asc' ? '>' : '<'} (?, ?)`,
        key,
      );
    }
    const rows = await query;
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    const environments = await this.#environmentsOf(
      page.map(row => row.id),
      visibility,
      filter.tier,
    );
    return {
      items: page.map(row => ({
        entityRef: row.entity_ref,
        ...(row.title && { title: row.title }),
        ...(row.owner && { owner: row.owner }),
        ...(row.system && { system: row.system }),
        repository: row.repository,
        environments: environments.get(row.id) ?? [],
      })),
      ...(rows.length > filter.limit &&
        last && { nextCursor: encodeCursor([sort, last[column], last.id]) }),
    };
  }

  /** Judges what is on its way in, else what runs there. */
  async #withGates(
    serviceId: string,
    environments: readonly EnvironmentOverview[],
  ): Promise<EnvironmentOverview[]> {
    const summaries = await this.#gates.of(
      serviceId,
      environments.flatMap(environment => {
        const release = releaseToJudge(environment);
        return release
          ? [{ environment: environment.name, commit: release.commit }]
          : [];
      }),
    );
    return environments.map(environment => {
      const gates = summaries.get(environment.name);
      return gates ? { ...environment, gates } : environment;
    });
  }

  /** The services that pass a filter, each with the time of its newest visible deployment. */
  #matching(filter: ServiceFilter, visibility: Visibility): Knex.QueryBuilder {
    const query = this.#knex('services')
      .leftJoin('environments', 'environments.service_id', 'services.id')
      .whereNull('services.removed_at')
      .groupBy('services.id')
      .select('services.*')
      .select(
        this.#knex.raw(
          "coalesce(max(environments.last_deployed_at), '') as last_deployed",
        ),
      );
    whereVisible(query, visibility);
    if (filter.owner) {
      query.andWhere('services.owner', filter.owner);
    }
    if (filter.system) {
      query.andWhere('services.system', filter.system);
    }
    if (filter.tier) {
      query.andWhere('environments.tier', filter.tier);
    }
    if (filter.text) {
      const pattern = `%${filter.text
        .toLocaleLowerCase('en-US')
        .replace(/[\\%_]/g, '\\$&')}%`;
      query.andWhereRaw(
        "(services.name like ? escape '\\' or services.entity_ref like ? escape '\\')",
        [pattern, pattern],
      );
    }
    return query;
  }

  async #environmentsOf(
    serviceIds: readonly string[],
    visibility: Visibility,
    tier?: string,
  ): Promise<Map<string, EnvironmentOverview[]>> {
    const query = this.#knex('environments')
      .join('services', 'services.id', 'environments.service_id')
      .whereIn('environments.service_id', [...serviceIds])
      .orderBy(['environments.position', 'environments.name'])
      .select<EnvironmentRow[]>('environments.*');
    whereVisible(query, visibility);
    if (tier) {
      query.andWhere('environments.tier', tier);
    }
    const rows = await query;
    const deployments = await this.#deploymentsById(
      rows
        .flatMap(row => [
          row.current_deployment_id ?? [],
          row.latest_deployment_id ?? [],
        ])
        .flat(),
    );
    const states = await this.#stateOf(rows.map(row => row.id));
    const byService = new Map<string, EnvironmentOverview[]>();
    for (const row of rows) {
      const environments = byService.get(row.service_id) ?? [];
      environments.push({
        ...toOverview(row, environments.length, deployments),
        ...states.get(row.id),
      });
      byService.set(row.service_id, environments);
    }
    return byService;
  }

  async #deploymentsById(
    ids: readonly string[],
  ): Promise<Map<string, Deployment>> {
    const rows = await joinedDeployments(this.#knex).whereIn('deployments.id', [
      ...new Set(ids),
    ]);
    const deployments = await toDeployments(this.#knex, rows);
    return new Map(deployments.map(one => [one.id, one]));
  }

  async #specProblemOf(
    service: ServiceRow,
  ): Promise<Pick<ServiceOverview, 'specProblem'>> {
    const stored = service.spec_url
      ? await this.#specs.get(service.spec_url, service.repository)
      : undefined;
    const message =
      stored?.problem?.message ??
      serviceInSpec(
        {
          entityRef: service.entity_ref,
          annotations: JSON.parse(service.annotations),
        },
        stored,
      ).problem;
    if (!stored || !message) {
      return {};
    }
    return {
      specProblem: {
        message,
        url: stored.url,
        ...(stored.problem?.line && { line: stored.problem.line }),
        since: stored.problem?.since ?? stored.checkedAt,
        ...(stored.commit && { lastGoodCommit: stored.commit }),
      },
    };
  }
}

const onTheWay: readonly string[] = ['queued', 'waiting', 'in_progress'];

function releaseToJudge({
  currentDeployment,
  latestDeployment,
}: EnvironmentOverview): Release | undefined {
  return latestDeployment && onTheWay.includes(latestDeployment.status)
    ? latestDeployment.release
    : (currentDeployment ?? latestDeployment)?.release;
}

/** A reviewer at GitHub holds for the portal only where its approvals are given there. */
function isReviewed({ reviewed, definition }: EnvironmentRow): boolean {
  return Boolean(
    reviewed &&
      definition &&
      JSON.parse(definition).promotion?.seam === 'review',
  );
}

function toOverview(
  row: EnvironmentRow,
  order: number,
  deployments: ReadonlyMap<string, Deployment>,
): EnvironmentOverview {
  const current = deployments.get(row.current_deployment_id ?? '');
  const latest = deployments.get(row.latest_deployment_id ?? '');
  return {
    name: row.name,
    tier: row.tier,
    ...(row.url && { url: row.url }),
    order,
    enforced: Boolean(row.enforced) || isReviewed(row),
    ...(current && { currentDeployment: current }),
    ...(latest && latest.id !== current?.id && { latestDeployment: latest }),
  };
}
