import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { isSameCommit } from '../version/commit';

/** What can be told of an environment after a run that ended badly there. */
export interface LeftBehind {
  /** Its name. */
  environment: string;
  /** Which commit it runs, by all that say so. */
  seen: readonly { commit: string; by: string }[];
  /** Why that does not tell all of what runs there; a whole sentence. */
  why?: string;
  /** The release that the portal itself knows there, and since when, ISO 8601. */
  known?: { commit: string; at: string };
}

/**
 * What a run left in an environment: as it was before, or a person has to look. As before is only what all that can
 * tell say, and what was there by the portal's own history when the run began.
 */
export function judgeLeft(
  run: { id: number; html_url?: string; head_sha: string; created_at: string },
  release: { commit: string },
  left: LeftBehind,
): { asBefore: string } | { failure: Required<Failure> } {
  const { environment, seen } = left;
  const page = run.html_url ?? `the run ${run.id} at GitHub`;
  const told = ({ by, commit }: LeftBehind['seen'][number]) =>
    `${by} says that ${environment} runs ${commit.slice(0, 12)}`;
  const isIn = seen.find(({ commit }) => isSameCommit(commit, release.commit));
  if (isIn) {
    return {
      failure: {
        message: `${told(
          isIn,
        )}, the new release, although its run ended badly.`,
        remedy: `See at ${page} what was not done, and whether it works. Then redeploy it, or roll back.`,
      },
    };
  }
  const why = whyUnsure(run, left);
  if (why !== undefined) {
    const words = [...seen.map(one => `${told(one)}.`), why].join(' ');
    return {
      failure: {
        message: `What the run ${run.id} left in ${environment} is not known. ${words}`,
        remedy: `See at ${page} how far it got, and look at ${environment} itself. Then roll back, or mend what failed and ask again.`,
      },
    };
  }
  return {
    asBefore: `${seen
      .map(told)
      .join(', ')}, as before: the new release did not get in.`,
  };
}

function whyUnsure(
  run: { head_sha: string; created_at: string },
  { seen, why, known }: LeftBehind,
): string | undefined {
  if (why !== undefined || seen.length === 0) {
    return (
      why ??
      'deploy.yaml names there neither "version" nor a target that could tell.'
    );
  }
  if (!known || known.at > run.created_at) {
    return 'The portal does not know for sure which release was there before.';
  }
  if (!seen.every(({ commit }) => isSameCommit(commit, known.commit))) {
    return `Before, that was ${known.commit.slice(0, 12)}.`;
  }
  // A build may be marked with the commit that its run is at, whatever it was told to build.
  return isSameCommit(known.commit, run.head_sha)
    ? 'The run is at that commit itself, and may have marked the new release with it.'
    : undefined;
}
