import { JsonObject } from '@backstage/types';
import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  PlannedStep,
  StepControl,
  StepResult,
  TargetEnvironment,
} from '../DeployTarget';
import { TargetError, TargetErrorKind } from '../TargetError';

/** How a plan is driven. Times in milliseconds. */
export interface DriveOptions {
  /**
   * Time limit of each step, in place of its own. Default 5,000. Time in which the machine stands still does not
   * count.
   */
  stepLimitMs?: number;
  /** Longest time that a step waits at once, in place of what it asks for. Default 10. */
  longestWaitMs?: number;
  /** Every attempt is made twice, as after a crash between its effect and the note of it. */
  twice?: boolean;
  /** The process dies at the so-manieth moment, from 1, at which it could; see {@link DriveResult.moments}. */
  dieAt?: number;
  /** After so many steps something else fails, and they are undone. */
  failAfter?: number;
  /** Asked once there are no credentials; then it is tried again. Default: what was done is undone. */
  onParked?(): Promise<void>;
  /** Called after each step that has succeeded. */
  afterStep?(name: string): Promise<void>;
}

/** How it ended. */
export interface DriveResult {
  outcome: 'done' | 'as-before' | 'unclear';
  /** What made it turn back. */
  error?: Error;
  /** Kinds of all errors, in the order in which they came. */
  kinds: TargetErrorKind[];
  /** What made undoing fail. */
  undoError?: Error;
  /** How many moments there were at which the process could have died. */
  moments: number;
  /** How many of them there were before anything was undone. */
  momentsBefore: number;
  log: string[];
}

/** Thrown into a step in place of the death of its process. */
class DeathError extends Error {
  constructor() {
    super('The process died.');
    this.name = 'DeathError';
  }
}

/** What a time limit is counted in: however late one of them comes, it is one. */
const TICK_MS = 10;

interface StepMemory {
  attempts: number;
  compensations: number;
  memory: JsonObject;
}

