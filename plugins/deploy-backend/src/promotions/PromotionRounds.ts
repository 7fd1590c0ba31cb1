import { LoggerService } from '@backstage/backend-plugin-api';
import { LOOK_AGAIN_MS } from './lookingAt';
import { PromotionStore } from './PromotionStore';

/** How many one pass looks at. */
const BATCH = 500;

/** Says which promotions are looked at next, one after another: those of services that changed, and those whose time has come. */
export class PromotionRounds {
  readonly #store: Pick<PromotionStore, 'dueOf' | 'undecided' | 'postpone'>;
  readonly #lookAt: (id: string) => Promise<void>;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #stopping = new AbortController();
  #wanted: Set<string> | undefined;
  #all = false;
  #running: Promise<void> | undefined;

  constructor(options: {
    store: Pick<PromotionStore, 'dueOf' | 'undecided' | 'postpone'>;
    lookAt: (id: string) => Promise<void>;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#store = options.store;
    this.#lookAt = options.lookAt;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /** Something changed for services. What comes while a pass runs is looked at after it. */
  wake(serviceIds: readonly string[]): void {
    if (this.#stopping.signal.aborted || serviceIds.length === 0) {
      return;
    }
    this.#wanted ??= new Set();
    serviceIds.forEach(id => this.#wanted?.add(id));
    this.#start();
  }

  /** Something changed that concerns any of them. */
  wakeAll(): void {
    if (!this.#stopping.signal.aborted) {
      this.#all = true;
      this.#start();
    }
  }

  /** Looks at those whose time has come. */
  async run(signal: AbortSignal): Promise<void> {
    const ids = await this.#store.dueOf({ now: this.#now(), limit: BATCH });
    await this.#lookAtAll(ids, signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
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
        await this.#lookAt(id);
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
