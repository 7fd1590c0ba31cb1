import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { defaultLimits, EngineLimits } from './limits';
import { OperationRun } from './OperationRun';
import { OperationStore } from './OperationStore';
import { EngineHooks, NewOperation, StepRunner } from './types';

/** What an engine is made of. */
export interface EngineOptions {
  knex: Knex;
  /** By the name that plans call them by; those missing fail the step that asks for them. */
  runners: Readonly<Record<string, StepRunner>>;
  hooks: EngineHooks;
  logger: LoggerService;
  /** Of this process, different each time that it starts. Default: random. */
  owner?: string;
  now?(): Date;
  /** 0 to 1, for the jitter of retries. */
  chance?(): number;
  limits?: Partial<EngineLimits>;
}

/** Longest time that a timer of Node can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs operations: takes them over from the database, leads them step by step, and gives them back when
 * they have to wait or the process stops. Any number of engines share a database. The rules are in
 * README.md.
 */
export class OperationEngine {
  readonly #store: OperationStore;
  readonly #options: EngineOptions;
  readonly #owner: string;
  readonly #limits: EngineLimits;
  readonly #now: () => Date;
  readonly #runs = new Map<OperationRun, Promise<void>>();
  readonly #wakeUps = new Set<NodeJS.Timeout>();
  #timers: NodeJS.Timeout[] = [];
  #started = false;
  #pumping: Promise<void> | undefined;
  #pumpAgain = false;
  #beating = false;
  #leasesGoodUntil = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#owner = options.owner ?? uuid();
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#now = options.now ?? (() => new Date());
    this.#store = new OperationStore({
      knex: options.knex,
      hooks: options.hooks,
      now: this.#now,
      leaseMs: this.#limits.leaseMs,
    });
  }

  /**
   * Stores an operation. It runs when its turn comes, here or on another replica.
   *
   * The same request with the same key gives the same id again, and `created` false. Throws a
   * ConflictError if the key was used for another request, or an operation of the same service is under
   * way in the environment (then an OperationRunningError).
   */
  async submit(
    operation: NewOperation,
  ): Promise<{ id: string; created: boolean }> {
    const submitted = await this.#store.submit(operation);
    if (submitted.created) {
      this.#options.hooks.onChange({
        id: submitted.id,
        serviceId: operation.serviceId,
      });
      this.wake();
    }
    return submitted;
  }

  /**
   * Asks an operation to stop before its next step or attempt, and to undo what it did. Asked again, the
   * first request stands. Throws a NotFoundError, or a ConflictError if it is over
   * or is being undone because it failed.
   *
   * @param by - entity ref of who asks
   * @param check - throws if it may not be cancelled as it is now; asked within the transaction, so that no
   *   step of it ends in between
   */
  async requestCancel(
    id: string,
    by: string,
    check?: (tx: Knex.Transaction) => Promise<void>,
  ): Promise<void> {
    const serviceId = await this.#store.requestCancel(id, by, check);
    this.#options.hooks.onChange({ id, serviceId });
    this.wake();
  }

  /** Begins to take operations over. */
  start(): void {
    if (this.#started) {
      return;
    }
    this.#started = true;
    this.#timers = [
      setInterval(() => this.wake(), this.#limits.pollMs).unref(),
      setInterval(() => this.#beat(), this.#limits.heartbeatMs).unref(),
    ];
    this.wake();
  }

  /**
   * Tells the steps that run to stop, and gives their operations back, so that another replica goes on at
   * once.
   */
  async stop(): Promise<void> {
    this.#started = false;
    this.#timers.forEach(timer => clearInterval(timer));
    this.#wakeUps.forEach(timer => clearTimeout(timer));
    this.#wakeUps.clear();
    await this.#pumping;
    for (const run of this.#runs.keys()) {
      run.breakOff('stopping');
    }
    await Promise.all(this.#runs.values());
  }

  /** Looks for work now instead of at the next interval. */
  wake(): void {
    if (!this.#started) {
      return;
    }
    if (this.#pumping) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = this.#pump()
      .catch(error => {
        this.#options.logger.warn('Looking for operations failed', {
          error: String(error),
        });
      })
      .finally(() => {
        this.#pumping = undefined;
        if (this.#pumpAgain) {
          this.#pumpAgain = false;
          this.wake();
        }
      });
  }

  async #pump(): Promise<void> {
    const unclaimed: string[] = [];
    for (;;) {
      const free = this.#limits.concurrency - this.#runs.size;
      if (!this.#started || free <= 0) {
        return;
      }
      const leasedAt = performance.now();
      const { claims, found } = await this.#store.claim(
        this.#owner,
        free,
        (operation, error) => {
          unclaimed.push(operation);
          this.#options.logger.warn(
            'An operation could not be taken over; it is tried again',
            { operation, error: String(error) },
          );
        },
        [...unclaimed],
      );
      if (claims.length > 0 && this.#runs.size === 0) {
        this.#leasesGoodUntil = leasedAt + this.#limits.leaseMs;
      }
      for (const claim of claims) {
        this.#run(new OperationRun(claim, this.#runOptions()));
      }
      // All that was there is taken, by this process or by another one that was faster; or has to wait.
      if (found < free) {
        return;
      }
    }
  }

  #runOptions() {
    return {
      store: this.#store,
      runners: this.#options.runners,
      hooks: this.#options.hooks,
      logger: this.#options.logger,
      limits: this.#limits,
      now: this.#now,
      chance: this.#options.chance ?? Math.random,
    };
  }

  #run(run: OperationRun): void {
    this.#options.hooks.onChange(run.claim.operation);
    const running = run.run().then(goesOnAt => {
      this.#runs.delete(run);
      if (goesOnAt) {
        this.#wakeAt(goesOnAt);
      }
      this.wake();
    });
    this.#runs.set(run, running);
  }

  #wakeAt(time: Date): void {
    if (!this.#started) {
      return;
    }
    const wait = Math.max(0, time.getTime() - this.#now().getTime());
    const timer = setTimeout(() => {
      this.#wakeUps.delete(timer);
      this.wake();
    }, Math.min(wait, MAX_TIMER_MS)).unref();
    this.#wakeUps.add(timer);
  }

  /** Extends the leases, and breaks off what this process has lost. */
  async #beat(): Promise<void> {
    const runs = [...this.#runs.keys()];
    // Before the next beat another process may take them over.
    const { heartbeatMs } = this.#limits;
    if (performance.now() > this.#leasesGoodUntil - heartbeatMs) {
      runs.forEach(run => run.breakOff('lost'));
    }
    if (this.#beating || runs.length === 0) {
      return;
    }
    this.#beating = true;
    const askedAt = performance.now();
    try {
      const fences = await this.#store.extendLeases(
        this.#owner,
        runs.map(({ claim }) => claim.operation.id),
      );
      this.#leasesGoodUntil = askedAt + this.#limits.leaseMs;
      for (const run of runs) {
        const { operation, fence } = run.claim;
        if (this.#runs.has(run) && fences.get(operation.id) !== fence) {
          run.breakOff('lost');
        }
      }
    } catch (error) {
      this.#options.logger.warn('Leases could not be extended', {
        error: String(error),
      });
    } finally {
      this.#beating = false;
    }
  }
}
