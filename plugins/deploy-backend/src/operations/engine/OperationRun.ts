import { LoggerService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { boundedFailure, hiddenText } from './attemptFailure';
import { AttemptResult, attemptStep } from './attemptStep';
import { Claim } from './claimOperations';
import { EngineLimits } from './limits';
import { advance, expire, fail, refuse, succeed } from './moves';
import { needsAdmission } from './needsAdmission';
import { LeaseLostError, LogBatch, OperationStore } from './OperationStore';
import { isOver, NextAttempt, OperationState, StepState } from './state';
import { StepLog } from './StepLog';
import { EngineHooks, StepRunner } from './types';

/** What a run needs of its engine. */
export interface RunOptions {
  store: OperationStore;
  runners: Readonly<Record<string, StepRunner>>;
  hooks: EngineHooks;
  logger: LoggerService;
  limits: EngineLimits;
  now(): Date;
  chance(): number;
}

/** Why a run was broken off. */
export type BreakOff = 'stopping' | 'lost';

/** Leads one operation that this process has claimed to its end, or to where it has to wait. */
export class OperationRun {
  readonly claim: Claim;
  readonly #options: RunOptions;
  readonly #broken = new AbortController();
  #state: OperationState;

  constructor(claim: Claim, options: RunOptions) {
    this.claim = claim;
    this.#options = options;
    this.#state = claim.state;
  }

  /** Tells the step that runs to stop. After `lost` nothing is written any more. */
  breakOff(why: BreakOff): void {
    this.#broken.abort(
      new TargetError(
        'transient',
        why === 'lost'
          ? 'Another process has taken the operation over.'
          : 'The process is being stopped; another one goes on.',
      ),
    );
    if (why === 'lost') {
      this.#lost = true;
    }
  }

  #lost = false;

  /**
   * Never throws.
   *
   * @returns when it goes on; undefined if it is over, or somebody else has it
   */
  async run(): Promise<Date | undefined> {
    const { logger, limits, store, now } = this.#options;
    try {
      await this.#go();
    } catch (error) {
      this.breakOff(error instanceof LeaseLostError ? 'lost' : 'stopping');
      if (error instanceof LeaseLostError) {
        logger.warn('An operation was taken over by another process', {
          operation: this.claim.operation.id,
        });
        return undefined;
      }
      logger.error('An operation could not be led on; it is tried again', {
        operation: this.claim.operation.id,
        error: String(error),
      });
      const dueAt = new Date(now().getTime() + limits.pollMs);
      // If this fails too, the lease runs out by itself.
      await store.release(this.claim, dueAt).catch(() => {});
      return dueAt;
    }
    return this.#lost || isOver(this.#state)
      ? undefined
      : new Date(this.#state.dueAt);
  }

  async #go(): Promise<void> {
    const { now, hooks } = this.#options;
    const refusal = needsAdmission(this.#state)
      ? await hooks.admit(this.claim.operation)
      : undefined;
    let next = await this.#write(state =>
      refusal
        ? refuse(state, boundedFailure(refusal), now())
        : advance(state, now()),
    );
    while (next && !this.#broken.signal.aborted) {
      next = await this.#attempt(next);
    }
    if (next && !this.#lost) {
      // Begun, but told to stop before its runner was called.
      await this.#options.store.release(this.claim, now());
    }
  }

  async #attempt(next: NextAttempt): Promise<NextAttempt | undefined> {
    const { store, limits, runners, now, hooks } = this.#options;
    const { operation, fence } = this.claim;
    const step = this.#state.steps[next.step];
    const isFirst = step.attempts + step.compensationAttempts === 1;
    const log = new StepLog(
      now,
      isFirst ? 0 : await store.lastLine(operation.id, next.step),
    );
    const flushing = this.#flushRegularly(log, next.step);
    let result: AttemptResult;
    try {
      result = await attemptStep({
        operation: { ...operation, startedAt: this.#state.startedAt },
        fence,
        state: this.#state,
        next,
        runners,
        log,
        signal: this.#broken.signal,
        graceMs: limits.graceMs,
        now,
        remember: memory => this.#remember(next.step, memory),
      });
    } finally {
      await flushing.stop();
    }
    if (this.#lost) {
      return undefined;
    }
    const stopping = this.#broken.signal.aborted;
    if (result.kind === 'stopped') {
      if (result.settled) {
        await this.#write(state => ({ state }), {
          log: { step: next.step, lines: log.take() },
          release: true,
        });
      }
      // Else it may still be at it: the lease runs out by itself.
      return undefined;
    }
    this.#reportHidden(next, step, result);
    logResult(log, next, result);
    const batch = { step: next.step, lines: log.take() };
    const following = await this.#write(
      state => {
        const applied = this.#apply(state, next, result);
        return stopping || this.#hasToWait(applied) || needsAdmission(applied)
          ? { state: applied }
          : advance(applied, now());
      },
      { log: batch },
    );
    hooks.onChange(operation);
    return following;
  }

  #apply(
    state: OperationState,
    next: NextAttempt,
    result: Exclude<AttemptResult, { kind: 'stopped' }>,
  ): OperationState {
    const { now, limits, chance } = this.#options;
    switch (result.kind) {
      case 'succeeded':
        return succeed(state, next, result.result, now());
      case 'late':
        return expire(state, next, result.cause?.failure, now());
      default:
        return fail(state, next, result.cause, now(), {
          limits,
          chance: chance(),
        });
    }
  }

  /** Once, not at each attempt that fails for the same reason. */
  #reportHidden(
    next: NextAttempt,
    step: StepState,
    result: Exclude<AttemptResult, { kind: 'stopped' }>,
  ): void {
    const cause = result.kind === 'succeeded' ? undefined : result.cause;
    const isKnown =
      next.do === 'execute' && step.failure?.message === cause?.failure.message;
    if (cause?.hidden && !isKnown) {
      this.#options.logger.warn('A step failed for a reason of the portal', {
        operation: this.claim.operation.id,
        step: step.plan.name,
        error: hiddenText(cause.hidden),
      });
    }
  }

  #hasToWait(state: OperationState): boolean {
    return new Date(state.dueAt) > this.#options.now();
  }

  /** Writes where the operation got to, and gives it back if there is nothing to do now. */
  async #write(
    change: (state: OperationState) => {
      state: OperationState;
      next?: NextAttempt;
    },
    options: { log?: LogBatch; release?: boolean } = {},
  ): Promise<NextAttempt | undefined> {
    const { store, hooks } = this.#options;
    let next: NextAttempt | undefined;
    this.#state = await store.write(
      this.claim,
      this.#state,
      fresh => {
        const changed = change(fresh);
        next = changed.next;
        return changed.state;
      },
      { log: options.log, release: () => next === undefined },
    );
    hooks.onChange(this.claim.operation);
    return next;
  }

  async #remember(step: number, memory: JsonObject): Promise<void> {
    try {
      await this.#options.store.remember(this.claim, step, memory);
    } catch (error) {
      if (error instanceof LeaseLostError) {
        this.breakOff('lost');
        throw error;
      }
      throw new TargetError(
        'transient',
        'What the step remembers could not be stored: the database does not answer.',
      );
    }
    const steps = [...this.#state.steps];
    steps[step] = { ...steps[step], memory };
    this.#state = { ...this.#state, steps };
  }

  /** Writes the log while the step runs. */
  #flushRegularly(log: StepLog, step: number): { stop(): Promise<void> } {
    const { store, limits, hooks, logger } = this.#options;
    let writing: Promise<void> | undefined;
    const flush = async () => {
      try {
        await store.writeLog(this.claim, { step, lines: log.take() });
        hooks.onChange(this.claim.operation);
      } catch (error) {
        if (error instanceof LeaseLostError) {
          this.breakOff('lost');
          return;
        }
        logger.warn('Lines of a log could not be written and are lost', {
          operation: this.claim.operation.id,
          error: String(error),
        });
      }
    };
    const timer = setInterval(() => {
      if (!writing && !log.isEmpty) {
        writing = flush().finally(() => {
          writing = undefined;
        });
      }
    }, limits.logMs);
    return {
      stop: async () => {
        clearInterval(timer);
        await writing;
      },
    };
  }
}

/** Says in the log how the attempt ended, where the step did not. */
function logResult(
  log: StepLog,
  next: NextAttempt,
  result: Exclude<AttemptResult, { kind: 'stopped' }>,
): void {
  const what = next.do === 'undo' ? 'Undoing it' : 'The attempt';
  if (result.kind === 'failed') {
    log.add(`${what} failed: ${result.cause.failure.message}`, 'error');
  }
  if (result.kind === 'late') {
    log.add(`${what} did not end within the time limit.`, 'error');
  }
  if (result.kind === 'succeeded' && next.do === 'undo') {
    log.add('Undone.');
  }
}
