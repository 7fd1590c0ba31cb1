import { HealthState, Revision } from '@vvp/backstage-plugin-deploy-common';
import { isSameCommit } from '../../version/commit';
import { WatchLook } from '../../verification/watchVerdict';
import { DeployedRelease, digestOf } from './servesRelease';

const unwell: readonly HealthState[] = ['unhealthy', 'degraded'];

/**
 * Whether a release that does not serve failed to come in. That another one serves does not say so: a deployment
 * may have changed nothing, as when its paths did not change or the image is the same. So one of these is asked for:
 *
 * - it served, and its platform took it out again;
 * - the platform has a revision of it, made by this deployment, that is not well;
 * - the platform gave a revision of it up since this deployment began, whenever that was made;
 * - something was not well, and it is known that the release is another artifact than what serves.
 */
export function rolloutFailed(known: {
  looks: readonly WatchLook[];
  release: DeployedRelease;
  /** All that the platform has. */
  revisions: readonly Revision[];
  /** Id of the revision that serves. */
  serving: string;
}): boolean {
  const { looks, release, revisions, serving } = known;
  if (looks.some(look => look.serving?.isThis)) {
    return true;
  }
  const own = revisions.filter(
    revision => revision.id !== serving && isOf(revision, release),
  );
  if (own.some(isUnwell) || whyGivenUp(known) !== undefined) {
    return true;
  }
  const brought = digestOf(release.artifact) ?? digestOf(own[0]?.artifact);
  const serves = digestOf(revisions.find(({ id }) => id === serving)?.artifact);
  return (
    looks.some(({ health }) => unwell.includes(health)) &&
    brought !== undefined &&
    serves !== undefined &&
    brought !== serves
  );
}

/** Why the platform gave a release up since its deployment began; undefined if it does not say that it did. */
export function whyGivenUp(known: {
  release: DeployedRelease;
  revisions: readonly Revision[];
  serving: string;
}): string | undefined {
  const { release, revisions, serving } = known;
  return revisions.find(
    ({ id, commit, givenUp }) =>
      id !== serving &&
      isCommitOf(commit, release) &&
      givenUp !== undefined &&
      Date.parse(givenUp.at) >= Date.parse(release.begunAt),
  )?.givenUp?.reason;
}

/** Whether the platform is still at bringing a release in. */
export function isComingIn(
  revisions: readonly Revision[],
  release: DeployedRelease,
): boolean {
  return revisions.some(
    ({ commit, comingIn }) => comingIn === true && isCommitOf(commit, release),
  );
}

/** Of the release, and not from an earlier deployment of it. */
function isOf(revision: Revision, release: DeployedRelease): boolean {
  const isOld =
    revision.createdAt !== undefined &&
    Date.parse(revision.createdAt) < Date.parse(release.begunAt);
  return !isOld && isCommitOf(revision.commit, release);
}

function isCommitOf(
  commit: string | undefined,
  release: DeployedRelease,
): boolean {
  return commit !== undefined && isSameCommit(commit, release.commit);
}

function isUnwell({ health, unavailable }: Revision): boolean {
  return (
    unavailable !== undefined ||
    (health !== undefined && unwell.includes(health))
  );
}
