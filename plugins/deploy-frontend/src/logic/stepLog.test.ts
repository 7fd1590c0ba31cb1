import { LogLine } from '@vvp/backstage-plugin-deploy-common';
import { logRows } from './stepLog';

function line(sequence: number): LogLine {
  return { sequence, at: '2026-11-21T03:00:00Z', level: 'info', text: 'x' };
}

function shapeOf(lines: number[], dropped: number) {
  return logRows(lines.map(line), dropped).map(row =>
    row.kind === 'gap' ? `-${row.count}` : row.line.sequence,
  );
}

describe('logRows', () => {
  it.each([
    ['nothing', [], 0, []],
    ['all lines', [1, 2, 3], 0, [1, 2, 3]],
    ['lines out of order', [3, 1, 2], 0, [1, 2, 3]],
    ['a hole in the middle', [1, 2, 9, 10], 6, [1, 2, '-6', 9, 10]],
    ['lines missing at the end', [1, 2], 5, [1, 2, '-5']],
    ['only dropped lines', [], 4, ['-4']],
  ])('shows %s', (_name, lines, dropped, expected) => {
    expect(shapeOf(lines, dropped)).toEqual(expected);
  });
});
