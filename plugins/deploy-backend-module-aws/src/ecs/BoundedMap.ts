/** Keeps what was used last. */
export class BoundedMap<T> {
  readonly #items = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): T | undefined {
    const item = this.#items.get(key);
    if (item !== undefined) {
      this.#items.delete(key);
      this.#items.set(key, item);
    }
    return item;
  }

  set(key: string, item: T): void {
    this.#items.delete(key);
    this.#items.set(key, item);
    if (this.#items.size > this.#most) {
      const [oldest] = this.#items.keys();
      this.#items.delete(oldest);
    }
  }
}
