import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { isSameCommit } from '../../version/commit';

const DIGEST = /sha256:[0-9a-f]{64}/;

/** What was deployed. */
export interface DeployedRelease {
  commit: string;
  artifact?: string;
  /** When deploying it began, ISO 8601. */
  begunAt: string;
}

/**
 * Whether what serves is the release that was deployed: by the commit, else by the digest of the image.
 * Undefined if neither tells. A revision that was made since the deployment began is never called another
 * release: its commit may be told wrongly, as by a variable that the pipeline leaves as it was.
 */
export function servesRelease(
  revision: Pick<Revision, 'commit' | 'artifact' | 'createdAt'>,
  release: DeployedRelease,
): boolean | undefined {
  const isSame = compare(revision, release);
  const wasThere =
    revision.createdAt !== undefined &&
    Date.parse(revision.createdAt) < Date.parse(release.begunAt);
  return isSame === false && !wasThere ? undefined : isSame;
}

/** The digest in the name of an image, if it has one. */
export function digestOf(artifact: string | undefined): string | undefined {
  return artifact?.match(DIGEST)?.[0];
}

function compare(
  revision: Pick<Revision, 'commit' | 'artifact'>,
  release: DeployedRelease,
): boolean | undefined {
  if (revision.commit !== undefined && revision.commit.length >= 7) {
    return isSameCommit(revision.commit, release.commit);
  }
  const [serves, deployed] = [revision.artifact, release.artifact].map(
    digestOf,
  );
  return serves === undefined || deployed === undefined
    ? undefined
    : serves === deployed;
}
