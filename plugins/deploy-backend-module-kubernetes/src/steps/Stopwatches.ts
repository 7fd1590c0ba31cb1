import { Trouble } from '../decide/trouble';

/** How long something has been so without a change. */
export class Stopwatches {
  #trouble: { key: string; since: number } | undefined;
  #progress: { key: string; since: number } | undefined;

  isTroubleLasting(trouble: Trouble | undefined, limit: number): boolean {
    if (!trouble?.lasting) {
      this.#trouble = undefined;
      return false;
    }
    // A container that crashes changes between two reasons, so that only the first sight counts.
    this.#trouble ??= { key: trouble.source, since: Date.now() };
    return Date.now() - this.#trouble.since >= limit;
  }

  isStalled(progress: string, limit: number): boolean {
    if (this.#progress?.key !== progress) {
      this.#progress = { key: progress, since: Date.now() };
    }
    return Date.now() - this.#progress.since >= limit;
  }
}
