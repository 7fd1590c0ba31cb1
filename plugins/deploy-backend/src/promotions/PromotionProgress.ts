import { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  activeStatuses,
  movePromotion,
  PromotionInput,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { CanaryStanding, withCanary } from '../canaries/canaryStanding';
import { approversOf } from './approversOf';
import { followUp, Outcome } from './followUp';
import {
  finalFailure,
  needsGoAhead,
  nextLook,
  unattended,
  unknownStanding,
} from './lookingAt';
import { PromotionRounds } from './PromotionRounds';
import { PromotionStore } from './PromotionStore';
import { Judged, ReadinessDesk } from './ReadinessDesk';
import { StoredPromotion } from './rows';

/** One that is on its way is looked at this often, besides when something is told of it. */
const FOLLOW_MS = 15_000;

/** Carries out what was let through. Each may be asked again for the same promotion. */
export interface GoAhead {
  /** Tells the pipeline, or starts the operation. `told`: whether it is sure that it goes on. */
  start(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ): Promise<{ told: boolean; operationId?: string }>;
  outcomeOf(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ): Promise<
    Outcome & {
      deploymentId?: string;
      /** That it started. */
      runId?: string;
    }
  >;
}

/** Moves promotions on: looks at them when something changed or a time has come. */
export class PromotionProgress {
  readonly #store: PromotionStore;
  readonly #desk: ReadinessDesk;
  readonly #environments: Pick<TargetEnvironments, 'find'>;
  readonly #goAhead: GoAhead;
  readonly #canaryOf: (
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ) => Promise<CanaryStanding>;
  readonly #onChange: (promotion: StoredPromotion) => Promise<void>;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #rounds: PromotionRounds;

  constructor(options: {
    store: PromotionStore;
    desk: ReadinessDesk;
    environments: Pick<TargetEnvironments, 'find'>;
    goAhead: GoAhead;
    /** What its canary means to a promotion that is on its way; left out, there are none. */
    canaryOf?: (
      promotion: StoredPromotion,
      environment: KnownEnvironment,
    ) => Promise<CanaryStanding>;
    /** A promotion moved. */
    onChange: (promotion: StoredPromotion) => Promise<void>;
    logger: LoggerService;
    now?: () => Date;
  }) {
    this.#store = options.store;
    this.#desk = options.desk;
    this.#environments = options.environments;
    this.#goAhead = options.goAhead;
    this.#canaryOf = options.canaryOf ?? (async () => ({ state: 'none' }));
    this.#onChange = options.onChange;
    this.#logger = options.logger;
    this.#now = options.now ?? (() => new Date());
    this.#rounds = new PromotionRounds({
      store: options.store,
      lookAt: id => this.lookAt(id),
      logger: options.logger,
      now: this.#now,
    });
  }

  /** Notes that something changed for services. Nobody has to wait for what follows. */
  wake(serviceIds: readonly string[]): void {
    this.#rounds.wake(serviceIds);
  }

  /** Notes that something changed that concerns any of them, such as a freeze. */
  wakeAll(): void {
    this.#rounds.wakeAll();
  }

  /** Looks at those whose time has come; for the schedule. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#rounds.run(signal);
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** A person decided something: tells of it, and looks what follows. */
  async settle(promotion: StoredPromotion, changed: boolean): Promise<void> {
    if (changed) {
      await this.#onChange(promotion);
    }
    await this.lookAt(promotion.id);
  }

  /** Looks at one, as far as it goes now. */
  async lookAt(id: string): Promise<void> {
    const promotion = await this.#store.get(id);
    if (!promotion || !activeStatuses.includes(promotion.status)) {
      return;
    }
    const environment = await this.#environments.find({
      id: promotion.environment_id,
    });
    if (!environment) {
      await this.#move(promotion, {
        type: 'withdraw',
        at: this.#now().toISOString(),
        rejected: false,
        text: 'The service or the environment left the catalog.',
      });
      return;
    }
    const evaluated = undecidedStatuses.includes(promotion.status)
      ? await this.#evaluate(promotion, environment)
      : promotion;
    if (!undecidedStatuses.includes(evaluated.status)) {
      await this.#carryOut(evaluated, environment);
    }
  }

  async #evaluate(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ): Promise<StoredPromotion> {
    let judged: Judged | undefined;
    const now = this.#now();
    const before = promotion.status;
    const result = await this.#store.change(
      promotion.id,
      async newest => {
        const look = await this.#judge(newest, environment, now);
        if ('input' in look) {
          return movePromotion(newest.state, look.input);
        }
        judged = look.judged;
        const { seam } = judged.policy;
        if (seam === 'dispatch' && newest.seam !== seam && newest.run_id) {
          // Its run goes in no more. Were another one started for it, the end of that run would be its own.
          return movePromotion(newest.state, {
            type: 'withdraw',
            at: now.toISOString(),
            rejected: false,
            text: 'The policy says by now that the portal itself starts what goes in ("seam: dispatch"), so that the run which waited for this goes in no more. Ask for the promotion again.',
          });
        }
        if (seam !== newest.seam) {
          // What is written below would not hold: it is decided anew, on what stands then.
          await this.#store.noteSeam(newest.id, seam);
        }
        return movePromotion(newest.state, {
          type: 'evaluate',
          at: now.toISOString(),
          standing: unattended(newest, judged.standing),
        });
      },
      { now },
    );
    if ('refusal' in result) {
      return promotion;
    }
    const after = result.promotion;
    if (undecidedStatuses.includes(after.status)) {
      await this.#store.noteApprovers(
        after.id,
        judged ? approversOf(judged, after) : [],
      );
      await this.#store.postpone(after.id, nextLook(judged, after, now));
    }
    if (result.changed) {
      this.#logger.info('Promotion moved', {
        promotion: after.id,
        service: environment.entityRef,
        environment: environment.name,
        from: before,
        to: after.status,
      });
      await this.#onChange(after);
    }
    return after;
  }

  /** What ends it instead, where there is nothing left to judge. */
  async #judge(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
    now: Date,
  ): Promise<{ judged: Judged } | { input: PromotionInput }> {
    const at = now.toISOString();
    const withdraw = (text: string) => ({
      input: { type: 'withdraw' as const, at, rejected: false, text },
    });
    try {
      const judged = await this.#desk.judge(
        environment,
        {
          releaseId: promotion.release_id,
          class: promotion.class,
          promotion,
        },
        now,
      );
      return judged ? { judged } : withdraw('The release is no longer known.');
    } catch (error) {
      if (error instanceof ConflictError) {
        // The policy takes no hotfixes any more.
        return withdraw(error.message);
      }
      if (promotion.expires_at <= at) {
        // Its time runs out, whether it could be judged or not.
        return { input: { type: 'evaluate', at, standing: unknownStanding } };
      }
      throw error;
    }
  }

  async #carryOut(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ): Promise<void> {
    let current = promotion;
    if (needsGoAhead(current)) {
      const started = await this.#giveGoAhead(current, environment);
      if (!started) {
        return;
      }
      current = started;
    }
    const { deploymentId, runId, ...outcome } = await this.#goAhead.outcomeOf(
      current,
      environment,
    );
    if (runId && !current.run_id) {
      current = await this.#noteRun(current, runId);
    }
    const told = followUp(
      {
        status: current.status,
        // GitHub may have been told long after it was decided.
        decidedAt:
          current.go_ahead_at ??
          current.state.decided?.at ??
          current.updated_at,
      },
      outcome,
      this.#now(),
    );
    const input =
      current.status === 'executing'
        ? withCanary(
            await this.#canaryOf(current, environment),
            told,
            this.#now().toISOString(),
          )
        : told;
    const moved = input
      ? await this.#move(current, input, deploymentId)
      : current;
    if (moved.status !== current.status) {
      // Verified at once where nobody watches.
      await this.lookAt(current.id);
    } else if (activeStatuses.includes(moved.status)) {
      await this.#store.postpone(
        moved.id,
        new Date(this.#now().getTime() + FOLLOW_MS),
      );
    }
  }

  /** Undefined: not yet, or it failed for good. */
  async #giveGoAhead(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ): Promise<StoredPromotion | undefined> {
    const now = this.#now();
    const isOurs = promotion.seam === 'dispatch';
    if (isOurs && !(await this.#noteGoAhead(promotion, now))) {
      return undefined;
    }
    try {
      const { told, operationId } = await this.#goAhead.start(
        promotion,
        environment,
      );
      if (!told) {
        return promotion;
      }
      const result = await this.#store.change(
        promotion.id,
        newest => ({ state: newest.state, events: [] }),
        {
          now,
          columns: {
            go_ahead_at: now.toISOString(),
            ...(operationId && { operation_id: operationId }),
          },
        },
      );
      return 'refusal' in result ? undefined : result.promotion;
    } catch (error) {
      const failure = finalFailure(error);
      if (failure) {
        await this.#move(promotion, {
          type: 'fail',
          at: now.toISOString(),
          failure,
        });
      } else {
        this.#logger.warn('A promotion could not be carried out yet', {
          promotion: promotion.id,
          cause: error instanceof Error ? error.message : String(error),
        });
        if (isOurs) {
          // As long as it waits, it can be taken back; unless another process started it meanwhile.
          await this.#store.change(
            promotion.id,
            ({ state, operation_id: startedBy }) =>
              startedBy
                ? { refusal: { message: 'It was started.' } }
                : { state, events: [] },
            { now, columns: { go_ahead_at: null } },
          );
        }
        await this.#store.postpone(
          promotion.id,
          new Date(now.getTime() + FOLLOW_MS),
        );
      }
      return undefined;
    }
  }

  /** Before it is dispatched: whoever cancels is told from now on that it is too late. False: it was taken back. */
  async #noteGoAhead({ id }: StoredPromotion, now: Date): Promise<boolean> {
    const result = await this.#store.change(
      id,
      ({ status, state }) =>
        status === 'executing'
          ? { state, events: [] }
          : { refusal: { message: 'It was taken back meanwhile.' } },
      { now, columns: { go_ahead_at: now.toISOString() } },
    );
    return 'promotion' in result;
  }

  /** So that who looks at it finds the run. */
  async #noteRun(
    promotion: StoredPromotion,
    runId: string,
  ): Promise<StoredPromotion> {
    const result = await this.#store.change(
      promotion.id,
      ({ state }) => ({ state, events: [] }),
      { now: this.#now(), columns: { run_id: runId } },
    );
    if ('refusal' in result) {
      return promotion;
    }
    await this.#onChange(result.promotion);
    return result.promotion;
  }

  async #move(
    promotion: StoredPromotion,
    input: PromotionInput,
    deploymentId?: string,
  ): Promise<StoredPromotion> {
    const result = await this.#store.change(
      promotion.id,
      newest => movePromotion(newest.state, input),
      {
        now: this.#now(),
        ...(deploymentId && { columns: { deployment_id: deploymentId } }),
      },
    );
    if ('refusal' in result) {
      return promotion;
    }
    if (result.changed) {
      await this.#onChange(result.promotion);
    }
    return result.promotion;
  }
}
