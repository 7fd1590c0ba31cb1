import { selectCommits } from './selectCommits';
import { KeptCommit, ServicePaths } from './types';

/** How many commits GitHub is asked for the paths of, one by one: the newest ones. */
export const MAX_ASKED_PATHS = 100;

/** How many commits GitHub is asked for the pull request of, one by one: the newest ones. */
export const MAX_ASKED_PULLS = 30;

/** Commits whose paths have to be asked, to know which are of the service. */
export function openPaths(
  commits: readonly KeptCommit[],
  service: Pick<ServicePaths, 'paths'>,
): KeptCommit[] {
  return service.paths.length === 0
    ? []
    : commits
        .slice(0, MAX_ASKED_PATHS)
        .filter(commit => commit.paths === undefined);
}

/** Commits of the service whose pull request has to be asked, as no title tells it. */
export function openPulls(
  commits: readonly KeptCommit[],
  service: Pick<ServicePaths, 'paths' | 'sharedPaths'>,
): KeptCommit[] {
  return selectCommits(commits, service)
    .commits.filter(commit => !commit.pullRequest)
    .slice(0, MAX_ASKED_PULLS)
    .filter(commit => !commit.pullAsked);
}
