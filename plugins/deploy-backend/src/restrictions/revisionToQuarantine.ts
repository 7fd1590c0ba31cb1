import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { quarantinedIdentity, RevisionIdentity } from './quarantinedIdentity';

/**
 * What a rollback quarantines besides a release: the revision that it leads away from, where that one does
 * not tell its commit, so that no release keeps it out, or where the same release comes back, so that it
 * must not be kept out.
 *
 * @param releases - ids of the releases in the revisions, where they are known
 */
export function revisionToQuarantine(
  plan: { from?: Revision; to?: Revision; alreadyThere: boolean },
  releases: { from?: string; to?: string },
): RevisionIdentity | undefined {
  const { from, to, alreadyThere } = plan;
  if (!from || alreadyThere || to?.current || to?.id === from.id) {
    return undefined;
  }
  const isKeptOut =
    from.commit !== undefined &&
    releases.from !== undefined &&
    releases.from !== releases.to;
  return isKeptOut ? undefined : quarantinedIdentity(from, to);
}
