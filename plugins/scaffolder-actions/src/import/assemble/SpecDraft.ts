import { Accounts, Refusal } from '../report/Accounts';
import { MASK } from '../source/literalSecrets';
import { Leaf, OpenKey, Told } from '../types';

type Tree = { [key: string]: Tree | unknown };

/** A `deploy.yaml` in the making, which knows what says each of its keys. */
export class SpecDraft {
  readonly document: Tree = {};
  /** What the pipeline is called, where workflows say it. */
  name?: string;
  readonly guessed: OpenKey[] = [];
  /** Keys that could be there, and of which nothing is to be seen in these workflows. */
  readonly open: OpenKey[] = [];
  readonly #sources = new Map<string, Leaf[]>();

  constructor(readonly accounts: Accounts) {}

  /**
   * Sets a key. What was said first stays; whatever says something else is named.
   *
   * @param told - undefined sets nothing
   * @param usual - what is taken where nothing is said, and so need not be
   */
  set(
    path: readonly string[],
    told: Told<unknown> | undefined,
    usual?: unknown,
  ): void {
    if (told === undefined || holdsSecret(told)) {
      return;
    }
    if (JSON.stringify(told.value) === JSON.stringify(usual)) {
      this.accounts.kept(told.leaves, 'what is taken unless told otherwise');
      return;
    }
    const key = path.join('.');
    const present = this.get(path);
    if (present === undefined) {
      this.#put(path, told.value);
    } else if (JSON.stringify(present) !== JSON.stringify(told.value)) {
      this.accounts.refuse(
        told.leaves,
        `it says ${short(told.value)}, and ${key} is ${short(
          present,
        )} already, by what comes before`,
        'Decide which one holds, and say it there.',
      );
      return;
    }
    this.#remember(key, told.leaves);
    this.accounts.imported(told.leaves, key);
  }

  /** Adds to a list, unless it is there. */
  add(path: readonly string[], told: Told<unknown>): void {
    if (holdsSecret(told)) {
      return;
    }
    const list = (this.get(path) as unknown[] | undefined) ?? [];
    const text = JSON.stringify(told.value);
    let index = list.findIndex(one => JSON.stringify(one) === text);
    if (index < 0) {
      index = list.length;
      this.#put(path, [...list, told.value]);
    }
    const key = path.join('.');
    this.#remember(elementOf(key, told.value), told.leaves);
    this.accounts.imported(told.leaves, key);
  }

  /** Sets a key that nothing says outright. */
  guess(path: readonly string[], value: unknown, from: string): void {
    if (this.get(path) === undefined) {
      this.#put(path, value);
      this.guessed.push({
        key: path.join('.'),
        message: `${short(value)}, ${from}`,
        remedy: 'Check it.',
      });
    }
  }

  get(path: readonly string[]): unknown {
    return path.reduce<unknown>(
      (found, key) =>
        found !== null && typeof found === 'object'
          ? (found as Tree)[key]
          : undefined,
      this.document,
    );
  }

  /** Takes a key or an item of a list out again, with all below it, and says why to whatever said it. */
  remove(path: readonly string[], refusal: Refusal): void {
    const holder = this.get(path.slice(0, -1));
    if (Array.isArray(holder)) {
      this.#removeItem(
        path.slice(0, -1),
        holder,
        Number(path[path.length - 1]),
        refusal,
      );
      return;
    }
    const key = path.join('.');
    for (const [other, leaves] of this.#sources) {
      const own = other.split('\n')[0];
      if (own === key || own.startsWith(`${key}.`)) {
        this.accounts.revoke(leaves, own, refusal);
        this.#sources.delete(other);
      }
    }
    if (holder !== null && typeof holder === 'object') {
      delete (holder as Tree)[path[path.length - 1]];
    }
  }

  #removeItem(
    path: readonly string[],
    list: unknown[],
    index: number,
    refusal: Refusal,
  ): void {
    const key = path.join('.');
    const element = elementOf(key, list[index]);
    const leaves = this.#sources.get(element);
    list.splice(index, 1);
    if (leaves) {
      this.#sources.delete(element);
      this.accounts.revoke(leaves, key, refusal);
      // One command may have said several of them.
      for (const value of list) {
        const others = this.#sources.get(elementOf(key, value)) ?? [];
        this.accounts.imported(others, key);
      }
    } else {
      this.accounts.refuse(
        this.#sources.get(key) ?? [],
        refusal.message,
        refusal.remedy,
      );
    }
    if (list.length === 0) {
      this.remove(path, refusal);
    }
  }

  #remember(key: string, leaves: readonly Leaf[]): void {
    this.#sources.set(key, [...(this.#sources.get(key) ?? []), ...leaves]);
  }

  #put(path: readonly string[], value: unknown): void {
    let holder = this.document;
    for (const key of path.slice(0, -1)) {
      holder[key] ??= {};
      holder = holder[key] as Tree;
    }
    holder[path[path.length - 1]] = value;
  }
}

/** What was a secret is gone; the leaf it stood in says so itself. */
function holdsSecret({ value, leaves }: Told<unknown>): boolean {
  return (
    leaves.some(({ secrets }) => secrets) &&
    (JSON.stringify(value) ?? '').includes(MASK)
  );
}

/** What an item of a list is remembered by. */
function elementOf(key: string, value: unknown): string {
  return `${key}\n${JSON.stringify(value)}`;
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`;
}
