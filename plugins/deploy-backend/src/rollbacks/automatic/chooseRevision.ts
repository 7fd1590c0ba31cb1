import { RevisionEntry } from '@vvp/backstage-plugin-deploy-common';

/**
 * What an automatic rollback goes back to: of the revisions that ran here with success before, the one that
 * did so last. Never the current one, one of the same release, one in quarantine, or one that was found bad.
 *
 * @param revisions - newest first, as the target lists them
 * @param foundBad - ids of releases whose last watch here ended badly: they may have stayed, unquarantined
 */
export function chooseRevision(
  revisions: readonly RevisionEntry[],
  foundBad: ReadonlySet<string> = new Set(),
): RevisionEntry | undefined {
  const current = revisions.find(revision => revision.current);
  const candidates = revisions.filter(
    revision =>
      !revision.current &&
      revision.unavailable === undefined &&
      revision.quarantine === undefined &&
      revision.lastDeployedAt !== undefined &&
      !foundBad.has(revision.releaseId ?? '') &&
      !isSameRelease(revision, current),
  );
  return candidates.reduce<RevisionEntry | undefined>(
    (best, revision) =>
      best && (best.lastDeployedAt ?? '') >= (revision.lastDeployedAt ?? '')
        ? best
        : revision,
    undefined,
  );
}

function isSameRelease(
  revision: RevisionEntry,
  current: RevisionEntry | undefined,
): boolean {
  return current?.commit !== undefined && current.commit === revision.commit;
}
