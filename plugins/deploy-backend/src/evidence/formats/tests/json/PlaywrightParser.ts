import { InputError } from '@backstage/errors';
import { timeOfText } from '../../coverage/time';
import { JsonReader } from '../../JsonReader';
import { ReportParser, TestReport } from '../../types';
import { reportText } from '../reportText';
import { TestTally } from '../TestTally';
import { Fields, fieldsOf, secondsIn, textOf } from './fields';
import { describeError, playwrightTests } from './playwrightTests';

/**
 * Playwright's JSON report. A suite is a file in a project. Errors outside of tests (a file that cannot be
 * loaded, a global setup that throws) count as failed cases: Playwright itself counts them nowhere.
 */
export class PlaywrightParser implements ReportParser {
  readonly #tally = new TestTally();
  readonly #reader = new JsonReader({
    paths: ['$.config.version', '$.suites.*', '$.errors.*', '$.stats'],
    onValue: (value, path) => this.#take(value, path),
  });
  #version?: string;
  #stats?: Fields;
  #startedAt?: string;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): TestReport {
    this.#reader.end();
    const stats = this.#stats;
    if (!stats && this.#tally.isEmpty) {
      throw new InputError(
        'suites: no test and no error; not a whole JSON report of Playwright',
      );
    }
    return this.#tally.build({
      format: 'playwright',
      tool: this.#version ? `Playwright ${this.#version}` : 'Playwright',
      measuredAt: timeOfText(stats?.startTime ?? this.#startedAt),
      durationSeconds: stats && secondsIn(stats, 'duration', 'stats'),
    });
  }

  #take(value: unknown, path: readonly (string | number)[]) {
    switch (path[0]) {
      case 'config':
        this.#version = reportText(
          textOf({ value }, 'value', 'config.version'),
          40,
        );
        break;
      case 'stats':
        this.#stats = fieldsOf(value, 'stats');
        break;
      case 'errors':
        this.#fail(value);
        break;
      default:
        this.#takeFile(value, path.join('.'));
    }
  }

  #takeFile(value: unknown, where: string) {
    for (const test of playwrightTests(value, where)) {
      const suite = this.#tally.suite(test.suite);
      const { startedAt } = test;
      if (startedAt && !(this.#startedAt && this.#startedAt <= startedAt)) {
        this.#startedAt = startedAt;
      }
      if (test.outcome === 'passed' && !test.flaky) {
        this.#tally.pass(suite, test.seconds);
      } else {
        this.#tally.note(suite, test.describe());
      }
    }
  }

  #fail(error: unknown) {
    const suite = this.#tally.suite('outside of tests');
    this.#tally.note(suite, {
      suite: suite.name,
      name: suite.name,
      outcome: 'failed',
      flaky: false,
      ...describeError(error),
    });
  }
}
