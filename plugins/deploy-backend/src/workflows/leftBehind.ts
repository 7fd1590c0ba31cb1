import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { isSameCommit } from '../version/commit';

/** What can be told of an environment after a run that ended badly there. */
export interface LeftBehind {
  /** Its name. */
  environment: string;
  /** Which commit it runs, and who says so. */
  serving?: { commit: string; by: string };
  /** Why that is not known; a whole sentence. */
  why?: string;
}

/** What a run left in an environment: as it was before, or a person has to look. */
export function judgeLeft(
  run: { id: number; html_url?: string },
  release: { commit: string },
  { environment, serving, why }: LeftBehind,
): { asBefore: string } | { failure: Required<Failure> } {
  const page = run.html_url ?? `the run ${run.id} at GitHub`;
  if (!serving) {
    return {
      failure: {
        message: `What the run ${run.id} left in ${environment} is not known. ${
          why ??
          'deploy.yaml names there neither "version" nor a target that could tell.'
        }`,
        remedy: `See at ${page} how far it got, and look at ${environment} itself. Then roll back, or mend what failed and ask again.`,
      },
    };
  }
  const told = `${
    serving.by
  } says that ${environment} runs ${serving.commit.slice(0, 12)}`;
  return isSameCommit(serving.commit, release.commit)
    ? {
        failure: {
          message: `${told}, the new release, although its run ended badly.`,
          remedy: `See at ${page} what was not done, and whether it works. Then redeploy it, or roll back.`,
        },
      }
    : { asBefore: `${told}: the new release did not get in.` };
}
