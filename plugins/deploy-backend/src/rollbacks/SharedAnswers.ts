/**
 * Answers of platforms, shared by all who ask at the same time and for a while after. Pages ask again and
 * again, and a question is not free: on a virtual machine it keeps pipelines waiting.
 */
export class SharedAnswers<T> {
  readonly #answers = new Map<
    string,
    { group: string; until: number; answer: Promise<T> }
  >();
  readonly #now: () => number;

  constructor(options: { now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  /**
   * @param key - what is asked
   * @param group - see {@link SharedAnswers.forget}
   * @param ttlMs - from the time that the question is asked
   */
  async get(
    key: string,
    group: string,
    ttlMs: number,
    ask: () => Promise<T>,
  ): Promise<T> {
    const now = this.#now();
    const known = this.#answers.get(key);
    if (known && known.until > now) {
      return known.answer;
    }
    this.#dropOld(now);
    const entry = { group, until: now + ttlMs, answer: ask() };
    this.#answers.set(key, entry);
    try {
      return await entry.answer;
    } catch (error) {
      // Who asks next may have more luck.
      if (this.#answers.get(key) === entry) {
        this.#answers.delete(key);
      }
      throw error;
    }
  }

  /** Something changed in a group: its answers no longer hold. */
  forget(group: string): void {
    for (const [key, entry] of this.#answers) {
      if (entry.group === group) {
        this.#answers.delete(key);
      }
    }
  }

  #dropOld(now: number): void {
    for (const [key, { until }] of this.#answers) {
      if (until <= now) {
        this.#answers.delete(key);
      }
    }
  }
}
