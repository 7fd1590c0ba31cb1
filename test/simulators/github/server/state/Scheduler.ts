interface Item {
  at: number;
  sequence: number;
  action: () => void | Promise<void>;
}

/**
 * The simulation's clock: what is due happens in order of time, then of
 * scheduling. Time jumps from one item to the next, or follows the real clock.
 */
export class Scheduler {
  #items: Item[] = [];
  #sequence = 0;
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  /** When the next item is due, if any. */
  get next(): number | undefined {
    return this.#items[0]?.at;
  }

  schedule(at: number, action: () => void | Promise<void>): void {
    const item = {
      at: Math.max(at, this.#now),
      sequence: this.#sequence,
      action,
    };
    this.#sequence += 1;
    const index = this.#items.findIndex(other => other.at > item.at);
    if (index < 0) this.#items.push(item);
    else this.#items.splice(index, 0, item);
  }

  /** Moves the clock, never backwards. */
  advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  /** Does everything that is due until then. */
  async runUntil(limit: number): Promise<void> {
    while (this.#items.length > 0 && this.#items[0].at <= limit) {
      const item = this.#items.shift() as Item;
      this.advanceTo(item.at);
      await item.action();
    }
  }
}
