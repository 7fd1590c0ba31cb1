import { parseEntityRef } from '@backstage/catalog-model';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { KnownService, ServiceSyncPlan } from '../catalog/planServiceSync';
import { TrackedService } from '../catalog/trackedService';
import { DeclaredEnvironment } from '../mapping/defineService';
import { saveClaims } from '../targets/twinClaims';
import { ensureEnvironment } from './DeploymentWriter';
import { EnvironmentRow, ServiceRow } from './rows';

/** Services and the environments declared for them. */
export class ServiceStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async listAll(): Promise<KnownService[]> {
    return (await this.#knex<ServiceRow>('services')).map(toKnownService);
  }

  /** The services of a repository, those that left the catalog too. */
  async listByRepository(repository: string): Promise<KnownService[]> {
    const rows = await this.#knex<ServiceRow>('services')
      .where({ repository })
      .orderBy('id');
    return rows.map(toKnownService);
  }

  async listByEntityRefs(
    entityRefs: readonly string[],
  ): Promise<KnownService[]> {
    const rows = await this.#knex<ServiceRow>('services')
      .whereIn('entity_ref', [...entityRefs])
      .whereNull('removed_at');
    return rows.map(toKnownService);
  }

  /** Every repository that a service of the catalog is in. */
  async listRepositories(): Promise<string[]> {
    const rows = await this.#knex<ServiceRow>('services')
      .distinct('repository')
      .whereNull('removed_at')
      .orderBy('repository');
    return rows.map(row => row.repository);
  }

  /** Every repository that a service is in, with a page at the host that it is on. */
  async listPages(): Promise<{ repository: string; url: string }[]> {
    return this.#knex('services')
      .whereNull('removed_at')
      .whereNotNull('spec_url')
      .groupBy('repository')
      .orderBy('repository')
      .select<{ repository: string; url: string }[]>(
        'repository',
        this.#knex.raw('min(spec_url) as url'),
      );
  }

  /** Entity refs of services, for those that still are in the catalog. */
  async entityRefs(ids: readonly string[]): Promise<string[]> {
    const rows = await this.#knex<ServiceRow>('services')
      .whereIn('id', [...ids])
      .whereNull('removed_at')
      .select('entity_ref');
    return rows.map(row => row.entity_ref);
  }

  async applySync(plan: ServiceSyncPlan, now: Date): Promise<void> {
    await this.#knex.transaction(async tx => {
      // A name may pass from one entity to another in the same sync: free it first.
      for (const { id } of plan.update) {
        await tx<ServiceRow>('services')
          .where({ id })
          .update({ entity_ref: `renaming:${id}` });
      }
      for (const service of plan.update) {
        await tx<ServiceRow>('services')
          .where({ id: service.id })
          .update({ ...toColumns(service), removed_at: null });
      }
      for (const service of plan.add) {
        // Another replica may be at it too.
        await tx<ServiceRow>('services')
          .insert({ id: uuid(), ...toColumns(service) })
          .onConflict('entity_ref')
          .ignore();
      }
      if (plan.remove.length > 0) {
        await tx<ServiceRow>('services')
          .whereIn('id', plan.remove)
          .update({ removed_at: now.toISOString() });
      }
    });
  }

  /**
   * Makes the declared environments of a service be these, in this order. One that is no longer
   * declared stays at the end if it has a history, for deploy.yaml may name it again.
   */
  async declareEnvironments(
    serviceId: string,
    declared: readonly DeclaredEnvironment[],
    now: Date,
  ): Promise<void> {
    await this.#knex.transaction(async tx => {
      const service = await tx<ServiceRow>('services')
        .where({ id: serviceId })
        .first();
      if (!service) {
        return;
      }
      for (const [position, environment] of declared.entries()) {
        const id = await ensureEnvironment(tx, serviceId, environment.name);
        await tx<EnvironmentRow>('environments')
          .where({ id })
          .update({
            tier: environment.tier,
            url: environment.url ?? null,
            position,
            declared: true,
            definition: environment.definition
              ? JSON.stringify(environment.definition)
              : null,
          });
        await saveClaims(tx, { ...environment, id }, service, {
          now,
          isLocked: await isLocked(tx, id),
        });
      }
      const others = await tx<EnvironmentRow>('environments')
        .where({ service_id: serviceId })
        .whereNotIn(
          'name',
          declared.map(environment => environment.name),
        )
        .orderBy('position');
      let position = declared.length;
      for (const environment of others) {
        if (environment.declared && !(await hasHistory(tx, environment.id))) {
          await tx<EnvironmentRow>('environments')
            .where({ id: environment.id })
            .delete();
          continue;
        }
        await tx<EnvironmentRow>('environments')
          .where({ id: environment.id })
          .update({ position, declared: false, definition: null });
        await saveClaims(
          tx,
          { id: environment.id, tier: environment.tier },
          service,
          { now, isLocked: await isLocked(tx, environment.id) },
        );
        position += 1;
      }
    });
  }
}

/** A lock is not walked around by calling the environment something else: its target stays known. */
async function isLocked(
  tx: Knex.Transaction,
  environmentId: string,
): Promise<boolean> {
  const lock = await tx('locks')
    .where({ environment_id: environmentId })
    .whereNull('released_at')
    .first('id');
  return Boolean(lock);
}

/** What happened in an environment, and what people decided about it, lifted or not. */
const HISTORY = [
  'deployments',
  'operations',
  'promotions',
  'locks',
  'holds',
  'quarantined_revisions',
];

/** Whoever closed it, or keeps something out of it, wants that when it comes back. */
async function hasHistory(
  tx: Knex.Transaction,
  environmentId: string,
): Promise<boolean> {
  for (const table of HISTORY) {
    const row = await tx(table)
      .where({ environment_id: environmentId })
      .first('id');
    if (row) {
      return true;
    }
  }
  return false;
}

function toColumns(service: TrackedService): Omit<ServiceRow, 'id'> {
  return {
    entity_ref: service.entityRef,
    repository: service.repository,
    service_key: storable(service.serviceKey),
    name: storable(service.title ?? service.name).toLocaleLowerCase('en-US'),
    title: service.title ? storable(service.title) : null,
    owner: service.owner ? storable(service.owner) : null,
    system: service.system ? storable(service.system) : null,
    annotations: JSON.stringify(service.annotations),
    spec_url: service.specUrl ?? null,
  };
}

/** Entities may say anything; a column holds 255 characters, and no NUL. */
function storable(value: string): string {
  return value.replaceAll('\0', '').slice(0, 200);
}

function toKnownService(row: ServiceRow): KnownService {
  return {
    id: row.id,
    entityRef: row.entity_ref,
    repository: row.repository,
    serviceKey: row.service_key,
    name: parseEntityRef(row.entity_ref).name,
    title: row.title ?? undefined,
    owner: row.owner ?? undefined,
    system: row.system ?? undefined,
    annotations: JSON.parse(row.annotations),
    specUrl: row.spec_url ?? undefined,
    removed: Boolean(row.removed_at),
  };
}
