import { NotableTest } from '@vvp/backstage-plugin-deploy-common';
import { count } from '../../numbers';
import { ownText } from '../../ownText';
import { longestName, reportText } from '../reportText';
import { SuiteTally } from '../SuiteTally';
import { TestTally } from '../TestTally';
import { Dialect } from './dialect';
import { JunitCase, JunitProblem } from './JunitCase';
import { secondsOf } from './seconds';

type Attributes = Readonly<Record<string, string>>;

/** Failed cases remembered for a retry, of one suite; beyond it no retry makes up for a failure. */
const mostRetried = 100_000;

/** A `<testsuite>` or `<testsuites>` under way. */
export class JunitSuite {
  readonly isList: boolean;
  readonly name: string;
  dialect: Dialect;
  readonly #tally: TestTally;
  readonly #file?: string;
  readonly #statedProblems: number;
  readonly #statedSeconds?: number;
  readonly #failed = new Map<string, NotableTest>();
  #suite?: SuiteTally;
  /** Elements that tell of a problem, in this suite and those below. */
  #problems = 0;
  #innerSeconds?: number;
  #hasInner = false;

  constructor(
    tally: TestTally,
    tag: { name: string; attributes: Attributes; line: number },
    dialect: Dialect,
    parent?: JunitSuite,
  ) {
    const { attributes, line } = tag;
    this.#tally = tally;
    this.isList = tag.name === 'testsuites';
    this.dialect = dialect;
    this.name = nameOf(attributes, dialect, parent);
    this.#file = attributes.file ?? attributes.filepath;
    if (dialect.nameIsFile && !this.isList) {
      this.#file ??= attributes.name;
    }
    checkCounters(attributes, line);
    this.#statedProblems =
      Number(attributes.failures ?? 0) + Number(attributes.errors ?? 0);
    this.#statedSeconds = attributes.time
      ? secondsOf(attributes.time, line)
      : undefined;
  }

  /** Stated; if not, or 0, the sum of what is in it. */
  get durationSeconds(): number | undefined {
    const own = this.#suite?.durationSeconds;
    const sum =
      own === undefined && this.#innerSeconds === undefined
        ? undefined
        : (own ?? 0) + (this.#innerSeconds ?? 0);
    return this.#statedSeconds || (sum ?? this.#statedSeconds);
  }

  /** An element tells of a problem, be it one that a retry made up for. */
  addProblem(): void {
    this.#problems += 1;
  }

  addCase(testCase: JunitCase): void {
    const suite = this.#ownSuite();
    const { outcome, flake, seconds } = testCase;
    const failedBefore = this.#failed.size
      ? this.#failed.get(testCase.key)
      : undefined;
    if (failedBefore && outcome !== 'skipped') {
      this.#retry(testCase, failedBefore);
    } else if (outcome === 'passed' && !flake) {
      this.#tally.pass(suite, seconds);
    } else {
      const test = testCase.describe(suite.name, this.#placeOf(testCase));
      this.#tally.note(suite, test);
      this.#remember(testCase, test);
    }
  }

  /** The suite as such failed: no case tells of it. */
  addFailure(problem: JunitProblem | undefined, cases = 1): void {
    const suite = this.#ownSuite();
    this.#tally.note(
      suite,
      {
        suite: suite.name,
        name: suite.name,
        outcome: 'failed',
        flaky: false,
        message:
          problem?.message ??
          'The report counts a failure, but tells of no case that failed',
        trace: problem?.trace,
        file: reportText(this.#file, longestName),
      },
      cases,
    );
  }

  /**
   * No more will come. Cases count, not the counters; but failures that are counted and not listed are never
   * passed over: that is how Jest tells of a file that could not be run.
   */
  close(parent: JunitSuite | undefined): void {
    const unlisted = this.#statedProblems - this.#problems;
    if (unlisted > 0) {
      this.addFailure(undefined, unlisted);
      this.#problems = this.#statedProblems;
    } else if (!this.isList && !this.#hasInner) {
      this.#ownSuite();
    }
    const { durationSeconds } = this;
    if (this.#suite && !this.#hasInner) {
      this.#suite.durationSeconds = durationSeconds;
    }
    if (parent) {
      parent.#hasInner = true;
      parent.#problems += this.#problems;
      if (durationSeconds !== undefined) {
        parent.#innerSeconds = (parent.#innerSeconds ?? 0) + durationSeconds;
      }
    }
  }

  #ownSuite(): SuiteTally {
    this.#suite ??= this.#tally.addSuite(this.name || 'unnamed');
    return this.#suite;
  }

  #remember(testCase: JunitCase, test: NotableTest) {
    if (
      this.dialect.retriesRepeat &&
      test.outcome === 'failed' &&
      this.#failed.size < mostRetried
    ) {
      this.#failed.set(ownText(testCase.key), test);
    }
  }

  #retry(testCase: JunitCase, failedBefore: NotableTest) {
    const suite = this.#ownSuite();
    this.#tally.addSeconds(suite, testCase.seconds);
    if (testCase.outcome === 'passed') {
      this.#failed.delete(testCase.key);
      this.#tally.passOnRetry(suite, failedBefore);
    }
  }

  #placeOf(testCase: JunitCase): { file?: string; line?: number } {
    const { file = this.#file, line } = testCase.attributes;
    const number = /^\d{1,9}$/.test(line ?? '') ? Number(line) : undefined;
    return {
      file: reportText(file, longestName),
      line:
        this.dialect.linesFromZero && number !== undefined
          ? number + 1
          : number,
    };
  }
}

/** Names of nested suites are joined, unless the inner one repeats the outer one. */
function nameOf(
  attributes: Attributes,
  dialect: Dialect,
  parent: JunitSuite | undefined,
): string {
  const own = attributes.name || attributes.package;
  const project = dialect.hostnameIsProject && attributes.hostname;
  const name = reportText(project ? `${own} [${project}]` : own, longestName);
  const outer = parent?.isList === false ? parent.name : '';
  if (!name || !outer) {
    return name ?? outer;
  }
  return name.startsWith(outer)
    ? name
    : reportText(`${outer} > ${name}`, longestName) ?? name;
}

function checkCounters(attributes: Attributes, line: number) {
  for (const counter of ['tests', 'failures', 'errors', 'skipped']) {
    if (attributes[counter] !== undefined) {
      count(attributes[counter], () => `Line ${line}, ${counter}`);
    }
  }
}
