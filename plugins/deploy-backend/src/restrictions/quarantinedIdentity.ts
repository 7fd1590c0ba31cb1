import { Revision } from '@vvp/backstage-plugin-deploy-common';

/** What a revision is known by later. */
export interface RevisionIdentity {
  /** As the target names it. */
  revision: string;
  /** Digest of what it runs. */
  artifact?: string;
}

/** At the end of an image that is pinned, or all there is, as of a file. Targets may shorten it. */
const DIGEST = /(?:^|@)(sha256:[0-9a-f]{24,64})$/;

/**
 * By its id, and where it tells one by the digest of its artifact: some targets name the same content anew
 * when it is put back. A tag is none, for it may be moved to something else.
 */
export function identityOf({
  id,
  artifact,
}: Pick<Revision, 'id' | 'artifact'>): RevisionIdentity {
  const digest = artifact && DIGEST.exec(artifact)?.[1];
  return { revision: id, ...(digest && { artifact: digest }) };
}

/**
 * What is quarantined of a bad revision. Where the one that is kept has the same artifact, the artifact is
 * not what is bad.
 */
export function quarantinedIdentity(
  bad: Pick<Revision, 'id' | 'artifact'>,
  kept: Pick<Revision, 'id' | 'artifact'> | undefined,
): RevisionIdentity {
  const identity = identityOf(bad);
  return kept && identityOf(kept).artifact === identity.artifact
    ? { revision: identity.revision }
    : identity;
}

/** The quarantine that a revision falls under: one of its own rather than one of its artifact. */
export function matchQuarantine<T extends RevisionIdentity>(
  { revision, artifact }: RevisionIdentity,
  quarantines: readonly T[],
): T | undefined {
  return (
    quarantines.find(one => one.revision === revision) ??
    quarantines.find(one => artifact !== undefined && one.artifact === artifact)
  );
}
