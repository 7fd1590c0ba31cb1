import { InputError } from '@backstage/errors';
import { timeOfText } from '../../coverage/time';
import { ReportParser, TestReport } from '../../types';
import { XmlReader } from '../../XmlReader';
import { TestTally } from '../TestTally';
import { Dialect, dialectOf, dialectOfGo } from './dialect';
import { JunitCase, JunitProblem } from './JunitCase';
import { JunitSuite } from './JunitSuite';
import { secondsOf } from './seconds';

type Attributes = Record<string, string>;

/**
 * JUnit XML in any dialect. Nothing is kept of cases that passed.
 *
 * What counts are the cases. One with `<failure>` or `<error>` failed; else one with `<skipped>` was skipped;
 * else it passed, and is flaky if `<flakyFailure>` or `<flakyError>` tells of an earlier try. Where a tool
 * lists a case again when it runs it again, the last result wins. Times without a zone are taken for UTC.
 */
export class JunitParser implements ReportParser {
  readonly #tally = new TestTally();
  readonly #suites: JunitSuite[] = [];
  readonly #reader = new XmlReader({
    open: (name, attributes, line) => this.#open(name, attributes, line),
    text: text => this.#text(text),
    close: name => this.#close(name),
  });
  #started = false;
  #dialect: Dialect = {};
  #tool?: string;
  #measuredAt?: string;
  #durationSeconds?: number;
  #case?: JunitCase;
  #problem?: JunitProblem;
  /** Elements of console output that are open. */
  #outputs = 0;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): TestReport {
    this.#reader.end();
    return this.#tally.build({
      format: 'junit',
      tool: this.#tool,
      measuredAt: this.#measuredAt,
      durationSeconds: this.#durationSeconds,
    });
  }

  #open(name: string, attributes: Attributes, line: number) {
    if (!this.#started && name !== 'testsuites' && name !== 'testsuite') {
      throw new InputError(
        `Line ${line}: <${name.slice(
          0,
          40,
        )}> is not the root of a JUnit report, <testsuites> or <testsuite> is`,
      );
    }
    this.#started = true;
    switch (name) {
      case 'testsuites':
      case 'testsuite':
        this.#openSuite(name, attributes, line);
        break;
      case 'testcase':
        this.#openCase(attributes, line);
        break;
      case 'failure':
      case 'error':
      case 'flakyFailure':
      case 'flakyError':
      case 'rerunFailure':
      case 'rerunError':
      case 'skipped':
        this.#openProblem(name, attributes);
        break;
      case 'system-out':
      case 'system-err':
        this.#outputs += 1;
        break;
      case 'property':
        this.#openProperty(attributes);
        break;
      default:
    }
  }

  #openSuite(name: string, attributes: Attributes, line: number) {
    if (this.#case) {
      throw new InputError(`Line ${line}: <${name}> inside of a <testcase>`);
    }
    this.#dialect = dialectOf(attributes) ?? this.#dialect;
    this.#tool ??= this.#dialect.tool;
    const measuredAt = timeOfText(attributes.timestamp);
    if (measuredAt && !(this.#measuredAt && this.#measuredAt <= measuredAt)) {
      this.#measuredAt = measuredAt;
    }
    this.#suites.push(
      new JunitSuite(
        this.#tally,
        { name, attributes, line },
        this.#dialect,
        this.#suites.at(-1),
      ),
    );
  }

  #openCase(attributes: Attributes, line: number) {
    if (this.#case || this.#suites.at(-1)?.isList !== false) {
      throw new InputError(
        `Line ${line}: <testcase> outside of a <testsuite>; put it directly into one`,
      );
    }
    const { time } = attributes;
    this.#case = new JunitCase(
      attributes,
      time ? secondsOf(time, line) : undefined,
    );
  }

  #openProblem(name: string, attributes: Attributes) {
    const suite = this.#suites.at(-1);
    const testCase = this.#case;
    const problem = new JunitProblem(attributes);
    if (name === 'skipped') {
      if (testCase && !testCase.skip) {
        testCase.skip = problem;
        this.#problem = problem;
      }
      return;
    }
    suite?.addProblem();
    if (name === 'failure' || name === 'error') {
      if (!testCase) {
        this.#problem = problem;
      } else if (!testCase.failure) {
        testCase.failure = problem;
        this.#problem = problem;
      }
    } else if (name.startsWith('flaky') && testCase && !testCase.flake) {
      testCase.flake = problem;
      this.#problem = problem;
    }
  }

  #openProperty(attributes: Attributes) {
    const suite = this.#suites.at(-1);
    if (!this.#case && suite && attributes.name === 'go.version') {
      suite.dialect = dialectOfGo(attributes.value ?? '');
      this.#tool ??= suite.dialect.tool;
    }
  }

  #text(text: string) {
    if (this.#problem && this.#outputs === 0) {
      this.#problem.addText(text);
    }
  }

  #close(name: string) {
    switch (name) {
      case 'testsuites':
      case 'testsuite':
        this.#closeSuite();
        break;
      case 'testcase':
        this.#suites.at(-1)?.addCase(this.#case!);
        this.#case = undefined;
        break;
      case 'failure':
      case 'error':
        if (!this.#case) {
          this.#suites.at(-1)?.addFailure(this.#problem);
        }
        this.#problem = undefined;
        break;
      case 'flakyFailure':
      case 'flakyError':
      case 'rerunFailure':
      case 'rerunError':
      case 'skipped':
        this.#problem = undefined;
        break;
      case 'system-out':
      case 'system-err':
        this.#outputs -= 1;
        break;
      default:
    }
  }

  #closeSuite() {
    const suite = this.#suites.pop();
    suite?.close(this.#suites.at(-1));
    this.#durationSeconds = suite?.durationSeconds;
  }
}
