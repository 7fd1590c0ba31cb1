import { ComparedPage, GithubCommits } from './GithubCommits';
import { pullRequestNumbers } from './pullRequestNumbers';
import { CommitList, KeptCommit } from './types';

/** No more commits are listed of a comparison; the newest ones. */
export const MAX_COMMITS = 500;

type CommitSource = Pick<GithubCommits, 'compare' | 'pullRequestUrl'>;

/** What GitHub tells of two commits. */
export interface ListedCommits {
  direction: 'forward' | 'backward';
  list: CommitList;
}

/**
 * Lists what lies between two commits, whichever is older. Of two that parted, what the younger one has
 * is listed: it is what comes in, or what is taken out. Undefined if they are the same.
 */
export async function listCommits(
  github: CommitSource,
  from: string,
  to: string,
): Promise<ListedCommits | undefined> {
  const first = await github.compare(from, to);
  if (first === 'nothing in common') {
    return { direction: 'forward', list: nothingInCommon() };
  }
  switch (first.status) {
    case 'identical':
      return undefined;
    case 'behind':
      return { direction: 'backward', list: await listOf(github, to, from) };
    case 'ahead':
      return {
        direction: 'forward',
        list: await listOf(github, from, to, first),
      };
    default: {
      const list = await listOf(github, from, to, first);
      const toAt = list.commits.find(commit => commit.sha === to)?.committedAt;
      return isLater(first.baseAt, toAt)
        ? { direction: 'backward', list: await listOf(github, to, from) }
        : { direction: 'forward', list };
    }
  }
}

async function listOf(
  github: CommitSource,
  base: string,
  head: string,
  known?: ComparedPage,
): Promise<CommitList> {
  const first = known ?? (await github.compare(base, head));
  if (first === 'nothing in common') {
    return nothingInCommon();
  }
  const last = Math.max(1, Math.ceil(first.total / GithubCommits.perPage));
  const most = MAX_COMMITS / GithubCommits.perPage;
  const pages = await Promise.all(
    Array.from({ length: Math.min(last, most) }, async (_, index) => {
      const page = last - index;
      const compared =
        page === 1 ? first : await github.compare(base, head, page);
      return compared === 'nothing in common' ? [] : compared.commits;
    }),
  );
  const commits = pages
    .flatMap(page => [...page].reverse())
    .slice(0, MAX_COMMITS);
  return {
    state: stateOf(first, commits.length),
    commits: withPullRequests(github, commits),
    total: first.total,
    behind: first.behind,
  };
}

function withPullRequests(
  github: Pick<GithubCommits, 'pullRequestUrl'>,
  commits: readonly KeptCommit[],
): KeptCommit[] {
  const numbers = pullRequestNumbers(commits);
  return commits.map(commit => {
    const number = numbers.get(commit.sha);
    return number === undefined
      ? commit
      : {
          ...commit,
          pullRequest: { number, url: github.pullRequestUrl(number) },
        };
  });
}

function stateOf(
  { status, total }: ComparedPage,
  listed: number,
): CommitList['state'] {
  if (status === 'diverged') {
    return 'unrelated';
  }
  return listed < total ? 'partial' : 'known';
}

function nothingInCommon(): CommitList {
  return { state: 'unrelated', commits: [], total: 0, behind: 0 };
}

function isLater(one: string | undefined, other: string | undefined): boolean {
  return Date.parse(one ?? '') > Date.parse(other ?? '');
}
