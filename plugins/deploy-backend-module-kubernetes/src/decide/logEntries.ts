import { redact } from '@vvp/backstage-plugin-deploy-common';

/** A line of a log, and when it was written. */
export interface LogEntry {
  /** Milliseconds since 1970; NaN where it is not told. */
  at: number;
  /** Digits below the second, to nine places. */
  fraction: string;
  text: string;
}

const STAMPED =
  /^(\d{4}-\d\d-\d\dT[\d:]+(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)) ?(.*)$/;

/**
 * Reads a log with timestamps. Secrets are blacked out in the text without them: one may go over several
 * lines. Its lines are then fewer than the times, which only blurs the order within that log.
 */
export function readEntries(log: string): LogEntry[] {
  const stamped = log
    .split(/\r?\n/)
    .filter(line => line !== '')
    .map(line => STAMPED.exec(line) ?? [line, '', '', line]);
  return redact(stamped.map(([, , , text]) => text).join('\n'))
    .split('\n')
    .map((text, index) => {
      const [, time = '', fraction = ''] = stamped[index] ?? [];
      return {
        at: Date.parse(time),
        fraction: fraction.padEnd(9, '0').slice(0, 9),
        text,
      };
    });
}

/** The newest of several logs, oldest first; what has no time stays behind what comes before it. */
export function mergeEntries(
  logs: readonly (readonly LogEntry[])[],
  most: number,
): LogEntry[] {
  const all = logs.flatMap(log => {
    let last = { at: 0, fraction: '' };
    return log.map(entry => {
      last = Number.isNaN(entry.at) ? last : entry;
      return { ...entry, at: last.at, fraction: last.fraction };
    });
  });
  return all
    .sort(
      (a, b) =>
        a.at - b.at ||
        (a.fraction < b.fraction ? -1 : Number(a.fraction > b.fraction)),
    )
    .slice(-most);
}
