import {
  TestOutcome,
  TestSuiteCounts,
} from '@vvp/backstage-plugin-deploy-common';

/** Counts of one suite under way. */
export class SuiteTally {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** Of those passed. */
  flaky = 0;
  /** A number from the start: one that may be undefined costs an allocation for every case. */
  #seconds = 0;
  #timed = false;

  constructor(readonly name: string) {}

  add(outcome: TestOutcome, seconds: number | undefined, cases = 1): void {
    this[outcome] += cases;
    this.addSeconds(seconds);
  }

  addSeconds(seconds: number | undefined): void {
    if (seconds !== undefined) {
      this.#seconds += seconds;
      this.#timed = true;
    }
  }

  /** Sum of what was added, or what was set; undefined if nothing was. */
  get durationSeconds(): number | undefined {
    return this.#timed ? this.#seconds : undefined;
  }

  set durationSeconds(seconds: number | undefined) {
    this.#seconds = seconds ?? 0;
    this.#timed = seconds !== undefined;
  }

  counts(): TestSuiteCounts {
    const { name, passed, failed, skipped, flaky, durationSeconds } = this;
    return {
      name,
      total: passed + failed + skipped,
      passed,
      failed,
      skipped,
      flaky,
      durationSeconds,
    };
  }
}