/** The time that a step has, over all attempts. */
class StepLimit {
  readonly #limitMs: number;
  readonly #timer: NodeJS.Timeout;
  #leftMs: number;
  #attempt = new AbortController();

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    this.#leftMs = limitMs;
    this.#timer = setInterval(() => {
      this.#leftMs -= TICK_MS;
      if (this.isOver) {
        this.#attempt.abort(
          new TargetError('transient', 'The time limit ran out.'),
        );
      }
    }, TICK_MS);
  }

  get isOver(): boolean {
    return this.#leftMs <= 0;
  }

  /** For the next attempt. */
  signal(): AbortSignal {
    this.#attempt = new AbortController();
    return this.#attempt.signal;
  }

  renew(): void {
    this.#leftMs = this.#limitMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

class PlanDriver<TSpec extends TargetSpec> {
  readonly #target: DeployTarget<TSpec>;
  readonly #environment: TargetEnvironment<TSpec>;
  readonly #steps: readonly PlannedStep[];
  readonly #options: DriveOptions;
  readonly #memories = new Map<string, StepMemory>();
  readonly #outputs: Record<string, JsonObject> = {};
  readonly #kinds: TargetErrorKind[] = [];
  readonly #log: string[] = [];
  #moments = 0;
  #momentsBefore: number | undefined;
  #fence = 1;

  constructor(
    target: DeployTarget<TSpec>,
    environment: TargetEnvironment<TSpec>,
    steps: readonly PlannedStep[],
    options: DriveOptions,
  ) {
    this.#target = target;
    this.#environment = environment;
    // As stored and read again by another process.
    this.#steps = JSON.parse(JSON.stringify(steps));
    this.#options = options;
  }

  async drive(): Promise<DriveResult> {
    const { failAfter = Infinity } = this.#options;
    const begun: PlannedStep[] = [];
    let error: Error | undefined;
    for (const [index, step] of this.#steps.entries()) {
      if (index >= failAfter) {
        break;
      }
      begun.push(step);
      try {
        const result = await this.#repeat(step, 'do');
        if (result.output) {
          this.#outputs[step.name] = result.output;
        }
        if (result.skipped && this.#memoryOf(step).attempts === 1) {
          begun.pop();
        }
        await this.#options.afterStep?.(step.name);
      } catch (cause) {
        error = cause as Error;
        break;
      }
    }
    if (!error && failAfter !== Infinity) {
      error = new Error('Something else failed.');
    }
    if (!error) {
      return this.#result({ outcome: 'done' });
    }
    this.#momentsBefore = this.#moments;
    for (const step of begun.reverse()) {
      try {
        if (step.compensates) {
          await this.#repeat(step, 'undo');
        }
      } catch (undoError) {
        return this.#result({
          outcome: 'unclear',
          error,
          undoError: undoError as Error,
        });
      }
    }
    return this.#result({ outcome: 'as-before', error });
  }

  #result(
    end: Pick<DriveResult, 'outcome' | 'error' | 'undoError'>,
  ): DriveResult {
    return {
      ...end,
      kinds: this.#kinds,
      moments: this.#moments,
      momentsBefore: this.#momentsBefore ?? this.#moments,
      log: this.#log,
    };
  }

  async #repeat(step: PlannedStep, what: 'do' | 'undo'): Promise<StepResult> {
    const limit = new StepLimit(this.#options.stepLimitMs ?? 5_000);
    try {
      return await this.#attempts(step, what, limit);
    } finally {
      limit.stop();
    }
  }

  /** Makes attempts until one succeeds, or the time limit is over. */
  async #attempts(
    step: PlannedStep,
    what: 'do' | 'undo',
    limit: StepLimit,
  ): Promise<StepResult> {
    let parked = false;
    let repeat = this.#options.twice ?? false;
    for (;;) {
      const life = new AbortController();
      try {
        const result = await this.#attempt(step, what, limit.signal(), life);
        if (!repeat) {
          return result;
        }
        repeat = false;
      } catch (error) {
        if (life.signal.aborted) {
          continue;
        }
        if (!(error instanceof TargetError)) {
          throw error;
        }
        this.#kinds.push(error.kind);
        const { onParked } = this.#options;
        if (error.kind === 'credentials' && onParked && !parked) {
          parked = true;
          await onParked();
          limit.renew();
          continue;
        }
        const isRetried = error.kind === 'transient' || error.kind === 'busy';
        if (!isRetried || limit.isOver) {
          throw error;
        }
        await this.#pause(error.retryAfterMs ?? 5);
      }
    }
  }

  async #attempt(
    step: PlannedStep,
    what: 'do' | 'undo',
    limit: AbortSignal,
    life: AbortController,
  ): Promise<StepResult> {
    const memory = this.#memoryOf(step);
    memory[what === 'do' ? 'attempts' : 'compensations'] += 1;
    const control = this.#control(memory, what, limit, life);
    if (what === 'do') {
      const result = await this.#target.executeStep(
        this.#environment,
        step,
        control,
      );
      this.#mayDie(life);
      return result;
    }
    await this.#target.compensateStep(this.#environment, step, control);
    this.#mayDie(life);
    return {};
  }

  #control(
    memory: StepMemory,
    what: 'do' | 'undo',
    limit: AbortSignal,
    life: AbortController,
  ): StepControl {
    const signal = AbortSignal.any([limit, life.signal]);
    const mayDie = () => this.#mayDie(life);
    return {
      operationId: '00000000-0000-4000-8000-000000000001',
      fence: this.#fence,
      attempt: what === 'do' ? memory.attempts : memory.compensations,
      signal,
      get memory() {
        return memory.memory;
      },
      outputs: { ...this.#outputs },
      log: text => {
        mayDie();
        this.#log.push(text);
      },
      remember: async value => {
        mayDie();
        memory.memory = JSON.parse(JSON.stringify(value));
        mayDie();
      },
      wait: async milliseconds => {
        mayDie();
        await this.#pause(milliseconds);
        signal.throwIfAborted();
      },
    };
  }

  /** A process that has died does not do anything more: it dies at each later moment again. */
  #mayDie(life: AbortController): void {
    life.signal.throwIfAborted();
    this.#moments += 1;
    if (this.#moments === this.#options.dieAt) {
      this.#fence += 1;
      life.abort(new DeathError());
      life.signal.throwIfAborted();
    }
  }

  #memoryOf(step: PlannedStep): StepMemory {
    const known = this.#memories.get(step.name);
    if (known) {
      return known;
    }
    const memory = { attempts: 0, compensations: 0, memory: {} };
    this.#memories.set(step.name, memory);
    return memory;
  }

  async #pause(milliseconds: number): Promise<void> {
    const { longestWaitMs = 10 } = this.#options;
    await new Promise(resolve => {
      setTimeout(resolve, Math.min(milliseconds, longestWaitMs));
    });
  }
}

/**
 * Runs a plan as the engine does, in memory and quickly: retries what is transient or busy, waits for
 * credentials, undoes in reverse order after a failure.
 *
 * @public
 */
export async function drivePlan<TSpec extends TargetSpec>(
  target: DeployTarget<TSpec>,
  environment: TargetEnvironment<TSpec>,
  steps: readonly PlannedStep[],
  options: DriveOptions = {},
): Promise<DriveResult> {
  return new PlanDriver(target, environment, steps, options).drive();
}
