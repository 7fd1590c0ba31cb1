import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  PromotionClass,
  PromotionPolicy,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { serviceInSpec } from '../../spec/serviceInSpec';
import { EnvironmentRow, ServiceRow } from '../../store/rows';
import { SpecStore } from '../../store/SpecStore';
import { demandsAfter, JudgingPolicy, judgingPolicy } from './judgingPolicy';
import { PoliciesInForce } from './PoliciesInForce';
import { digestOf, PolicyDemand } from './policyDemand';
import { PolicyRefusal } from './promotionPolicyFor';
import { ConfiguredPromotion } from './readPromotionConfig';

/** An environment of a service with its policies. */
export interface EnvironmentPolicies {
  environmentId: string;
  name: string;
  /** Names of the environments before, in order from the first stop, without previews. */
  earlier: string[];
  /** As deploy.yaml and app-config say now; what judges may ask more, see {@link PromotionPolicies.of}. */
  regular: PromotionPolicy;
  hotfix: PromotionPolicy | PolicyRefusal;
  /** What deploy.yaml asks now. */
  demand: PolicyDemand;
  /** What judges regular promotions. */
  judging: JudgingPolicy;
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
  readonly #inForce: PoliciesInForce;

  constructor(options: {
    knex: Knex;
    specs: Pick<SpecStore, 'get'>;
    configured: readonly ConfiguredPromotion[];
  }) {
    this.#knex = options.knex;
    this.#specs = options.specs;
    this.#configured = options.configured;
    this.#inForce = new PoliciesInForce(options.knex);
  }

  /**
   * The policy that judges promotions of a service into an environment now.
   *
   * @param overridden - Ids of conditions that somebody let pass.
   * @throws NotFoundError for a service or an environment that is not there, ConflictError for a hotfix
   * where none is let in.
   */
  async of(
    serviceId: string,
    environmentName: string,
    kind: PromotionClass,
    overridden: readonly string[] = [],
  ): Promise<JudgingPolicy> {
    const service = await this.#services().where({ id: serviceId }).first();
    const place = (service ? await this.#placesOf(service) : []).find(
      ({ name }) => name === environmentName,
    );
    if (!place) {
      throw new NotFoundError(
        `The service has no environment ${JSON.stringify(environmentName)}.`,
      );
    }
    const judging = judgingPolicy(place, kind, overridden);
    if ('refusal' in judging) {
      throw new ConflictError(judging.refusal);
    }
    return judging;
  }

  /**
   * Notes what deploy.yaml asks in the environments of a service: to be called whenever it was read. What
   * asks for more is in force at once; what asks for less is not, until a release is let in under it.
   */
  async note(serviceId: string, now: Date): Promise<void> {
    const service = await this.#services().where({ id: serviceId }).first();
    for (const place of service ? await this.#placesOf(service) : []) {
      if (place.inForce.length === 0) {
        await this.#inForce.begin(place.environmentId, place.now, now);
        continue;
      }
      const after = demandsAfter(place);
      if (JSON.stringify(after) !== JSON.stringify(place.inForce)) {
        await this.#inForce.replace(
          place.environmentId,
          place.inForce,
          after,
          now,
        );
      }
    }
  }

  /**
   * Takes what deploy.yaml asks now as what is in force: a release was let in under it.
   *
   * @param terms - Digest of what was asked when it was let in; if deploy.yaml asks something else by now,
   *   nothing changes.
   */
  async accept(
    where: { serviceId: string; environmentId: string; terms: string },
    now: Date,
  ): Promise<void> {
    const service = await this.#services()
      .where({ id: where.serviceId })
      .first();
    const place = (service ? await this.#placesOf(service) : []).find(
      ({ environmentId }) => environmentId === where.environmentId,
    );
    if (!place || digestOf(place.now) !== where.terms) {
      return;
    }
    if (place.inForce.length === 0) {
      await this.#inForce.begin(where.environmentId, place.now, now);
    } else if (digestOf(...place.inForce) !== where.terms) {
      await this.#inForce.replace(
        where.environmentId,
        place.inForce,
        [place.now],
        now,
      );
    }
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
    const places = await this.#placesOf(service);
    return {
      serviceId: service.id,
      entityRef: service.entity_ref,
      repository: service.repository,
      environments: places.map(place => {
        // What is in force besides is no matter of the file.
        const alone = { ...place, inForce: [] };
        return {
          environmentId: place.environmentId,
          name: place.name,
          earlier: place.now.earlier,
          regular: regularOf(judgingPolicy(alone, 'regular')).policy,
          hotfix: policyOrRefusal(judgingPolicy(alone, 'hotfix')),
          demand: place.now,
          judging: regularOf(judgingPolicy(place, 'regular')),
        };
      }),
    };
  }

  /** The environments of a service in order, with all that decides about their policies. */
  async #placesOf(service: ServiceRow) {
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
    const inForce = await this.#inForce.of(rows.map(({ id }) => id));
    return rows.map(({ id, name, tier }, index) => {
      // Where the service has nothing of its own, what the file says of the environment holds.
      const declared =
        spec &&
        [...spec.environments, ...(stored?.spec?.environments ?? [])].find(
          each => each.name === name,
        );
      const now: PolicyDemand = {
        ...(declared?.promotion && { settings: declared.promotion }),
        tier,
        earlier: rows
          .slice(0, index)
          .filter(before => before.tier !== 'preview')
          .map(before => before.name),
      };
      return {
        environmentId: id,
        name,
        place: {
          entityRef: service.entity_ref,
          owner: service.owner ?? undefined,
          system: service.system ?? undefined,
          repository: service.repository,
          environment: name,
        },
        configured: this.#configured,
        now,
        inForce: inForce.get(id) ?? [],
      };
    });
  }
}

function regularOf(judging: JudgingPolicy | PolicyRefusal): JudgingPolicy {
  if ('refusal' in judging) {
    throw new Error('Regular promotions are never refused by a policy');
  }
  return judging;
}

function policyOrRefusal(
  judging: JudgingPolicy | PolicyRefusal,
): PromotionPolicy | PolicyRefusal {
  return 'refusal' in judging ? judging : judging.policy;
}
