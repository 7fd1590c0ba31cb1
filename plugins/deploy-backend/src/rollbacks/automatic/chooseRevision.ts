import { RevisionEntry } from '@vvp/backstage-plugin-deploy-common';

/**
 * What an automatic rollback goes back to: of the revisions that ran here with success before, the one that
 * did so last. Never the current one, one of the same release, or one in quarantine.
 *
 * @param revisions - newest first, as the target lists them
 */
export function chooseRevision(
  revisions: readonly RevisionEntry[],
): RevisionEntry | undefined {
  const current = revisions.find(revision => revision.current);
  const candidates = revisions.filter(
    revision =>
      !revision.current &&
      revision.unavailable === undefined &&
      revision.quarantine === undefined &&
      revision.lastDeployedAt !== undefined &&
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
