import { Leaf, Told } from '../types';
import { pointerOf } from './leaves';

/** The leaves of a workflow by where they stand. */
export class LeafIndex {
  readonly #below = new Map<string, Leaf[]>();

  constructor(readonly leaves: readonly Leaf[]) {
    for (const leaf of leaves) {
      for (let depth = 0; depth <= leaf.path.length; depth += 1) {
        const pointer = pointerOf(leaf.path.slice(0, depth));
        const list = this.#below.get(pointer);
        if (list) {
          list.push(leaf);
        } else {
          this.#below.set(pointer, [leaf]);
        }
      }
    }
  }

  at(...path: readonly string[]): Leaf | undefined {
    const [first] = this.under(...path);
    return first?.path.length === path.length ? first : undefined;
  }

  /** The commands of a script. */
  commands(...path: readonly string[]): readonly Leaf[] {
    return this.under(...path).filter(({ command }) => command);
  }

  /** What stands at a place, and everything below it. */
  under(...path: readonly string[]): readonly Leaf[] {
    return this.#below.get(pointerOf(path)) ?? [];
  }

  /** The texts at a place: of a list, or the only one. */
  texts(...path: readonly string[]): Told<string>[] {
    return this.under(...path)
      .filter(({ path: own }) => own.length <= path.length + 1)
      .filter(({ value }) => typeof value === 'string' && value !== '')
      .map(leaf => ({ value: String(leaf.value), leaves: [leaf] }));
  }
}
