import { NotableTest } from '@vvp/backstage-plugin-deploy-common';
import { TestReport } from '../formats/types';
import { DeploymentTestsPayload } from './payload';

/** Suite of these tests: `suite: post-deployment` in a gate. */
const SUITE = 'post-deployment';

const MAX_TRACE = 10_000;

/** A payload as the test report that it is. */
export function toDeploymentTests(
  payload: DeploymentTestsPayload,
): TestReport & { suite: string; mode: string } {
  const { total_tests: total, passed_tests: passed, failed_tests } = payload;
  const skipped = total - passed - failed_tests;
  // The run can fail although no test did: no test was found, or none could be started.
  const broken = !payload.passed && failed_tests === 0;
  const failed = broken ? 1 : failed_tests;
  const counts = {
    total: passed + failed + skipped,
    passed,
    failed,
    skipped,
    flaky: 0,
    durationSeconds: payload.duration_seconds,
  };
  return {
    type: 'test',
    format: 'deployment-tests',
    suite: SUITE,
    mode: 'azure',
    totals: { ...counts, suites: 1 },
    suites: [{ name: SUITE, ...counts }],
    notable: failed > 0 ? failuresOf(payload.errors, broken) : [],
  };
}

/** The errors are lines of pytest's output: `FAILED file::test - message`, or `file::test FAILED`. */
function failuresOf(lines: readonly string[], broken: boolean): NotableTest[] {
  const failures = new Map<string, NotableTest>();
  for (const line of lines) {
    const [, id, message] = /^(?:FAILED|ERROR)\s+(\S+)(?:\s+-\s+(.*))?$/s.exec(
      line.trim(),
    ) ?? [undefined, idBeforeOutcome(line.trim())];
    if (id) {
      const known = failures.get(id)?.message;
      failures.set(id, toFailure(id, known ?? message));
    }
  }
  if (failures.size > 0) {
    return [...failures.values()];
  }
  return [
    {
      ...toFailure(broken ? 'the test run' : 'tests without names'),
      message:
        lines[0]?.slice(0, 1_000) ??
        (broken
          ? 'The run failed before or besides its tests, and says no more.'
          : 'The run names no test that failed.'),
      ...(lines.length > 1 && { trace: lines.join('\n').slice(0, MAX_TRACE) }),
    },
  ];
}

/** `file::test`, spaces and all, of a line `file::test FAILED`. A line is read once: it may be long, and nobody's friend. */
function idBeforeOutcome(line: string): string | undefined {
  const [first, ...words] = [...line.matchAll(/\S+/g)];
  const colons = first?.[0].indexOf('::', 1) ?? -1;
  if (colons < 0) {
    return undefined;
  }
  const newline = /[\n\r\u2028\u2029]/.exec(line)?.index ?? line.length;
  let end = first[0].length;
  for (const { 0: word, index } of words) {
    if (end > newline) {
      return undefined;
    }
    if (end > colons + 2 && /^(?:FAILED|ERROR)\b/.test(word)) {
      return line.slice(0, end);
    }
    end = index + word.length;
  }
  return undefined;
}

function toFailure(id: string, message?: string): NotableTest {
  const [file, ...names] = id.split('::');
  return {
    suite: SUITE,
    name: names.at(-1) ?? id,
    ...(names.length > 1 && { className: names.slice(0, -1).join('::') }),
    outcome: 'failed',
    flaky: false,
    ...(names.length > 0 && { file }),
    ...(message && { message }),
  };
}
