import { keyOfLeaf } from '../source/leaves';
import { Disposition, Leaf } from '../types';

/** Why something was not taken over, wholly or in part. */
export interface Refusal {
  message: string;
  remedy: string;
}

/** What became of one leaf. */
export interface Account {
  disposition: Disposition;
  keys: string[];
  message?: string;
  remedy?: string;
}

interface Entry {
  keys: Set<string>;
  kept?: string;
  refusals: Refusal[];
  notes: string[];
}

/** The book of all leaves: what became of each. */
export class Accounts {
  readonly #entries = new Map<string, Entry>();

  /** They became a key of `deploy.yaml`. */
  imported(leaves: readonly Leaf[], key: string): void {
    leaves.forEach(leaf => this.#entry(leaf).keys.add(key));
  }

  /** They became a key as they are, whatever else was said of a part of them. */
  whole(leaves: readonly Leaf[], key: string): void {
    for (const leaf of leaves) {
      const entry = this.#entry(leaf);
      entry.keys.add(key);
      entry.refusals = [];
    }
  }

  /** Takes back that they became a key. */
  revoke(leaves: readonly Leaf[], key: string, refusal: Refusal): void {
    leaves.forEach(leaf => this.#entry(leaf).keys.delete(key));
    this.refuse(leaves, refusal.message, refusal.remedy);
  }

  /** What is generated does it without being told. */
  kept(leaves: readonly Leaf[], message: string): void {
    leaves.forEach(leaf => {
      this.#entry(leaf).kept ??= message;
    });
  }

  /** Nothing stands in for them, or for a part of what they say. */
  refuse(leaves: readonly Leaf[], message: string, remedy: string): void {
    for (const leaf of leaves) {
      const { refusals } = this.#entry(leaf);
      if (!refusals.some(one => one.message === message)) {
        refusals.push({ message, remedy });
      }
    }
  }

  /** Nothing stands in for it as a whole, whatever became of its parts. */
  lacks(leaf: Leaf, refusal: Refusal): void {
    const entry = this.#entry(leaf);
    const keys = [...entry.keys].join(', ');
    entry.keys.clear();
    entry.kept = undefined;
    entry.refusals = [
      keys
        ? { ...refusal, message: `${refusal.message}; the rest is ${keys}` }
        : refusal,
    ];
  }

  /** What else is to be known of what became of it; nobody has to do anything. */
  note(leaf: Leaf, message: string): void {
    this.#entry(leaf).notes.push(message);
  }

  /** Whether something stands in for it so far. */
  isTaken(leaf: Leaf): boolean {
    const { keys, kept } = this.#entries.get(keyOfLeaf(leaf)) ?? {};
    return (keys?.size ?? 0) > 0 || kept !== undefined;
  }

  /** Undefined where nobody had anything to say. */
  of(leaf: Leaf): Account | undefined {
    const account = this.#accountOf(leaf);
    const { notes = [] } = this.#entries.get(keyOfLeaf(leaf)) ?? {};
    return account && notes.length > 0
      ? {
          ...account,
          message: [account.message ?? [], ...notes].flat().join('; '),
        }
      : account;
  }

  #accountOf(leaf: Leaf): Account | undefined {
    const entry = this.#entries.get(keyOfLeaf(leaf));
    const secrets = leaf.secrets && refusalOfSecrets(leaf.secrets);
    if (!entry) {
      return secrets && { disposition: 'unsupported', keys: [], ...secrets };
    }
    const { keys, kept, refusals } = entry;
    const [first, ...further] = secrets ? [secrets, ...refusals] : refusals;
    const refusal = first && {
      message: [first, ...further].map(({ message }) => message).join('; '),
      remedy: secrets
        ? [first, ...further.slice(0, 1)].map(({ remedy }) => remedy).join(' ')
        : first.remedy,
    };
    if (keys.size > 0) {
      return { disposition: 'imported', keys: [...keys], ...refusal };
    }
    return kept !== undefined && !refusal
      ? { disposition: 'kept', keys: [], message: kept }
      : refusal && { disposition: 'unsupported', keys: [], ...refusal };
  }

  /** What is generated says the very same: nothing is left over. */
  same(leaf: Leaf, message: string): void {
    const entry = this.#entry(leaf);
    entry.kept = message;
    entry.refusals = [];
  }

  #entry(leaf: Leaf): Entry {
    const id = keyOfLeaf(leaf);
    const entry = this.#entries.get(id) ?? {
      keys: new Set(),
      refusals: [],
      notes: [],
    };
    this.#entries.set(id, entry);
    return entry;
  }
}

/** A secret that stands in a workflow is everybody's who can read the repository, and no value of `deploy.yaml`. */
function refusalOfSecrets(names: readonly string[]): Refusal {
  const known = names.filter(Boolean);
  const [name = 'NAME'] = known;
  return {
    message: `it holds ${
      known.length > 0 ? known.join(', ') : 'a secret'
    } in the clear, which is not taken over`,
    remedy: `Change it where it is valid, for whoever reads the repository has it, keep the new one at GitHub, and say where it is needed {secret: ${name
      .replace(/[^A-Za-z0-9]+/g, '_')
      .toUpperCase()}}.`,
  };
}
