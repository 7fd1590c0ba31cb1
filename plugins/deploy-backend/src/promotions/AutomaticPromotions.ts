import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { PromotionPolicies } from './policy/PromotionPolicies';
import { PromotionDesk } from './PromotionDesk';
import { PromotionStore } from './PromotionStore';
import { ReadinessDesk } from './ReadinessDesk';

/** Asks for promotions where the policy of an environment says that nobody has to. */
export class AutomaticPromotions {
  readonly #knex: Knex;
  readonly #policies: Pick<PromotionPolicies, 'ofService'>;
  readonly #environments: Pick<TargetEnvironments, 'find'>;
  readonly #store: PromotionStore;
  readonly #desk: PromotionDesk;
  readonly #readiness: Pick<ReadinessDesk, 'judge'>;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    policies: Pick<PromotionPolicies, 'ofService'>;
    environments: Pick<TargetEnvironments, 'find'>;
    store: PromotionStore;
    desk: PromotionDesk;
    readiness: Pick<ReadinessDesk, 'judge'>;
    logger: LoggerService;
    /** Default: the time that it is. */
    now?: () => Date;
  }) {
    this.#knex = options.knex;
    this.#policies = options.policies;
    this.#environments = options.environments;
    this.#store = options.store;
    this.#desk = options.desk;
    this.#readiness = options.readiness;
    this.#logger = options.logger;
    this.#now = options.now ?? (() => new Date());
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
    for (const [index, { environmentId, judging }] of environments.entries()) {
      const { automatic, seam } = judging.policy;
      // A pipeline that asks at a protection rule makes a promotion by itself.
      const isOurs = automatic && seam === 'dispatch';
      const before = environments[index - 1];
      if (isOurs && before) {
        await this.#ask(before.environmentId, environmentId);
      }
    }
  }

  /** What runs in the environment before, once, as soon as nothing but approvals and the moment are missing. */
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
    if (!(await this.#isWanted(environment, release))) {
      return;
    }
    await this.#desk.request({
      environment,
      releaseId: release,
      class: 'regular',
      by: 'automatic',
    });
  }

  /** Unfit is what is quarantined, older, or has not passed its gates; and nothing goes by itself under a hold. */
  async #isWanted(
    environment: KnownEnvironment,
    releaseId: string,
  ): Promise<boolean> {
    const judged = await this.#readiness.judge(
      environment,
      { releaseId, class: 'regular', automatic: true },
      this.#now(),
    );
    return Boolean(
      judged?.standing.fit &&
        judged.conditions.every(
          ({ kind, state }) => kind !== 'hold' || state !== 'unmet',
        ),
    );
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
