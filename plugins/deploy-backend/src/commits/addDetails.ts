import pLimit from 'p-limit';
import { openPaths, openPulls } from './commitQuestions';
import { GithubCommits } from './GithubCommits';
import { CommitList, KeptCommit, ServicePaths } from './types';
import { until } from './until';

const AT_ONCE = 8;

/** What came of it. */
export interface DetailedList {
  list: CommitList;
  /** GitHub told something that was not known. */
  grew: boolean;
  /** Why GitHub was not asked to the end. */
  failure?: unknown;
}

/**
 * Asks GitHub for what is not known yet of each commit: its paths if the service has some of its own, and
 * the pull requests of those that are of the service. Stops at the first failure and at the signal, and
 * keeps what it has.
 */
export async function addDetails(
  github: Pick<GithubCommits, 'pathsOf' | 'pullRequestOf'>,
  list: CommitList,
  service: ServicePaths,
  signal: AbortSignal,
): Promise<DetailedList> {
  const paths = await ask(
    list.commits,
    openPaths(list.commits, service),
    commit => github.pathsOf(commit.sha),
    signal,
  );
  if ('failure' in paths) {
    const { commits, ...rest } = paths;
    return { ...rest, list: { ...list, commits } };
  }
  const pulls = await ask(
    paths.commits,
    openPulls(paths.commits, service),
    async commit => {
      const pullRequest = await github.pullRequestOf(commit.sha);
      return { pullAsked: true, ...(pullRequest && { pullRequest }) };
    },
    signal,
  );
  return {
    list: { ...list, commits: pulls.commits },
    grew: paths.grew || pulls.grew,
    ...('failure' in pulls && { failure: pulls.failure }),
  };
}

async function ask(
  commits: KeptCommit[],
  open: readonly KeptCommit[],
  question: (commit: KeptCommit) => Promise<Partial<KeptCommit>>,
  signal: AbortSignal,
): Promise<{ commits: KeptCommit[]; grew: boolean; failure?: unknown }> {
  const limit = pLimit(AT_ONCE);
  const answers = new Map<string, Partial<KeptCommit>>();
  const failures: unknown[] = [];
  await Promise.all(
    open.map(commit =>
      limit(async () => {
        if (failures.length > 0) {
          return;
        }
        try {
          answers.set(commit.sha, await until(signal, question(commit)));
        } catch (error) {
          failures.push(error);
        }
      }),
    ),
  );
  return {
    commits: commits.map(commit => ({ ...commit, ...answers.get(commit.sha) })),
    grew: answers.size > 0,
    ...(failures.length > 0 && { failure: failures[0] }),
  };
}
