import { redact } from '@vvp/backstage-plugin-deploy-common';
import { containerOf } from './model/releaseOf';
import { Pod, WorkloadRevision } from './model/types';
import { mergeEntries, readEntries, LogEntry } from './decide/logEntries';
import { runOf } from './runOf';
import { WorkloadSession } from './steps/WorkloadSession';

const MAX_PODS = 50;
const AT_ONCE = 4;
/** Longest part of an entry that is shown. */
const MAX_LINE = 500;
/** Of one pod: the API server begins with the oldest of the entries asked for, and stops here. */
const MAX_BYTES = 8 * 1024 * 1024;
const BYTES_AN_ENTRY = 2 * 1024;
const LEAST_BYTES = 64 * 1024;

/**
 * The newest log entries of all pods of a release together, oldest first; no lines if no log could be read
 * at all.
 */
export async function readCanaryLog(
  session: WorkloadSession,
  revision: WorkloadRevision,
  pods: readonly Pod[],
  options: { container?: string; entries: number },
): Promise<{ lines?: string[]; problems: string[] }> {
  const container = containerOf(revision.template, options.container)?.name;
  const running = pods.flatMap(pod => {
    const run = runOf(pod, container);
    return run ? [{ pod: pod.metadata?.name ?? '', ...run }] : [];
  });
  const read = running.slice(0, MAX_PODS);
  const problems =
    running.length > read.length
      ? [`Of ${running.length} pods the logs of ${read.length} are looked at.`]
      : [];
  let entries: LogEntry[] = [];
  let isRead = read.length === 0;
  for (let start = 0; start < read.length; start += AT_ONCE) {
    const texts = await Promise.all(
      read.slice(start, start + AT_ONCE).map(({ pod, ...run }) =>
        session.api
          .readLog({
            pod,
            ...run,
            lines: options.entries,
            timestamps: true,
            bytes: Math.min(
              Math.max(options.entries * BYTES_AN_ENTRY, LEAST_BYTES),
              MAX_BYTES,
            ),
          })
          .catch((error: unknown) => {
            const text = error instanceof Error ? error.message : String(error);
            problems.push(redact(text).slice(0, MAX_LINE));
            return undefined;
          }),
      ),
    );
    const found = texts.filter((text): text is string => text !== undefined);
    isRead = isRead || found.length > 0;
    entries = mergeEntries(
      [entries, ...found.map(text => readEntries(text))],
      options.entries,
    );
  }
  return {
    ...(isRead && {
      lines: entries.map(({ text }) => text.slice(0, MAX_LINE)),
    }),
    problems: [...new Set(problems)].slice(0, 5),
  };
}
