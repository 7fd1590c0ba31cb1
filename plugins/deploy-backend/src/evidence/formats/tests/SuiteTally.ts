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
  durationSeconds?: number;

  constructor(readonly name: string) {}

  add(outcome: TestOutcome, seconds: number | undefined, cases = 1): void {
    this[outcome] += cases;
    this.addSeconds(seconds);
  }

  addSeconds(seconds: number | undefined): void {
    if (seconds !== undefined) {
      this.durationSeconds = (this.durationSeconds ?? 0) + seconds;
    }
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
