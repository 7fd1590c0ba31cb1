import { Commit, CommitRange } from '@vvp/backstage-plugin-deploy-common';
import { selectCommits } from './selectCommits';
import { CommitList, KeptCommit, ServicePaths } from './types';

/**
 * What is shown of a list of commits for a service.
 *
 * @param problem - why GitHub was not asked to the end
 */
export function toCommitRange(
  query: {
    service: Pick<ServicePaths, 'paths' | 'sharedPaths'>;
    from: string;
    to: string;
  },
  direction: CommitRange['direction'],
  list: CommitList,
  problem?: string,
): CommitRange {
  const { service, from, to } = query;
  const { commits, undecided } = selectCommits(list.commits, service);
  const missing = list.total - list.commits.length + undecided;
  const messages = [
    ...(list.state === 'unrelated' ? [tellParted(list, direction)] : []),
    ...(missing > 0 ? [tellMissing(missing, undecided)] : []),
    ...(problem ? [problem] : []),
  ];
  const state = missing > 0 && list.state === 'known' ? 'partial' : list.state;
  return {
    from,
    to,
    state,
    direction,
    commits: commits.map(toCommit),
    ...(messages.length > 0 && { message: messages.join(' ') }),
  };
}

function tellParted(
  { commits, behind }: CommitList,
  direction: CommitRange['direction'],
): string {
  if (commits.length === 0 && behind === 0) {
    return 'The two commits have no history in common.';
  }
  return direction === 'backward'
    ? `The two commits parted: these are taken out, and ${behind} others of the repository come in.`
    : `The two commits parted: these come in, and ${behind} others of the repository are taken out.`;
}

function tellMissing(missing: number, undecided: number): string {
  return undecided > 0
    ? `Of ${missing} more commits it is not known whether they touch the service.`
    : `There are ${missing} older commits besides.`;
}

/** What is kept for our own use stays here. */
function toCommit(commit: KeptCommit): Commit {
  const { parents, people, paths, pathsCut, pullAsked, ...shown } = commit;
  return shown;
}
