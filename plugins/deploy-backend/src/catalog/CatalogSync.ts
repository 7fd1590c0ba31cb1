import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { ANNOTATION_PROJECT_SLUG } from '@vvp/backstage-plugin-deploy-common';
import { RepositoryMapper } from '../mapping/RepositoryMapper';
import { SpecRefresher } from '../spec/SpecRefresher';
import { ServiceStore } from '../store/ServiceStore';
import { planServiceSync } from './planServiceSync';
import { toTrackedService, TrackedService } from './trackedService';

/** Brings the services of the catalog into the store. */
export class CatalogSync {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #services: ServiceStore;
  readonly #specs: SpecRefresher;
  readonly #mapper: RepositoryMapper;
  readonly #logger: LoggerService;
  readonly #onChange: (serviceIds: readonly string[]) => void;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    services: ServiceStore;
    specs: SpecRefresher;
    mapper: RepositoryMapper;
    logger: LoggerService;
    onChange: (serviceIds: readonly string[]) => void;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#services = options.services;
    this.#specs = options.specs;
    this.#mapper = options.mapper;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
  }

  /** One pass. Rejects, and changes nothing, if the catalog cannot be read to its end. */
  async run(): Promise<void> {
    const now = new Date();
    const catalog = await this.#readCatalog();
    const known = await this.#services.listAll();
    const plan = planServiceSync(known, catalog);
    const touched = [
      ...plan.add,
      ...plan.update,
      ...known.filter(
        service =>
          plan.remove.includes(service.id) ||
          plan.update.some(update => update.id === service.id),
      ),
    ];
    if (touched.length === 0) {
      return;
    }
    await this.#services.applySync(plan, now);
    this.#logger.info('Services of the catalog taken in', {
      added: plan.add.length,
      updated: plan.update.length,
      removed: plan.remove.length,
    });
    const repositories = new Set(touched.map(service => service.repository));
    for (const repository of repositories) {
      await this.#specs.refreshRepository(repository);
      this.#onChange(await this.#mapper.remap(repository, now));
    }
  }

  async #readCatalog(): Promise<TrackedService[]> {
    const services: TrackedService[] = [];
    const pages = this.#catalog.streamEntities(
      {
        filter: {
          kind: 'component',
          [`metadata.annotations.${ANNOTATION_PROJECT_SLUG}`]:
            CATALOG_FILTER_EXISTS,
        },
        fields: [
          'apiVersion',
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.title',
          'metadata.annotations',
          'relations',
        ],
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    for await (const page of pages) {
      services.push(...page.flatMap(entity => toTrackedService(entity) ?? []));
    }
    return services;
  }
}
