import {
  GateResult,
  GateState,
  severities,
} from '@vvp/backstage-plugin-deploy-common';
import { code, escapeMarkdown, link, percentage, shorten } from './markdown';
import { FeedbackInput, ServiceFeedback } from './types';

/** GitHub's limit for the body of a comment. */
const MAX_BODY = 65_536;

/** What one gate or test may take of it. */
const MAX_LINE = 1_000;

/** More failed tests than this of a service are counted only. */
const MAX_TESTS = 20;

const CUT =
  '_There is more to say than fits into a comment of GitHub; the rest stands in the portal._';

/**
 * The one comment on a pull request. Undefined if there is nothing to say.
 *
 * @param marker - a hidden text by which the comment is found again; no `--`
 */
export function renderComment(
  input: FeedbackInput,
  marker: string,
): string | undefined {
  const services = input.services.filter(hasSomething);
  if (services.length === 0) {
    return undefined;
  }
  const end = `\n\n<!-- ${marker} -->`;
  const lines = [
    `### Evidence and gates at ${input.commit.slice(0, 7)}`,
    '',
    '| Service | Line coverage | Changed lines | Difference to base | Tests | Security | Gates |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...services.map(rowOf),
    ...services.flatMap(gateLines),
    ...services.flatMap(testLines),
  ];
  return `${fit(lines, MAX_BODY - end.length)}${end}`;
}

/** As many whole lines as fit, with a note if not all do. */
function fit(lines: readonly string[], length: number): string {
  const whole = lines.join('\n');
  if (whole.length <= length) {
    return whole;
  }
  let text = '';
  for (const line of lines) {
    if (text.length + line.length + CUT.length + 3 > length) {
      break;
    }
    text += `${line}\n`;
  }
  return `${text}\n${CUT}`;
}

function hasSomething(service: ServiceFeedback): boolean {
  return Boolean(
    service.coverage ||
      service.tests ||
      service.security ||
      service.gates.some(({ state }) => state !== 'none'),
  );
}

function rowOf(service: ServiceFeedback): string {
  const { coverage } = service;
  const cells = [
    link(shorten(service.title, 200), service.detailsUrl),
    coverage && percentage(coverage.lines),
    coverage?.changed && changedCell(coverage.changed),
    coverage && differenceCell(coverage),
    testsCell(service.tests),
    securityCell(service.security),
    gatesCell(service.gates),
  ];
  return `| ${cells.map(cell => cell || '–').join(' | ')} |`;
}

function changedCell(changed: { covered: number; total: number }): string {
  return changed.total > 0
    ? `${percentage(changed)} (${changed.covered} of ${changed.total})`
    : 'no lines';
}

function differenceCell(
  coverage: NonNullable<ServiceFeedback['coverage']>,
): string | undefined {
  const { lines, base } = coverage;
  if (base === undefined || lines.total === 0) {
    return undefined;
  }
  const difference = (lines.covered / lines.total) * 100 - base;
  const points = Math.abs(difference).toFixed(2);
  if (Number(points) === 0) {
    return '±0';
  }
  return `${difference > 0 ? '+' : '−'}${points} points`;
}

function testsCell(tests: ServiceFeedback['tests']): string | undefined {
  return (
    tests &&
    counts([
      [tests.failed, 'failed'],
      [tests.passed, 'passed'],
      [tests.skipped, 'skipped'],
      [tests.flaky, 'flaky'],
    ])
  );
}

function securityCell(
  security: ServiceFeedback['security'],
): string | undefined {
  if (!security) {
    return undefined;
  }
  const found = counts(
    severities.map(severity => [security.bySeverity[severity], severity]),
  );
  if (!security.completed) {
    return `scan not complete; ${found || 'nothing found so far'}`;
  }
  return found || 'nothing found';
}

function gatesCell(gates: readonly GateResult[]): string | undefined {
  const count = (state: GateState) =>
    gates.filter(gate => gate.state === state).length;
  return counts([
    [count('fail'), 'failed'],
    [count('pending'), 'pending'],
    [count('waived'), 'waived'],
    [count('pass'), 'passed'],
  ]);
}

function counts(pairs: readonly (readonly [number, string])[]): string {
  return pairs
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

function gateLines(service: ServiceFeedback): string[] {
  const open = service.gates.filter(
    ({ state }) => state === 'fail' || state === 'waived',
  );
  if (open.length === 0) {
    return [];
  }
  return [
    '',
    `**Failed gates of ${escapeMarkdown(shorten(service.title, 200))}**`,
    '',
    ...open.map(gate => {
      const waived = gate.state === 'waived' ? ' (waived)' : '';
      const where = `${gate.title}, ${gate.environment}`;
      return `- ${escapeMarkdown(
        shorten(where, 200),
      )}${waived}: ${escapeMarkdown(shorten(gate.reason, MAX_LINE))}`;
    }),
  ];
}

function testLines(service: ServiceFeedback): string[] {
  const failures = service.tests?.failures ?? [];
  if (failures.length === 0) {
    return [];
  }
  const shown = failures.slice(0, MAX_TESTS);
  const left = (service.tests?.failed ?? 0) - shown.length;
  return [
    '',
    `**Failed tests of ${escapeMarkdown(shorten(service.title, 200))}**`,
    '',
    ...shown.map(test => `- ${code(shorten(nameOf(test), MAX_LINE))}`),
    ...(left > 0 ? [`- and ${left} more`] : []),
  ];
}

function nameOf(test: { suite: string; name: string }): string {
  return test.suite ? `${test.suite} › ${test.name}` : test.name;
}
