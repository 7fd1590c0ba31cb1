import { JsonObject } from '@backstage/types';
import { Revision, TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';

/** The most that are told. */
export const MOST_REVISIONS = 100;

/** Names of release directories; the same as `valid` in `release.sh`. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Where a machine stands, as `release-inspect.sh` says it. */
export interface SeenReleases {
  /** Name of the release that serves; absent where the link is missing or leads elsewhere. */
  current?: string;
  /** State of the release that was asked about. */
  asked: 'absent' | 'incomplete' | 'complete';
  releases: { name: string; at: number; complete: boolean }[];
  /** There are older ones. */
  more: boolean;
}

/** Throws a TargetError `not-found` for what cannot be the name of a release. */
export function checkReleaseName(name: string): void {
  if (!NAME.test(name)) {
    throw new TargetError(
      'not-found',
      'The revision is not the name of a release directory of this service.',
      { remedy: 'Choose one out of the list of revisions.' },
    );
  }
}

/** What an answer says; parts that do not fit are left out. */
export function readReleases(answer: JsonObject): SeenReleases {
  const rows = Array.isArray(answer.releases) ? answer.releases : [];
  return {
    ...readCurrent(answer),
    asked:
      answer.release === 'complete' || answer.release === 'incomplete'
        ? answer.release
        : 'absent',
    releases: rows.flatMap(row => {
      const [name, at, state] = Array.isArray(row) ? row : [];
      return typeof name === 'string' &&
        NAME.test(name) &&
        typeof at === 'number'
        ? [{ name, at, complete: state === 'complete' }]
        : [];
    }),
    more: answer.more === 1,
  };
}

/** The release that serves. */
export function readCurrent(answer: JsonObject): { current?: string } {
  return typeof answer.current === 'string' && NAME.test(answer.current)
    ? { current: answer.current }
    : {};
}

/** Revisions as the target tells them, newest first; the one that serves is always among them. */
export function toRevisions(
  seen: Pick<SeenReleases, 'current' | 'releases'>,
  health: TargetHealth,
): Revision[] {
  const revisions = seen.releases.map(({ name, at, complete }) => ({
    ...toRevision(name, name === seen.current, health),
    createdAt: new Date(at * 1000).toISOString(),
    ...(!complete && {
      unavailable: 'Its directory is empty or was not extracted to the end.',
    }),
  }));
  const kept = revisions.slice(0, MOST_REVISIONS);
  const current = revisions.find(revision => revision.current);
  if (seen.current === undefined || kept.some(({ current: is }) => is)) {
    return kept;
  }
  return [
    ...kept.slice(0, MOST_REVISIONS - 1),
    current ?? {
      ...toRevision(seen.current, true, health),
      unavailable: 'Its directory is gone.',
    },
  ];
}

/** A directory that is called after a commit tells which one runs. */
export function toRevision(
  name: string,
  current: boolean,
  health: TargetHealth,
): Revision {
  return {
    id: name,
    current,
    ...(/^[0-9a-f]{40}$/.test(name) && { commit: name }),
    ...(current && { health: health.state }),
  };
}
