interface Group<T> {
  holder: T;
  waiting: { member: T; granted: () => void } | undefined;
}

/** GitHub's concurrency groups: one runs, one waits, an older one that waits gives way. */
export class ConcurrencyGroups<T extends object = object> {
  readonly #groups = new Map<string, Group<T>>();

  /**
   * Grants at once when the group is free; otherwise waits, and tells whom
   * the newcomer pushed out of the queue and who holds the group.
   */
  acquire(
    key: string,
    member: T,
    granted: () => void,
  ): { holder: T | undefined; displaced: T | undefined } {
    const group = this.#groups.get(key);
    if (!group) {
      this.#groups.set(key, { holder: member, waiting: undefined });
      granted();
      return { holder: undefined, displaced: undefined };
    }
    const displaced = group.waiting?.member;
    group.waiting = { member, granted };
    return { holder: group.holder, displaced };
  }

  release(key: string, member: T): void {
    const group = this.#groups.get(key);
    if (!group) return;
    if (group.waiting?.member === member) {
      group.waiting = undefined;
      return;
    }
    if (group.holder !== member) return;
    if (!group.waiting) {
      this.#groups.delete(key);
      return;
    }
    const next = group.waiting;
    this.#groups.set(key, { holder: next.member, waiting: undefined });
    next.granted();
  }
}
