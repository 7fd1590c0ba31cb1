/** Answers that are asked for again after a short while, and stand in for a longer one if nobody answers. */
export class LastKnown<T> {
  readonly #freshMs: number;
  readonly #keptMs: number;
  readonly #max: number;
  readonly #now: () => number;
  readonly #answers = new Map<string, { value: T; at: number }>();
  readonly #asked = new Map<string, Promise<T>>();

  constructor(options: {
    /** How long an answer is given without asking again. */
    freshMs: number;
    /** How old it may be if asking fails. */
    keptMs: number;
    /** How many answers are kept; the oldest ones are forgotten. */
    max: number;
    now: () => number;
  }) {
    this.#freshMs = options.freshMs;
    this.#keptMs = options.keptMs;
    this.#max = options.max;
    this.#now = options.now;
  }

  /** Rejects as `ask` does if there is no answer that is young enough. */
  async get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#youngerThan(key, this.#freshMs);
    if (known) {
      return known.value;
    }
    try {
      return await this.#ask(key, ask);
    } catch (error) {
      const last = this.#youngerThan(key, this.#keptMs);
      if (last) {
        return last.value;
      }
      throw error;
    }
  }

  /** Whoever asks meanwhile gets the same answer. */
  #ask(key: string, ask: () => Promise<T>): Promise<T> {
    const asked = this.#asked.get(key);
    if (asked) {
      return asked;
    }
    const at = this.#now();
    const answer = ask()
      .then(value => {
        this.#keep(key, { value, at });
        return value;
      })
      .finally(() => this.#asked.delete(key));
    this.#asked.set(key, answer);
    return answer;
  }

  #keep(key: string, answer: { value: T; at: number }) {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#max) {
        return;
      }
      this.#answers.delete(oldest);
    }
  }

  #youngerThan(key: string, ms: number) {
    const answer = this.#answers.get(key);
    return answer && this.#now() - answer.at < ms ? answer : undefined;
  }
}
