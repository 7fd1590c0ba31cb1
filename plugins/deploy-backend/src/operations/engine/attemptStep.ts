import { setTimeout as delay } from 'node:timers/promises';
import { JsonObject } from '@backstage/types';
import {
  StepControl,
  StepResult,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import { AttemptFailure, toAttemptFailure } from './attemptFailure';
import { NextAttempt, OperationState } from './state';
import { StepLog } from './StepLog';
import { RunningOperation, StepRunner } from './types';

/** Longest time that a timer of Node can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Of what a step remembers or gives to later ones. */
const MAX_JSON = 64 * 1024;

/** How an attempt ended. */
export type AttemptResult =
  | { kind: 'succeeded'; result: StepResult }
  | { kind: 'failed'; cause: AttemptFailure }
  /** The time limit ran out; what the step said then. */
  | { kind: 'late'; cause: AttemptFailure | undefined }
  /** The process stops, or has lost the operation. `settled`: the step does nothing any more. */
  | { kind: 'stopped'; settled: boolean };

/** All that an attempt needs. */
export interface AttemptOptions {
  operation: RunningOperation;
  fence: number;
  state: OperationState;
  next: NextAttempt;
  runners: Readonly<Record<string, StepRunner>>;
  log: StepLog;
  /** Aborted when the process stops or has lost the operation. */
  signal: AbortSignal;
  graceMs: number;
  now(): Date;
  remember(memory: JsonObject): Promise<void>;
}

type Ended = Extract<AttemptResult, { kind: 'succeeded' | 'failed' }>;

/** One call of a runner, and what it may do meanwhile. */
class Attempt {
  readonly #options: AttemptOptions;
  readonly #signal: AbortSignal;
  #memory: JsonObject;
  #closed = false;

  constructor(options: AttemptOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#memory = options.state.steps[options.next.step].memory;
  }

  async run(): Promise<Ended> {
    const { operation, next, runners } = this.#options;
    const step = operation.steps[next.step];
    try {
      if (!Object.hasOwn(runners, step.runner)) {
        throw new TargetError(
          'invalid',
          `Nothing here can run the step "${step.title}": there is no runner ${step.runner}.`,
          { remedy: 'Install the module that brings it, then try again.' },
        );
      }
      const runner = runners[step.runner];
      if (next.do === 'undo') {
        await runner.compensate(operation, step, this.#control());
        return { kind: 'succeeded', result: {} };
      }
      const result = await runner.execute(operation, step, this.#control());
      boundedJson('the output', result.output ?? {});
      return { kind: 'succeeded', result };
    } catch (error) {
      return { kind: 'failed', cause: toAttemptFailure(error) };
    }
  }

  /** From now on the runner changes nothing here any more. */
  close(): void {
    this.#closed = true;
  }

  #control(): StepControl {
    const { operation, fence, state, next, log } = this.#options;
    const step = state.steps[next.step];
    const signal = this.#signal;
    const memoryNow = () => this.#memory;
    return {
      operationId: operation.id,
      fence,
      attempt: next.do === 'undo' ? step.compensationAttempts : step.attempts,
      signal,
      get memory() {
        return memoryNow();
      },
      outputs: outputsOf(state),
      log: (text, level) => {
        if (!this.#closed) {
          log.add(text, level);
        }
      },
      remember: memory => this.#remember(memory),
      wait: milliseconds => wait(milliseconds, signal),
    };
  }

  async #remember(memory: JsonObject): Promise<void> {
    if (this.#closed) {
      throw new TargetError(
        'transient',
        'The step goes on after its end; what it remembers is not stored any more.',
      );
    }
    // A copy: what the step changes later is not stored.
    const copy = JSON.parse(boundedJson('what it remembers', memory));
    await this.#options.remember(copy);
    this.#memory = copy;
  }
}

/** Lets a runner make an attempt at a step. Never throws. */
export async function attemptStep(
  options: AttemptOptions,
): Promise<AttemptResult> {
  const { state, next, now, signal: outer } = options;
  const step = state.steps[next.step];
  const limit = new AbortController();
  const left = step.deadlineAt
    ? Date.parse(step.deadlineAt) - now().getTime()
    : MAX_TIMER_MS;
  const timer = setTimeout(
    () => limit.abort(lateError()),
    Math.min(Math.max(left, 0), MAX_TIMER_MS),
  );
  const signal = AbortSignal.any([outer, limit.signal]);
  const attempt = new Attempt(options, signal);
  try {
    const ended = await settledOrAbandoned(
      attempt.run(),
      signal,
      options.graceMs,
    );
    if (ended?.kind === 'succeeded') {
      return ended;
    }
    if (outer.aborted) {
      return { kind: 'stopped', settled: ended !== undefined };
    }
    if (limit.signal.aborted) {
      return {
        kind: 'late',
        cause: ended && isTelling(ended.cause) ? ended.cause : undefined,
      };
    }
    return ended ?? { kind: 'stopped', settled: false };
  } finally {
    clearTimeout(timer);
    attempt.close();
  }
}

function outputsOf(state: OperationState): Record<string, JsonObject> {
  return Object.fromEntries(
    state.steps.flatMap(step =>
      step.output && (step.status === 'succeeded' || step.status === 'skipped')
        ? [[step.plan.name, step.output]]
        : [],
    ),
  );
}

/** Rejects with the reason of the signal. */
async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.min(Math.max(milliseconds, 0), MAX_TIMER_MS), undefined, {
      signal,
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

function lateError(): TargetError {
  return new TargetError('transient', 'The time limit of the step ran out.');
}

/** What a step says when it is told to stop is mostly that it was told to stop. */
function isTelling(cause: AttemptFailure): boolean {
  return (
    cause.kind !== 'fault' && cause.failure.message !== lateError().message
  );
}

/** Undefined if the step went on after it was told to stop. */
async function settledOrAbandoned(
  run: Promise<Ended>,
  signal: AbortSignal,
  graceMs: number,
): Promise<Ended | undefined> {
  const over = new AbortController();
  const abandoned = new Promise<undefined>(resolve => {
    const giveUp = () => {
      const timer = setTimeout(() => resolve(undefined), graceMs);
      over.signal.addEventListener('abort', () => clearTimeout(timer));
    };
    if (signal.aborted) {
      giveUp();
    } else {
      signal.addEventListener('abort', giveUp, { signal: over.signal });
    }
  });
  try {
    return await Promise.race([run, abandoned]);
  } finally {
    over.abort();
  }
}

function boundedJson(name: string, value: JsonObject): string {
  const json = JSON.stringify(value);
  if (json.length > MAX_JSON) {
    throw new TargetError(
      'invalid',
      `The step is at fault: ${name} is ${json.length} characters of JSON, of which at most ${MAX_JSON} are stored.`,
    );
  }
  return json;
}
