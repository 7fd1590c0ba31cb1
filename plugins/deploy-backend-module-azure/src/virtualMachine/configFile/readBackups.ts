import { JsonObject } from '@backstage/types';
import { Revision, TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';

/** The most that are told. */
export const MOST_BACKUPS = 100;

/** Names of backups; the same as in `ours` in `config-file.sh`. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const HASH = /^[0-9a-f]{64}$/;
/** Of a hash in a list, for the answers are short. */
const SHORT_HASH = /^[0-9a-f]{24}$/;

/** Where a machine stands, as `config-file-inspect.sh` says it. */
export interface SeenBackups {
  /** SHA-256 of the live file; absent where there is none. */
  live?: string;
  /** Seconds since 1970. */
  liveAt: number;
  /** SHA-256 of the backup that was asked about; absent where it is none of this file. */
  asked?: string;
  backups: { name: string; at: number; hash: string }[];
  more: boolean;
}

/** Throws a TargetError `not-found` for what cannot be the name of a backup. */
export function checkBackupName(name: string): void {
  if (!NAME.test(name)) {
    throw new TargetError(
      'not-found',
      'The revision is not the name of a backup of this file.',
      { remedy: 'Choose one out of the list of revisions.' },
    );
  }
}

/** What an answer says; parts that do not fit are left out. */
export function readBackups(answer: JsonObject): SeenBackups {
  const rows = Array.isArray(answer.backups) ? answer.backups : [];
  const live = readHash(answer.live);
  const asked = readHash(answer.wanted);
  return {
    ...(live && { live }),
    liveAt: typeof answer.liveAt === 'number' ? answer.liveAt : 0,
    ...(asked && { asked }),
    backups: rows.flatMap(row => {
      const [name, at, hash] = Array.isArray(row) ? row : [];
      return typeof name === 'string' &&
        NAME.test(name) &&
        typeof at === 'number' &&
        typeof hash === 'string' &&
        SHORT_HASH.test(hash)
        ? [{ name, at, hash }]
        : [];
    }),
    more: answer.more === 1,
  };
}

/**
 * Revisions as the target tells them, newest first. The newest backup with the content of the live file is
 * the one that serves; without any, the live file itself stands at the top.
 */
export function toRevisions(
  seen: SeenBackups,
  health: TargetHealth,
): Revision[] {
  const serving = findServing(seen);
  const backups = seen.backups.map(({ name, at, hash }) => ({
    id: name,
    current: name === serving,
    artifact: `sha256:${hash}`,
    createdAt: new Date(at * 1000).toISOString(),
    ...(name === serving && { health: health.state }),
  }));
  const live = liveRevision(seen, health);
  const all = serving === undefined && live ? [live, ...backups] : backups;
  const kept = all.slice(0, MOST_BACKUPS);
  const current = all.find(revision => revision.current);
  return current && !kept.includes(current)
    ? [...kept.slice(0, MOST_BACKUPS - 1), current]
    : kept;
}

/** Whether a backup holds what the live file holds. */
export function isLive(hash: string | undefined, live: string | undefined) {
  return hash !== undefined && live !== undefined && live.startsWith(hash);
}

function findServing({ backups, live }: SeenBackups): string | undefined {
  return backups.find(({ hash }) => isLive(hash, live))?.name;
}

/** A name for the live file that no backup can have, for it holds a `@`. */
function liveRevision(
  { live, liveAt }: SeenBackups,
  health: TargetHealth,
): Revision | undefined {
  return live === undefined
    ? undefined
    : {
        id: `live@${live.slice(0, 12)}`,
        current: true,
        artifact: `sha256:${live.slice(0, 24)}`,
        createdAt: new Date(liveAt * 1000).toISOString(),
        health: health.state,
        unavailable: 'It is in place and has no backup yet.',
      };
}

function readHash(value: unknown): string | undefined {
  return typeof value === 'string' && HASH.test(value) ? value : undefined;
}
