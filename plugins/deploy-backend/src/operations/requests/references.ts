import {
  Revision,
  RevisionReference,
} from '@vvp/backstage-plugin-deploy-common';
import { identityOf } from '../../restrictions/quarantinedIdentity';
import { KnownRelease } from '../../rollbacks/ReleaseHistory';

/** How an operation tells of a release of which no revision is known. */
export function releaseReference({
  commit,
  version,
}: KnownRelease): RevisionReference {
  return { commit, ...(version && { version }) };
}

/** How an operation tells of a revision. What is known of its release counts more than what the platform says. */
export function revisionReference(
  revision: Revision,
  release?: KnownRelease,
): RevisionReference {
  const commit = release?.commit ?? revision.commit;
  const version = release?.version ?? revision.version;
  return {
    ...identityOf(revision),
    ...(commit && { commit }),
    ...(version && { version }),
  };
}
