import { CoverageCount } from '@vvp/backstage-plugin-deploy-common';

/** Sorting pays only above this length. */
const smallest = 1024;

/**
 * Numbered things, each hit or not: lines of a file above all. A number that is added more than once counts
 * once, and is hit if it ever was. One number of memory for each.
 */
export class HitList {
  /** Twice the number, plus one if hit. */
  #entries: number[] = [];
  #sorted = 0;

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  add(number: number, hit: boolean): void {
    const count = this.#entries.length;
    const last = count > 0 ? Math.floor(this.#entries[count - 1] / 2) : -1;
    this.#entries.push(number * 2 + (hit ? 1 : 0));
    // Most reports tell of lines in their order: there is nothing to sort then.
    if (this.#sorted === count && number > last) {
      this.#sorted += 1;
      return;
    }
    if (this.#entries.length >= Math.max(smallest, this.#sorted * 2)) {
      this.#compact();
    }
  }

  count(): CoverageCount {
    this.#compact();
    let covered = 0;
    for (const entry of this.#entries) {
      covered += entry % 2;
    }
    return { covered, total: this.#entries.length };
  }

  /** The numbers, ascending. */
  split(): { hit: number[]; missed: number[] } {
    this.#compact();
    const hit: number[] = [];
    const missed: number[] = [];
    for (const entry of this.#entries) {
      (entry % 2 ? hit : missed).push(Math.floor(entry / 2));
    }
    return { hit, missed };
  }

  /** Sorts, and keeps of each number the greatest entry: the hit one. */
  #compact() {
    if (this.#sorted === this.#entries.length) {
      return;
    }
    const sorted = Float64Array.from(this.#entries).sort();
    const kept: number[] = [];
    for (let at = 0; at < sorted.length; at += 1) {
      const next = sorted[at + 1];
      if (Math.floor(next / 2) !== Math.floor(sorted[at] / 2)) {
        kept.push(sorted[at]);
      }
    }
    this.#entries = kept;
    this.#sorted = kept.length;
  }
}
