/** How many responses took how many milliseconds. */
export class ResponseTimes {
  readonly #counts = new Map<number, number>();
  #total = 0;

  add(milliseconds: number, count: number): void {
    const before = this.#counts.get(milliseconds) ?? 0;
    this.#counts.set(milliseconds, before + count);
    this.#total += count;
  }

  addAll(other: ResponseTimes): void {
    other.#counts.forEach((count, time) => this.add(time, count));
  }

  /**
   * The time that this share of the responses took at the most, as Locust counts it; undefined without any.
   *
   * @param share - from 0 to below 1
   */
  percentile(share: number): number | undefined {
    const rank = Math.floor(this.#total * share);
    let passed = 0;
    for (const time of [...this.#counts.keys()].sort((a, b) => a - b)) {
      passed += this.#counts.get(time) ?? 0;
      if (passed > rank) {
        return time;
      }
    }
    return undefined;
  }
}
