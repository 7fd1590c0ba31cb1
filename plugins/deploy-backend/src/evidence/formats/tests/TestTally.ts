import {
  EvidenceFormat,
  NotableTest,
  TestSuiteCounts,
} from '@vvp/backstage-plugin-deploy-common';
import { TestReport } from '../types';
import { SuiteTally } from './SuiteTally';

const mostSuites = 10_000;
const otherSuites = 'other suites';
const mostNotable = 10_000;

/** Characters of all traces together; the traces beyond are left out. */
const tracesRoom = 16 * 1024 * 1024;

/** What a report says beside its cases. */
export interface TestReportFacts {
  format: EvidenceFormat;
  measuredAt?: string;
  tool?: string;
  durationSeconds?: number;
}

/**
 * Counts the cases of a report and keeps those that people want to read about.
 *
 * Everything is counted; of suites and of notable cases the first 10,000 are kept, failed cases before flaky
 * ones, those before skipped ones.
 */
export class TestTally {
  readonly #totals = new SuiteTally('');
  readonly #suites: SuiteTally[] = [];
  readonly #byName = new Map<string, SuiteTally>();
  readonly #failed = new Set<NotableTest>();
  readonly #flaky: NotableTest[] = [];
  readonly #skipped: NotableTest[] = [];
  #suiteCount = 0;
  #tracesLength = 0;

  get isEmpty(): boolean {
    return this.#suiteCount === 0;
  }

  /** A new suite, whatever its name. */
  addSuite(name: string): SuiteTally {
    const suite = new SuiteTally(name);
    this.#suiteCount += 1;
    if (this.#suites.length < mostSuites) {
      this.#suites.push(suite);
    }
    return suite;
  }

  /** The suite of that name; where there are too many names, one for all the others. */
  suite(name: string): SuiteTally {
    const known = this.#byName.get(name);
    if (known) {
      return known;
    }
    if (this.#byName.size >= mostSuites && name !== otherSuites) {
      return this.suite(otherSuites);
    }
    const suite = this.addSuite(name);
    this.#byName.set(name, suite);
    return suite;
  }

  pass(suite: SuiteTally, seconds: number | undefined): void {
    this.#totals.passed += 1;
    this.#totals.addSeconds(seconds);
    suite.passed += 1;
    suite.addSeconds(seconds);
  }

  /** A case that failed, was skipped or is flaky. `cases`: how many it stands for. */
  note(suite: SuiteTally, test: NotableTest, cases = 1): void {
    for (const tally of [this.#totals, suite]) {
      tally.add(test.outcome, test.durationSeconds, cases);
      tally.flaky += test.flaky ? cases : 0;
    }
    this.#keep(test);
  }

  /** A case that had failed and was noted so was run again, and passed. */
  passOnRetry(suite: SuiteTally, failed: NotableTest): void {
    for (const tally of [this.#totals, suite]) {
      tally.failed -= 1;
      tally.passed += 1;
      tally.flaky += 1;
    }
    if (this.#failed.delete(failed)) {
      failed.outcome = 'passed';
      failed.flaky = true;
      this.#keepIn(this.#flaky, failed);
    }
  }

  /** What a retry took on top. */
  addSeconds(suite: SuiteTally, seconds: number | undefined): void {
    this.#totals.addSeconds(seconds);
    suite.addSeconds(seconds);
  }

  /** The report. Its duration is the sum of the cases unless the facts tell it. */
  build(facts: TestReportFacts): TestReport {
    const { durationSeconds = this.#totals.durationSeconds, ...base } = facts;
    const { total, passed, failed, skipped, flaky } = this.#totals.counts();
    return {
      ...base,
      type: 'test',
      totals: {
        total,
        passed,
        failed,
        skipped,
        flaky,
        suites: this.#suiteCount,
        durationSeconds,
      },
      suites: this.#suites.map((suite): TestSuiteCounts => suite.counts()),
      notable: [...this.#failed, ...this.#flaky, ...this.#skipped].slice(
        0,
        mostNotable,
      ),
    };
  }

  #keep(test: NotableTest) {
    if (test.outcome !== 'failed') {
      this.#keepIn(test.flaky ? this.#flaky : this.#skipped, test);
    } else if (this.#failed.size < mostNotable) {
      this.#boundTrace(test);
      this.#failed.add(test);
    }
  }

  #keepIn(tests: NotableTest[], test: NotableTest) {
    if (tests.length < mostNotable) {
      this.#boundTrace(test);
      tests.push(test);
    }
  }

  #boundTrace(test: NotableTest) {
    const length = test.trace?.length ?? 0;
    if (this.#tracesLength + length > tracesRoom) {
      delete test.trace;
    } else {
      this.#tracesLength += length;
    }
  }
}
