/** Numbers that look random and are the same each time. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** At least 0, and less than `count`; mulberry32. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) % 2 ** 32;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  }

  pick<T>(among: readonly T[]): T {
    return among[this.below(among.length)];
  }

  /** So many times of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}
