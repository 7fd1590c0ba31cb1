import { gunzipSync } from 'node:zlib';
import { JsonObject } from '@backstage/types';
import { TargetDiagnostics } from '@vvp/backstage-plugin-deploy-common';

const LARGEST_TEXT = 64 * 1024;
const LONGEST_LINE = 500;

/** Parts of an answer of `diagnose.sh` that are logs or listings. */
const logs: Readonly<Record<string, string>> = {
  journal: 'journalctl',
  status: 'systemctl status',
  sockets: 'ss -ulnp',
  freeswitchStatus: 'fs_cli -x status',
};

/** Logs and facts, out of an answer of `diagnose.sh`. */
export function readDiagnostics(
  answer: JsonObject,
): Pick<TargetDiagnostics, 'facts' | 'logs' | 'problems'> {
  const problems: string[] = [];
  const texts = new Map<string, string[]>();
  for (const key of [...Object.keys(logs), 'link', 'disk']) {
    const part = answer[key];
    if (part !== undefined) {
      const lines = unpack(part);
      if (lines === undefined) {
        problems.push(`The part "${key}" of the answer cannot be read.`);
      } else {
        texts.set(key, lines);
        if (isCut(part)) {
          problems.push(
            `${
              logs[key] ?? key
            }: only the last lines are shown, for a run-command brings 4,096 bytes at most.`,
          );
        }
      }
    }
  }
  return {
    facts: [
      ...(texts.get('link') ?? []).slice(0, 1).map(value => ({
        label: 'current',
        value,
      })),
      ...(texts.get('disk') ?? [])
        // A header comes first, and where `/` holds all, its line comes twice.
        .filter(
          (line, index, all) =>
            !line.startsWith('Filesystem') && all.indexOf(line) === index,
        )
        .map(value => ({ label: 'Disk', value })),
    ],
    logs: Object.entries(logs).flatMap(([key, source]) => {
      const lines = texts.get(key);
      return lines ? [{ source, lines }] : [];
    }),
    problems,
  };
}

function isCut(part: unknown): boolean {
  return (part as { cut?: unknown }).cut === 1;
}

function unpack(part: unknown): string[] | undefined {
  const packed = (part as { text?: unknown } | null)?.text;
  if (typeof packed !== 'string') {
    return undefined;
  }
  if (packed === '') {
    return [];
  }
  try {
    return gunzipSync(Buffer.from(packed, 'base64'), {
      maxOutputLength: LARGEST_TEXT,
    })
      .toString('utf8')
      .split('\n')
      .map(clean)
      .filter(line => line !== '');
  } catch {
    return undefined;
  }
}

function clean(line: string): string {
  return (
    line
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      .trimEnd()
      .slice(0, LONGEST_LINE)
  );
}
