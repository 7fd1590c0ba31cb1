import {
  EnvironmentTier,
  GateRule,
  gatesOf,
  ServiceSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { serviceInSpec } from '../spec/serviceInSpec';
import { EnvironmentRow, ServiceRow } from '../store/rows';
import { SpecStore } from '../store/SpecStore';
import { configuredGatesFor } from './configuredGatesFor';
import { ConfiguredGates } from './readGateConfig';

/** An environment with the rules of its gates. */
export interface EnvironmentPolicy {
  name: string;
  tier: EnvironmentTier;
  /** In the order of the policy. */
  rules: GateRule[];
}

/** What is asked of a service's releases. */
export interface ServicePolicy {
  serviceId: string;
  entityRef: string;
  title?: string;
  repository: string;
  /** The service's part of deploy.yaml, if it has one. */
  spec?: ServiceSpec;
  /** In the order in which a release passes through them. */
  environments: EnvironmentPolicy[];
}

/** Puts together the gates that deploy.yaml and app-config ask of services. */
export class ServicePolicies {
  readonly #knex: Knex;
  readonly #specs: SpecStore;
  readonly #configured: readonly ConfiguredGates[];

  constructor(options: {
    knex: Knex;
    specs: SpecStore;
    configured: readonly ConfiguredGates[];
  }) {
    this.#knex = options.knex;
    this.#specs = options.specs;
    this.#configured = options.configured;
  }

  /** Undefined for a service that left the catalog, or never was in it. */
  async of(serviceId: string): Promise<ServicePolicy | undefined> {
    const service = await this.#knex<ServiceRow>('services')
      .where({ id: serviceId })
      .whereNull('removed_at')
      .first();
    return service && this.#policyOf(service);
  }

  /** Of every service of a repository, in the order of their names. */
  async ofRepository(repository: string): Promise<ServicePolicy[]> {
    const services = await this.#knex<ServiceRow>('services')
      .where({ repository })
      .whereNull('removed_at')
      .orderBy(['name', 'id']);
    const policies: ServicePolicy[] = [];
    for (const service of services) {
      policies.push(await this.#policyOf(service));
    }
    return policies;
  }

  async #policyOf(service: ServiceRow): Promise<ServicePolicy> {
    const stored = service.spec_url
      ? await this.#specs.get(service.spec_url, service.repository)
      : undefined;
    const { spec } = serviceInSpec(
      {
        entityRef: service.entity_ref,
        annotations: JSON.parse(service.annotations),
      },
      stored,
    );
    const environments = await this.#knex<EnvironmentRow>('environments')
      .where({ service_id: service.id })
      .orderBy(['position', 'name']);
    return {
      serviceId: service.id,
      entityRef: service.entity_ref,
      ...(service.title && { title: service.title }),
      repository: service.repository,
      ...(spec && { spec }),
      environments: environments.map(({ name, tier }, index) => ({
        name,
        tier,
        rules: configuredGatesFor(
          {
            entityRef: service.entity_ref,
            owner: service.owner ?? undefined,
            system: service.system ?? undefined,
            repository: service.repository,
            environment: name,
            tier,
            previousEnvironment: environments[index - 1]?.name,
          },
          this.#configured,
          spec && stored?.spec ? gatesOf(stored.spec, spec.key, name) : [],
        ),
      })),
    };
  }
}
