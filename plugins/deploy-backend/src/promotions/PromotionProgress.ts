import { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  activeStatuses,
  Failure,
  movePromotion,
  PromotionInput,
  Standing,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { CanaryStanding, withCanary } from '../canaries/canaryStanding';
import { approversOf } from './approversOf';
import { followUp, Outcome } from './followUp';
import { PromotionStore } from './PromotionStore';
import { Judged, ReadinessDesk } from './ReadinessDesk';
import { StoredPromotion } from './rows';

/** An undecided promotion is looked at this often at least: gates grow old, members leave groups. */
const LOOK_AGAIN_MS = 60_000;

/** One that is on its way is looked at this often, besides when something is told of it. */
const FOLLOW_MS = 15_000;

/** How many one pass looks at. */
const BATCH = 500;

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
  ): Promise<Outcome & { deploymentId?: string }>;
}

/** Lets nothing through. */
const unknownStanding: Standing = {
  seen: '',
  fit: false,
  approved: false,
  clear: false,
  ineligible: [],
};

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
  readonly #stopping = new AbortController();
  #wanted: Set<string> | undefined;
  #all = false;
  #running: Promise<void> | undefined;

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
  }

  /** Notes that something changed for services. Nobody has to wait for what follows. */
  wake(serviceIds: readonly string[]): void {
    if (this.#stopping.signal.aborted || serviceIds.length === 0) {
      return;
    }
    this.#wanted ??= new Set();
    serviceIds.forEach(id => this.#wanted?.add(id));
    this.#start();
  }

  /** Looks at those whose time has come; for the schedule. */
  async run(signal: AbortSignal): Promise<void> {
    const ids = await this.#store.dueOf({ now: this.#now(), limit: BATCH });
    await this.#lookAtAll(ids, signal);
  }

  /** Notes that something changed that concerns any of them, such as a freeze. */
  wakeAll(): void {
    if (!this.#stopping.signal.aborted) {
      this.#all = true;
      this.#start();
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
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
    const { deploymentId, ...outcome } = await this.#goAhead.outcomeOf(
      current,
      environment,
    );
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
          // As long as it waits, it can be taken back.
          await this.#store.change(
            promotion.id,
            ({ state }) => ({ state, events: [] }),
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

  #start(): void {
    this.#running ??= this.#workOff().finally(() => {
      this.#running = undefined;
    });
  }

  async #workOff(): Promise<void> {
    while ((this.#wanted || this.#all) && !this.#stopping.signal.aborted) {
      const serviceIds = [...(this.#wanted ?? [])];
      const all = this.#all;
      this.#wanted = undefined;
      this.#all = false;
      try {
        await this.#lookAtAll(
          all
            ? await this.#store.undecided(BATCH)
            : await this.#store.dueOf({
                serviceIds,
                now: this.#now(),
                limit: BATCH,
              }),
          this.#stopping.signal,
        );
      } catch (error) {
        // The schedule takes up what is left.
        this.#logger.warn('Promotions could not be looked at', {
          cause: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  async #lookAtAll(ids: readonly string[], signal: AbortSignal): Promise<void> {
    for (const id of ids) {
      if (signal.aborted) {
        return;
      }
      try {
        await this.lookAt(id);
      } catch (error) {
        this.#logger.error('A promotion could not be looked at', {
          promotion: id,
          cause: error instanceof Error ? error.message : String(error),
        });
        await this.#store.postpone(
          id,
          new Date(this.#now().getTime() + LOOK_AGAIN_MS),
        );
      }
    }
  }
}

/** A dispatch that a crash cut off is begun again. Nothing follows from what was let in against the portal. */
function needsGoAhead(promotion: StoredPromotion): boolean {
  const isBegun =
    promotion.go_ahead_at &&
    (promotion.seam !== 'dispatch' || promotion.operation_id);
  return (
    promotion.status === 'executing' && !promotion.state.bypassed && !isBegun
  );
}

/** Where GitHub waits for a person, nothing goes in by itself. */
function unattended({ seam }: StoredPromotion, standing: Standing): Standing {
  return seam === 'review' ? { ...standing, clear: false } : standing;
}

/** When a time comes that may change something, at the latest after a while. */
function nextLook(
  judged: Judged | undefined,
  promotion: StoredPromotion,
  now: Date,
): Date {
  const times = [
    now.getTime() + LOOK_AGAIN_MS,
    Date.parse(promotion.expires_at),
    ...(judged?.conditions ?? []).flatMap(({ until }) =>
      until ? [Date.parse(until)] : [],
    ),
  ].filter(time => time > now.getTime());
  return new Date(Math.min(...times));
}

const FINAL_ERRORS = ['InputError', 'NotAllowedError', 'NotFoundError'];

/** What trying again does not mend. */
function finalFailure(error: unknown): Failure | undefined {
  return error instanceof Error && FINAL_ERRORS.includes(error.name)
    ? { message: error.message }
    : undefined;
}
