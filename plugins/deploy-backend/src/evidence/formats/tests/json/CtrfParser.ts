import { InputError } from '@backstage/errors';
import { NotableTest, TestOutcome } from '@vvp/backstage-plugin-deploy-common';
import { timeOf, timeOfText } from '../../coverage/time';
import { JsonReader } from '../../JsonReader';
import { count } from '../../numbers';
import { ReportParser, TestReport } from '../../types';
import {
  firstLine,
  longestMessage,
  longestName,
  longestTrace,
  reportText,
} from '../reportText';
import { TestTally } from '../TestTally';
import {
  Fields,
  fieldsOf,
  lineOf,
  secondsIn,
  textIn,
  textOf,
  wordIn,
} from './fields';

const statuses = ['passed', 'failed', 'skipped', 'pending', 'other'] as const;

/** What neither passed nor failed is skipped: pending, to be written, interrupted. */
const outcomes: Record<(typeof statuses)[number], TestOutcome> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  pending: 'skipped',
  other: 'skipped',
};

const summary = 'results.summary';

/**
 * CTRF, Common Test Report Format, of versions 0 (the drafts that most reporters still write) and 1.
 * The tests count, not the summary; but failures in it of tests that are not listed count too.
 */
export class CtrfParser implements ReportParser {
  readonly #tally = new TestTally();
  readonly #reader = new JsonReader({
    paths: [
      '$.reportFormat',
      '$.specVersion',
      '$.timestamp',
      '$.results.tool',
      '$.results.summary',
      '$.results.tests.*',
    ],
    onValue: (value, path) => this.#take(value, path),
  });
  #timestamp: unknown;
  #tool?: string;
  #summary?: Fields;
  #listed = 0;
  #failed = 0;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): TestReport {
    this.#reader.end();
    const stated = this.#summary;
    if (!stated) {
      throw new InputError(`${summary} is missing: not a whole CTRF report`);
    }
    this.#checkFailed(stated);
    const start = stated.start ?? undefined;
    return this.#tally.build({
      format: 'ctrf',
      tool: this.#tool,
      measuredAt:
        timeOf(typeof start === 'number' ? start : undefined) ??
        timeOfText(this.#timestamp),
      durationSeconds: durationOf(stated),
    });
  }

  #take(value: unknown, path: readonly (string | number)[]) {
    switch (path.length === 1 ? path[0] : path[1]) {
      case 'reportFormat':
        if (value !== 'CTRF') {
          throw new InputError('reportFormat: not "CTRF"');
        }
        break;
      case 'specVersion':
        checkVersion(value);
        break;
      case 'timestamp':
        this.#timestamp = value;
        break;
      case 'tool':
        this.#tool = toolOf(fieldsOf(value, 'results.tool'));
        break;
      case 'summary':
        this.#summary = fieldsOf(value, summary);
        break;
      default:
        this.#takeTest(value, path.join('.'));
    }
  }

  #takeTest(value: unknown, where: string) {
    this.#listed += 1;
    const test = fieldsOf(value, where);
    const name = textIn(test, 'name', where);
    const outcome = outcomes[wordIn(test, 'status', where, statuses)];
    const seconds = secondsIn(test, 'duration', where);
    const retries =
      test.retries === undefined || test.retries === null
        ? 0
        : count(test.retries, `${where}.retries`);
    const flaky =
      outcome === 'passed' &&
      (typeof test.flaky === 'boolean' ? test.flaky : retries > 0);
    const suite = this.#tally.suite(suiteOf(test, where));
    if (outcome === 'passed' && !flaky) {
      this.#tally.pass(suite, seconds);
      return;
    }
    this.#failed += outcome === 'failed' ? 1 : 0;
    this.#tally.note(suite, {
      suite: suite.name,
      name: reportText(name, longestName) ?? 'unnamed',
      outcome,
      flaky,
      durationSeconds: seconds,
      ...problemOf(test, where, flaky),
      file: reportText(textOf(test, 'filePath', where), longestName),
      line: lineOf(test.line),
    });
  }

  #checkFailed(stated: Fields) {
    for (const field of ['tests', 'passed', 'failed', 'skipped']) {
      count(stated[field], `${summary}.${field}`);
    }
    const unlisted = Math.min(
      Number(stated.failed) - this.#failed,
      Number(stated.tests) - this.#listed,
    );
    if (unlisted > 0) {
      const suite = this.#tally.suite('unlisted');
      this.#tally.note(
        suite,
        {
          suite: suite.name,
          name: suite.name,
          outcome: 'failed',
          flaky: false,
          message: `${summary}.failed counts failures that no test tells of`,
        },
        unlisted,
      );
    }
  }
}

function checkVersion(version: unknown) {
  if (typeof version !== 'string' || !/^[01]\.\d+\.\d+/.test(version)) {
    throw new InputError(
      `specVersion: ${JSON.stringify(version)?.slice(
        0,
        40,
      )} is not read; versions 0 and 1 are`,
    );
  }
}

function toolOf(tool: Fields): string | undefined {
  const name = textIn(tool, 'name', 'results.tool');
  const version = textOf(tool, 'version', 'results.tool');
  return reportText(version ? `${name} ${version}` : name, 100);
}

function durationOf(stated: Fields): number | undefined {
  const start = secondsIn(stated, 'start', summary);
  const stop = secondsIn(stated, 'stop', summary);
  const spent =
    start !== undefined && stop !== undefined && stop > start
      ? stop - start
      : undefined;
  return secondsIn(stated, 'duration', summary) ?? spent;
}

/** A list of names from the outermost inwards; older reports have one text. */
function suiteOf(test: Fields, where: string): string {
  const { suite } = test;
  const names = Array.isArray(suite) ? suite : [suite];
  for (const name of names) {
    if (name !== undefined && name !== null && typeof name !== 'string') {
      throw new InputError(`${where}.suite: not a text or list of texts`);
    }
  }
  const joined = names.filter(Boolean).join(' > ');
  const file = textOf(test, 'filePath', where);
  return reportText(joined || file, longestName) ?? 'default';
}

function problemOf(
  test: Fields,
  where: string,
  flaky: boolean,
): Pick<NotableTest, 'message' | 'trace'> {
  const attempts = flaky && Array.isArray(test.retryAttempts);
  const attempt = attempts
    ? (test.retryAttempts as unknown[])
        .map(Object)
        .find(({ status }) => status === 'failed')
    : undefined;
  const source: Fields = attempt ?? test;
  const trace = reportText(textOf(source, 'trace', where), longestTrace);
  return {
    message:
      reportText(textOf(source, 'message', where), longestMessage) ??
      reportText(firstLine(trace), longestMessage),
    trace,
  };
}
