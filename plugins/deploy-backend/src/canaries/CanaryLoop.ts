import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  canarySettingsOf,
  isCanaryOver,
} from '@vvp/backstage-plugin-deploy-common';
import { PromotionStore } from '../promotions/PromotionStore';
import { StoredPromotion } from '../promotions/rows';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { CanaryFollower, CanaryFollowerOptions } from './CanaryFollower';
import { CanaryStanding, canaryStanding } from './canaryStanding';
import { CanaryStore } from './CanaryStore';

/** How many one pass looks at. */
const BATCH = 200;

/** A pass waits no longer for platforms that are slow; they go on, and nobody waits for them. */
const PASS_MS = 9_000;

/** Has all canaries looked at, each in its turn. Any number of replicas may do so at once. */
export class CanaryLoop {
  readonly #store: CanaryStore;
  readonly #promotions: Pick<PromotionStore, 'get'>;
  readonly #environments: Pick<
    TargetEnvironments,
    'find' | 'driven' | 'isDriven'
  >;
  readonly #follower: CanaryFollower;
  #onOver: (promotionId: string) => Promise<void> = async () => {};
  readonly #logger: LoggerService;
  readonly #passMs: number;
  readonly #turns = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  #stopped = false;

  constructor(
    options: Omit<CanaryFollowerOptions, 'now' | 'lookMs'> & {
      promotions: Pick<PromotionStore, 'get'>;
      environments: Pick<TargetEnvironments, 'find' | 'isDriven'>;
      now?: () => Date;
      /** Of a pass, and of a question to a platform. */
      limits?: { passMs?: number; lookMs?: number };
    },
  ) {
    this.#store = options.store;
    this.#promotions = options.promotions;
    this.#environments = options.environments;
    this.#logger = options.logger;
    this.#passMs = options.limits?.passMs ?? PASS_MS;
    this.#follower = new CanaryFollower({
      ...options,
      now: options.now ?? (() => new Date()),
      lookMs: options.limits?.lookMs,
    });
  }

  /** Has somebody told of canaries that are over: their promotions can go on. */
  whenOver(listener: (promotionId: string) => Promise<void>): void {
    this.#onOver = listener;
  }

  /** Looks at all that may be under way, side by side; for the schedule. */
  async run(signal: AbortSignal): Promise<void> {
    const ids = await this.#store.promotionsToLookAt(BATCH);
    if (signal.aborted) {
      return;
    }
    const turns = ids.map(id => this.#turns.get(id) ?? this.#start(id));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>(resolve => {
      timer = setTimeout(resolve, this.#passMs);
    });
    await Promise.race([Promise.all(turns), limit]);
    clearTimeout(timer);
  }

  /** Looks at one now. Nobody has to wait for what follows. */
  wake(promotionId: string): void {
    if (this.#turns.has(promotionId)) {
      this.#again.add(promotionId);
    } else {
      this.#start(promotionId);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#turns.values());
  }

  /** What the canary of a promotion on its way means to it. */
  async standingOf(
    promotion: StoredPromotion,
    known: KnownEnvironment,
  ): Promise<CanaryStanding> {
    const canary = await this.#store.get(promotion.id);
    if (canary) {
      return canaryStanding(canary.state);
    }
    return promotion.status === 'executing' && this.doesCanaries(known)
      ? { state: 'open' }
      : { state: 'none' };
  }

  /** Whether releases get a part of the traffic first there, and the portal can see and move it. */
  doesCanaries(known: KnownEnvironment): boolean {
    return (
      canarySettingsOf(known.definition?.target) !== undefined &&
      this.#environments.isDriven(known) &&
      this.#environments.driven(known).target.canary !== undefined
    );
  }

  #start(promotionId: string): Promise<void> {
    if (this.#stopped) {
      return Promise.resolve();
    }
    const turn = this.#turn(promotionId)
      .catch(error => {
        this.#logger.error('A canary could not be looked at', {
          promotion: promotionId,
          cause: stringifyError(error),
        });
      })
      .finally(() => {
        this.#turns.delete(promotionId);
        if (this.#again.delete(promotionId)) {
          this.wake(promotionId);
        }
      });
    this.#turns.set(promotionId, turn);
    return turn;
  }

  async #turn(promotionId: string): Promise<void> {
    const promotion = await this.#promotions.get(promotionId);
    const known =
      promotion &&
      (await this.#environments.find({ id: promotion.environment_id }));
    if (!promotion || !known) {
      // Its promotion ends when the next look finds that the environment is gone.
      return;
    }
    const found = await this.#store.get(promotionId);
    if (found ? isCanaryOver(found.state) : !this.doesCanaries(known)) {
      return;
    }
    const canary = await this.#follower.follow(promotion, known, found);
    if (canary && isCanaryOver(canary.state)) {
      await this.#onOver(promotionId);
    }
  }
}
