import { ScmIntegrationRegistry } from '@backstage/integration';
import { Knex } from 'knex';
import { KnownService } from '../../catalog/planServiceSync';
import { serviceInSpec } from '../../spec/serviceInSpec';
import { EnvironmentRow } from '../../store/rows';
import { ServiceStore } from '../../store/ServiceStore';
import { SpecStore } from '../../store/SpecStore';
import { repositoryHost } from '../auth/repositoryHost';
import { EvidenceTrust } from '../auth/trust';
import { RepositoryLayout } from './repositoryLayout';

/** A service that a report can be about. */
export interface ReportService {
  service: KnownService;
  /** Whose word about it counts: `spec.evidence` of its deploy.yaml. */
  trust: EvidenceTrust;
  layout: RepositoryLayout;
  /** Host of its repository, such as `github.com`; undefined if that is not known. */
  host?: string;
}

/** Finds what reports are about. */
export class ReportTargets {
  readonly #knex: Knex;
  readonly #services: ServiceStore;
  readonly #specs: SpecStore;
  readonly #integrations: ScmIntegrationRegistry;

  constructor(options: {
    knex: Knex;
    services: ServiceStore;
    specs: SpecStore;
    integrations: ScmIntegrationRegistry;
  }) {
    this.#knex = options.knex;
    this.#services = options.services;
    this.#specs = options.specs;
    this.#integrations = options.integrations;
  }

  /** Undefined if no such service is tracked. */
  async find(entityRef: string): Promise<ReportService | undefined> {
    const [service] = await this.#services.listByEntityRefs([entityRef]);
    if (!service) {
      return undefined;
    }
    const { specUrl, repository } = service;
    const stored = specUrl
      ? await this.#specs.get(specUrl, repository)
      : undefined;
    const { spec } = serviceInSpec(service, stored);
    const others = (stored?.spec?.services ?? []).filter(
      other => other.key !== spec?.key,
    );
    return {
      service,
      trust: stored?.spec?.evidence ?? {},
      layout: {
        repository,
        paths: spec?.paths ?? [],
        sharedPaths: spec?.sharedPaths ?? [],
        otherPaths: others.flatMap(other => other.paths),
      },
      host: repositoryHost(specUrl, this.#integrations),
    };
  }

  /** Names of a service's environments, first stop first. */
  async environmentsOf(serviceId: string): Promise<string[]> {
    const rows = await this.#knex<EnvironmentRow>('environments')
      .where('service_id', serviceId)
      .orderBy(['position', 'name'])
      .select('name');
    return rows.map(row => row.name);
  }
}
