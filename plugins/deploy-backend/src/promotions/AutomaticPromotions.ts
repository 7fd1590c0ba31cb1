import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { TargetEnvironments } from '../targets/TargetEnvironments';
import { PromotionPolicies } from './policy/PromotionPolicies';
import { PromotionDesk } from './PromotionDesk';
import { PromotionStore } from './PromotionStore';

/** Asks for promotions where the policy of an environment says that nobody has to. */
export class AutomaticPromotions {
  readonly #knex: Knex;
  readonly #policies: Pick<PromotionPolicies, 'ofService'>;
  readonly #environments: Pick<TargetEnvironments, 'find'>;
  readonly #store: PromotionStore;
  readonly #desk: PromotionDesk;
  readonly #logger: LoggerService;

  constructor(options: {
    knex: Knex;
    policies: Pick<PromotionPolicies, 'ofService'>;
    environments: Pick<TargetEnvironments, 'find'>;
    store: PromotionStore;
    desk: PromotionDesk;
    logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#policies = options.policies;
    this.#environments = options.environments;
    this.#store = options.store;
    this.#desk = options.desk;
    this.#logger = options.logger;
  }

  /** Looks at every service of the catalog; for the schedule. */
  async run(signal: AbortSignal): Promise<void> {
    const services = await this.#knex('services')
      .whereNull('removed_at')
      .select<{ id: string }[]>('id');
    for (const { id } of services) {
      if (signal.aborted) {
        return;
      }
      try {
        await this.#lookAt(id);
      } catch (error) {
        this.#logger.warn('An automatic promotion could not be asked for', {
          service: id,
          cause: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  async #lookAt(serviceId: string): Promise<void> {
    const policies = await this.#policies.ofService(serviceId);
    const environments = policies?.environments ?? [];
    for (const [index, { environmentId, regular }] of environments.entries()) {
      // A pipeline that asks at a protection rule makes a promotion by itself.
      const isOurs = regular.automatic && regular.seam === 'dispatch';
      const before = environments[index - 1];
      if (isOurs && before) {
        await this.#ask(before.environmentId, environmentId);
      }
    }
  }

  /** What runs in the environment before, once. */
  async #ask(from: string, to: string): Promise<void> {
    const release = await this.#currentRelease(from);
    const environment = await this.#environments.find({ id: to });
    if (!release || !environment) {
      return;
    }
    const hadOne = await this.#store.newestOf(to, release);
    if (hadOne || release === (await this.#currentRelease(to))) {
      return;
    }
    await this.#desk.request({
      environment,
      releaseId: release,
      class: 'regular',
      by: 'automatic',
    });
  }

  async #currentRelease(environmentId: string): Promise<string | undefined> {
    const row = await this.#knex('environments')
      .join(
        'deployments',
        'deployments.id',
        'environments.current_deployment_id',
      )
      .where('environments.id', environmentId)
      .first<{ release_id: string } | undefined>('deployments.release_id');
    return row?.release_id;
  }
}
