import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  PromotionClass,
  PromotionPolicy,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { serviceInSpec } from '../../spec/serviceInSpec';
import { EnvironmentRow, ServiceRow } from '../../store/rows';
import { SpecStore } from '../../store/SpecStore';
import { PolicyRefusal, promotionPolicyFor } from './promotionPolicyFor';
import { ConfiguredPromotion } from './readPromotionConfig';

/** An environment of a service with its policies. */
export interface EnvironmentPolicies {
  environmentId: string;
  name: string;
  /** Names of the environments before, in order from the first stop. */
  earlier: string[];
  regular: PromotionPolicy;
  hotfix: PromotionPolicy | PolicyRefusal;
}

/** What the policies of a service are, all environments in order. */
export interface ServicePromotionPolicies {
  serviceId: string;
  entityRef: string;
  repository: string;
  environments: EnvironmentPolicies[];
}

/** Puts together what deploy.yaml and app-config ask of promotions. */
export class PromotionPolicies {
  readonly #knex: Knex;
  readonly #specs: Pick<SpecStore, 'get'>;
  readonly #configured: readonly ConfiguredPromotion[];

  constructor(options: {
    knex: Knex;
    specs: Pick<SpecStore, 'get'>;
    configured: readonly ConfiguredPromotion[];
  }) {
    this.#knex = options.knex;
    this.#specs = options.specs;
    this.#configured = options.configured;
  }

  /**
   * The policy of a service in an environment, as it stands now.
   *
   * @throws NotFoundError for a service or an environment that is not there, ConflictError for a hotfix
   * where none is let in.
   */
  async of(
    serviceId: string,
    environmentName: string,
    kind: PromotionClass,
  ): Promise<PromotionPolicy> {
    const service = await this.ofService(serviceId);
    const found = service?.environments.find(
      ({ name }) => name === environmentName,
    );
    if (!found) {
      throw new NotFoundError(
        `The service has no environment ${JSON.stringify(environmentName)}.`,
      );
    }
    const policy = kind === 'hotfix' ? found.hotfix : found.regular;
    if ('refusal' in policy) {
      throw new ConflictError(policy.refusal);
    }
    return policy;
  }

  /** Undefined for a service that left the catalog, or never was in it. */
  async ofService(
    serviceId: string,
  ): Promise<ServicePromotionPolicies | undefined> {
    const service = await this.#services().where({ id: serviceId }).first();
    return service && this.#policiesOf(service);
  }

  /** Of every service of a repository, in the order of their names. */
  async ofRepository(repository: string): Promise<ServicePromotionPolicies[]> {
    const services = await this.#services()
      .where({ repository })
      .orderBy(['name', 'id']);
    const policies: ServicePromotionPolicies[] = [];
    for (const service of services) {
      policies.push(await this.#policiesOf(service));
    }
    return policies;
  }

  #services() {
    return this.#knex<ServiceRow>('services').whereNull('removed_at');
  }

  async #policiesOf(service: ServiceRow): Promise<ServicePromotionPolicies> {
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
    const rows = await this.#knex<EnvironmentRow>('environments')
      .where({ service_id: service.id })
      .orderBy(['position', 'name']);
    const names = rows.map(({ name }) => name);
    return {
      serviceId: service.id,
      entityRef: service.entity_ref,
      repository: service.repository,
      environments: rows.map(({ id, name, tier }, index) => {
        // Where the service has nothing of its own, what the file says of the environment holds.
        const declared =
          spec &&
          [...spec.environments, ...(stored?.spec?.environments ?? [])].find(
            each => each.name === name,
          );
        const policyOf = (kind: PromotionClass) =>
          promotionPolicyFor(
            {
              entityRef: service.entity_ref,
              owner: service.owner ?? undefined,
              system: service.system ?? undefined,
              repository: service.repository,
              environment: name,
              tier,
              earlier: index,
            },
            this.#configured,
            declared?.promotion,
            kind,
          );
        const regular = policyOf('regular');
        if ('refusal' in regular) {
          throw new Error('Regular promotions are never refused by a policy');
        }
        return {
          environmentId: id,
          name,
          earlier: names.slice(0, index),
          regular,
          hotfix: policyOf('hotfix'),
        };
      }),
    };
  }
}
