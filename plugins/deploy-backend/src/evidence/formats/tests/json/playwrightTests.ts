import { NotableTest, TestOutcome } from '@vvp/backstage-plugin-deploy-common';
import { listOf } from '../../coverage/fields';
import {
  firstLine,
  longestMessage,
  longestName,
  longestTrace,
  reportText,
} from '../reportText';
import { Fields, fieldsOf, lineOf, secondsIn, textOf, wordIn } from './fields';

/** A test of a Playwright report, in one project. */
export interface PlaywrightTest {
  /** File and, if it has a name, project. */
  suite: string;
  outcome: TestOutcome;
  flaky: boolean;
  seconds?: number;
  /** Start of its first try. */
  startedAt?: string;
  /** Built only for those who want to keep it. */
  describe(): NotableTest;
}

const statuses = ['expected', 'unexpected', 'flaky', 'skipped'] as const;

const outcomes: Record<(typeof statuses)[number], TestOutcome> = {
  expected: 'passed',
  unexpected: 'failed',
  flaky: 'passed',
  skipped: 'skipped',
};

/** Every test of a file, with those of its nested `describe` blocks. */
export function* playwrightTests(
  value: unknown,
  where: string,
  titles: readonly string[] = [],
): Generator<PlaywrightTest> {
  const suite = fieldsOf(value, where);
  const specs = listOf(suite.specs ?? [], `${where}.specs`);
  for (const [at, spec] of specs.entries()) {
    yield* testsOfSpec(spec, `${where}.specs.${at}`, titles);
  }
  const inner = listOf(suite.suites ?? [], `${where}.suites`);
  for (const [at, nested] of inner.entries()) {
    const place = `${where}.suites.${at}`;
    const title = textOf(fieldsOf(nested, place), 'title', place) ?? '';
    yield* playwrightTests(nested, place, [...titles, title]);
  }
}

function* testsOfSpec(
  value: unknown,
  where: string,
  titles: readonly string[],
): Generator<PlaywrightTest> {
  const spec = fieldsOf(value, where);
  const file = reportText(textOf(spec, 'file', where), longestName);
  const title = textOf(spec, 'title', where) ?? '';
  const name =
    reportText([...titles, title].filter(Boolean).join(' › '), longestName) ??
    'unnamed';
  const tests = listOf(spec.tests, `${where}.tests`);
  for (const [at, test] of tests.entries()) {
    const place = `${where}.tests.${at}`;
    const fields = fieldsOf(test, place);
    const status = wordIn(fields, 'status', place, statuses);
    const project = textOf(fields, 'projectName', place);
    const suite =
      reportText(project ? `${file} [${project}]` : file, longestName) ??
      'unnamed';
    const results = resultsOf(fields, place);
    const seconds = results.length ? sumOf(results, place) : undefined;
    const outcome = outcomes[status];
    const flaky = status === 'flaky';
    yield {
      suite,
      outcome,
      flaky,
      seconds,
      startedAt: results[0] && textOf(results[0], 'startTime', place),
      describe: () => ({
        suite,
        name,
        outcome,
        flaky,
        durationSeconds: seconds,
        ...problemOf(outcome, fields, results),
        file,
        line: lineOf(spec.line),
      }),
    };
  }
}

function resultsOf(test: Fields, where: string): Fields[] {
  const results = listOf(test.results, `${where}.results`);
  return results.map((result, at) =>
    fieldsOf(result, `${where}.results.${at}`),
  );
}

function sumOf(results: Fields[], where: string): number {
  return results.reduce(
    (sum, result, at) =>
      sum + (secondsIn(result, 'duration', `${where}.results.${at}`) ?? 0),
    0,
  );
}

/** Of a failed test the last error, of a flaky one the first. */
function problemOf(
  outcome: TestOutcome,
  test: Fields,
  results: Fields[],
): Pick<NotableTest, 'message' | 'trace'> {
  if (outcome === 'skipped') {
    return { message: reasonToSkip(test) };
  }
  const errors = results.map(errorOf).filter(Boolean);
  return describeError(outcome === 'failed' ? errors.at(-1) : errors[0]);
}

function errorOf({ error, errors }: Fields): unknown {
  return error ?? (Array.isArray(errors) ? errors[0] : undefined);
}

/** Message and trace of one of Playwright's errors, which may be anything that was thrown. */
export function describeError(
  error: unknown,
): Pick<NotableTest, 'message' | 'trace'> {
  const { message, stack, value } = Object(error) as Record<string, unknown>;
  const text = [message, value].find(
    (candidate): candidate is string => typeof candidate === 'string',
  );
  const trace = reportText(
    typeof stack === 'string' ? stack : text,
    longestTrace,
  );
  return {
    message: reportText(text, longestMessage) ?? firstLine(trace),
    trace,
  };
}

function reasonToSkip({ annotations }: Fields): string | undefined {
  const all = Array.isArray(annotations) ? annotations.map(Object) : [];
  const reason = all.find(({ type }) => type === 'skip' || type === 'fixme');
  return typeof reason?.description === 'string'
    ? reportText(reason.description, longestMessage)
    : undefined;
}
