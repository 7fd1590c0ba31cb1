import { LogLine } from '@vvp/backstage-plugin-deploy-common';

/**
 * A line of a log, or a place where lines are missing.
 *
 * @internal
 */
export type LogRow =
  | { kind: 'line'; key: string; line: LogLine }
  | { kind: 'gap'; key: string; count: number };

/**
 * The lines of a step's log in order, with a gap where lines were dropped.
 *
 * @param dropped - how many lines are missing in all
 * @internal
 */
export function logRows(lines: readonly LogLine[], dropped: number): LogRow[] {
  const sorted = [...lines].sort(
    (left, right) => left.sequence - right.sequence,
  );
  const rows: LogRow[] = [];
  let told = 0;
  sorted.forEach((line, index) => {
    const missing =
      index === 0 ? 0 : line.sequence - sorted[index - 1].sequence - 1;
    if (missing > 0) {
      told += missing;
      rows.push({ kind: 'gap', key: `gap ${line.sequence}`, count: missing });
    }
    rows.push({ kind: 'line', key: `line ${line.sequence}`, line });
  });
  if (dropped > told) {
    rows.push({ kind: 'gap', key: 'rest', count: dropped - told });
  }
  return rows;
}
