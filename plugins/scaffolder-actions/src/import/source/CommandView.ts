import { Leaf, Told } from '../types';
import { furtherOptions, optionsIn } from './commands';
import { resolve, Scope } from './scope';

/** A command of a script, with variables put in. */
export class CommandView {
  readonly #told: readonly Told<string>[];

  /** Tells it apart from other commands and steps of its job, in their order. */
  readonly place: number;

  constructor(readonly leaf: Leaf, scope: Scope) {
    this.place = Number(leaf.path[3]) + (leaf.command?.index ?? 0) / 1e4;
    this.#told = (leaf.command?.words ?? []).map(word =>
      resolve(word, scope, { shell: true }),
    );
  }

  get words(): string[] {
    return this.#told.map(({ value }) => value);
  }

  /** Whether it begins so. */
  is(...words: readonly string[]): boolean {
    return words.every((word, index) => this.#told[index]?.value === word);
  }

  /** A value in it, with the variables that the word was made of. */
  told<Value>(value: Value, at?: number): Told<Value> {
    const word = at === undefined ? undefined : this.#told[at];
    return { value, leaves: [this.leaf, ...(word?.leaves ?? [])] };
  }

  option(...names: readonly string[]): Told<string> | undefined {
    return this.options(...names)[0];
  }

  options(...names: readonly string[]): Told<string>[] {
    return optionsIn(this.words, ...names)
      .filter(({ value }) => value !== '')
      .map(({ at, value }) => this.told(value, at));
  }

  /** What is said besides the options that are known. */
  furtherThan(...known: readonly string[]): string[] {
    return furtherOptions(this.words, ...known);
  }
}
