import { Trouble } from '../decide/trouble';

/**
 * How long something has been so without a change, as far as somebody looked. Of a longer time between two looks
 * only a part counts: a portal that stood still does not know what was meanwhile.
 */
export class Stopwatches {
  readonly #longestGapMs: number;
  #trouble: Stopwatch | undefined;
  #progress: Stopwatch | undefined;

  constructor(longestGapMs: number) {
    this.#longestGapMs = longestGapMs;
  }

  isTroubleLasting(trouble: Trouble | undefined, limit: number): boolean {
    // A container that crashes changes between two reasons, so that only the first sight counts.
    this.#trouble = trouble?.lasting ? this.#next(this.#trouble) : undefined;
    return this.#trouble !== undefined && this.#trouble.ms >= limit;
  }

  isStalled(progress: string, limit: number): boolean {
    const before = this.#progress;
    this.#progress = this.#next(
      before?.key === progress ? before : undefined,
      progress,
    );
    return this.#progress.ms >= limit;
  }

  #next(before: Stopwatch | undefined, key?: string): Stopwatch {
    const at = Date.now();
    const gap = before ? Math.max(0, at - before.at) : 0;
    return {
      key,
      at,
      ms: (before?.ms ?? 0) + Math.min(gap, this.#longestGapMs),
    };
  }
}

interface Stopwatch {
  key: string | undefined;
  /** Of the last look. */
  at: number;
  /** How long it has been so by then. */
  ms: number;
}
