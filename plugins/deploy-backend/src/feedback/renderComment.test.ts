import { failedTest, gate, input, service } from './__testUtils__/feedback';
import { renderComment } from './renderComment';

const MARKER = 'deploy-feedback';
const noFindings = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

/** The cells of the row of the only service. */
function cellsOf(more: Parameters<typeof service>[0]): string[] {
  const body = renderComment(input(service(more)), MARKER) ?? '';
  const row = body.split('\n').find(line => line.startsWith('| [Verifier'));
  return (row ?? '').split(' | ');
}

describe('renderComment', () => {
  it('says nothing without anything to say', () => {
    const gates = [gate({ state: 'none' })];

    expect(renderComment(input(), MARKER)).toBeUndefined();
    expect(renderComment(input(service({ gates })), MARKER)).toBeUndefined();
  });

  it('has a row for each service, and the marker at its end', () => {
    const body = renderComment(
      input(
        service({ title: 'A', gates: [gate()] }),
        service({ title: 'nothing' }),
        service({ title: 'B', detailsUrl: undefined, gates: [gate()] }),
      ),
      MARKER,
    );

    expect(body).toMatch(/^### Evidence and gates at abcdef0\n/);
    expect(body).toContain('\n| [A](https://portal.example.test/verifier) |');
    expect(body).toContain('\n| B |');
    expect(body).not.toContain('nothing');
    expect(body?.endsWith('\n<!-- deploy-feedback -->')).toBe(true);
  });

  it.each([
    ['higher', 69.5, '+0.50 points'],
    ['lower', 71.25, '−1.25 points'],
    ['the same', 70, '±0'],
    ['unknown before', undefined, '–'],
  ])('tells coverage that is %s', (_name, base, difference) => {
    const coverage = {
      lines: { covered: 7, total: 10 },
      changed: { covered: 1, total: 3 },
      base,
    };

    const cells = cellsOf({ coverage });

    expect(cells.slice(1, 4)).toEqual([
      '70.0 %',
      '33.3 % (1 of 3)',
      difference,
    ]);
  });

  it('tells of a change without lines of code', () => {
    const coverage = {
      lines: { covered: 0, total: 0 },
      changed: { covered: 0, total: 0 },
      base: 12,
    };

    expect(cellsOf({ coverage }).slice(1, 4)).toEqual([
      'no lines',
      'no lines',
      '–',
    ]);
  });

  it('counts tests, findings and gates', () => {
    const cells = cellsOf({
      tests: { passed: 9, failed: 1, skipped: 0, flaky: 2, failures: [] },
      security: { completed: true, bySeverity: { ...noFindings, high: 3 } },
      gates: [
        gate(),
        gate({ state: 'pending' }),
        gate({ state: 'pass' }),
        gate({ state: 'waived' }),
        gate({ state: 'none' }),
      ],
    });

    expect(cells.slice(4)).toEqual([
      '1 failed, 9 passed, 2 flaky',
      '3 high',
      '1 failed, 1 pending, 1 waived, 1 passed |',
    ]);
  });

  it.each([
    [true, noFindings, 'nothing found'],
    [false, noFindings, 'scan not complete; nothing found so far'],
    [false, { ...noFindings, low: 1 }, 'scan not complete; 1 low'],
  ])(
    'never takes a scan that was cut off for a clean one (%s)',
    (completed, bySeverity, cell) => {
      expect(cellsOf({ security: { completed, bySeverity } })[5]).toBe(cell);
    },
  );

  it('lists the gates that fail or are waived, with the reason', () => {
    const body = renderComment(
      input(
        service({
          gates: [
            gate({ reason: 'Too low.' }),
            gate({ title: 'Tests', state: 'waived', reason: 'One failed.' }),
            gate({ title: 'Scan', state: 'pass' }),
          ],
        }),
      ),
      MARKER,
    );

    expect(body).toContain('\n- Coverage, production: Too low\\.\n');
    expect(body).toContain('\n- Tests, production (waived): One failed\\.');
    expect(body).not.toContain('- Scan');
  });

  it('lists failed tests, 20 at the most', () => {
    const failures = Array.from({ length: 25 }, (_, index) =>
      failedTest({ name: `case ${index}` }),
    );

    const body = renderComment(
      input(
        service({
          tests: { passed: 0, failed: 30, skipped: 0, flaky: 0, failures },
        }),
      ),
      MARKER,
    );

    expect(body).toContain('\n- `unit › case 19`\n- and 10 more');
    expect(body).not.toContain('case 20');
  });

  it('lets nothing out of its place that others wrote', () => {
    const evil = '-->`|</td>\n\n# @dana [x](y) <!-- deploy-feedback -->';
    const body =
      renderComment(
        input(
          service({
            title: evil,
            gates: [gate({ title: evil, environment: evil, reason: evil })],
            tests: {
              passed: 0,
              failed: 1,
              skipped: 0,
              flaky: 0,
              failures: [failedTest({ suite: evil, name: evil })],
            },
          }),
        ),
        MARKER,
      ) ?? '';

    const outsideOfCode = body
      .split('\n')
      .filter(line => !/^- `+ /.test(line))
      .join('\n');
    const row = body.split('\n').find(line => line.startsWith('| [')) ?? '';
    expect(row.replaceAll('\\|', '').split('|')).toHaveLength(9);
    expect(outsideOfCode).not.toMatch(/@\w|<\/td>|\]\(y\)/);
    expect(outsideOfCode.match(/<!--/g)).toHaveLength(1);
    expect(body.split('\n').filter(line => /^#/.test(line))).toHaveLength(1);
  });

  it.each([
    ['services', 1_000, 1],
    ['gates', 1, 2_000],
  ])('is cut at a line if there are too many %s', (_name, services, gates) => {
    const one = service({
      gates: Array.from({ length: gates }, () =>
        gate({ reason: 'x'.repeat(80) }),
      ),
    });

    const body =
      renderComment(
        input(...Array.from({ length: services }, () => one)),
        MARKER,
      ) ?? '';

    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(60_000);
    expect(body).toContain('There is more to say');
    expect(body.endsWith('\n<!-- deploy-feedback -->')).toBe(true);
    for (const line of body.split('\n')) {
      expect(line).toMatch(/^$|^###|^\*\*|^\| .* \|$|^- .*x$|^_There|^<!--/);
    }
  });
});
