interface Waiting<T> {
  member: T;
  granted: () => void;
}

interface Group<T> {
  holder: T;
  waiting: Waiting<T>[];
}

/**
 * GitHub's concurrency groups: one runs, and one waits, for which an older one that waits gives way; with
 * `queue: max` all wait, in order.
 */
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
    queue: 'single' | 'max' = 'single',
  ): { holder: T | undefined; displaced: T | undefined } {
    const group = this.#groups.get(key);
    if (!group) {
      this.#groups.set(key, { holder: member, waiting: [] });
      granted();
      return { holder: undefined, displaced: undefined };
    }
    const displaced = queue === 'max' ? undefined : group.waiting.pop()?.member;
    group.waiting.push({ member, granted });
    return { holder: group.holder, displaced };
  }

  release(key: string, member: T): void {
    const group = this.#groups.get(key);
    if (!group) return;
    if (group.holder !== member) {
      group.waiting = group.waiting.filter(one => one.member !== member);
      return;
    }
    const next = group.waiting.shift();
    if (!next) {
      this.#groups.delete(key);
      return;
    }
    group.holder = next.member;
    next.granted();
  }
}
