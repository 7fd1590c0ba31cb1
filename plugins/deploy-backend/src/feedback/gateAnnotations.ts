import { GateResult } from '@vvp/backstage-plugin-deploy-common';
import { plainLine, shorten } from './markdown';
import { FailedTest, FileLines, ServiceFeedback } from './types';

/** A remark at lines of a file, as GitHub's check runs have it. */
export interface CheckAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: 'warning' | 'failure';
  title: string;
  message: string;
  raw_details?: string;
}

/** GitHub takes 64 KB; a pull request of them helps nobody. */
const MAX_DETAILS = 4_000;

/**
 * What the check run of a gate points at: changed lines that no test runs, and failed tests. Each is said
 * at one gate only, as a pull request shows the annotations of all its check runs side by side.
 */
export function gateAnnotations(
  gate: GateResult,
  service: ServiceFeedback,
): CheckAnnotation[] {
  const gates = service.gates.filter(({ state }) => state !== 'none');
  const first = (type: GateResult['evidenceType']) =>
    gates.find(({ evidenceType }) => evidenceType === type)?.id;
  const lines =
    first('coverage') === gate.id ? service.coverage?.uncovered ?? [] : [];
  const tests = (service.tests?.failures ?? []).filter(test => {
    const judged = gates.find(
      ({ evidenceIds, evidenceType }) =>
        evidenceType === 'test' &&
        test.evidenceId !== undefined &&
        evidenceIds.includes(test.evidenceId),
    );
    return (judged?.id ?? first('test')) === gate.id;
  });
  return [...tests.flatMap(ofTest), ...lines.flatMap(ofLines)];
}

function ofLines({ path, lines }: FileLines): CheckAnnotation[] {
  if (!isInRepository(path)) {
    return [];
  }
  return rangesOf(lines).map(([start, end]) => ({
    path,
    start_line: start,
    end_line: end,
    annotation_level: 'warning',
    title: 'Not covered by tests',
    message:
      start === end
        ? 'This changed line is not run by any test.'
        : `These ${end - start + 1} changed lines are not run by any test.`,
  }));
}

function ofTest(test: FailedTest): CheckAnnotation[] {
  const path = test.file?.replace(/^\.\//, '');
  if (!path || !isInRepository(path)) {
    return [];
  }
  const line = test.line && test.line > 0 ? Math.floor(test.line) : 1;
  return [
    {
      path,
      start_line: line,
      end_line: line,
      annotation_level: 'failure',
      title: shorten(plainLine(`Failed: ${test.name}`), 200),
      message:
        shorten(
          (test.message ?? '').replaceAll('\0', '').trim(),
          MAX_DETAILS,
        ) || 'The test failed without a message.',
      ...(test.trace && {
        raw_details: shorten(test.trace.replaceAll('\0', ''), MAX_DETAILS),
      }),
    },
  ];
}

/** GitHub refuses the whole request for a path that leaves the repository. */
function isInRepository(path: string): boolean {
  return (
    path !== '' &&
    !/^(?:[/\\]|[a-z]:|[a-z][a-z+.-]*:\/\/)/i.test(path) &&
    !path.split(/[/\\]/).includes('..')
  );
}

/** Ascending numbers as pairs of the first and the last of those that follow on one another. */
function rangesOf(lines: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last && line === last[1] + 1) {
      last[1] = line;
    } else {
      ranges.push([line, line]);
    }
  }
  return ranges;
}
