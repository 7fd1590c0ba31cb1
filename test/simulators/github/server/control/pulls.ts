import type { Outcomes, PullRequestRequest } from '../../client/types';
import { push, startRun } from '../engine';
import { fullPull } from '../serialize';
import type { PullRequest, Repository } from '../state/model';
import type { World } from '../state/World';
import { triggersOnPullRequest } from '../workflow';
import { filesOf } from './filesOf';

async function emitPull(
  world: World,
  repository: Repository,
  pull: PullRequest,
  action: 'opened' | 'closed',
): Promise<void> {
  const changes = await repository.git.changes(pull.baseSha, pull.headSha);
  world.webhooks.emit({
    event: 'pull_request',
    action,
    repository,
    sender: pull.author,
    at: world.now,
    payload: {
      number: pull.number,
      pull_request: fullPull(world.urls, repository, pull, {
        additions: changes.reduce((sum, one) => sum + one.additions, 0),
        deletions: changes.reduce((sum, one) => sum + one.deletions, 0),
        files: changes.length,
      }),
    },
  });
}

/** A branch with one commit, and a pull request of it. */
export async function openPull(
  world: World,
  repository: Repository,
  request: PullRequestRequest,
): Promise<{ number: number; sha: string; runs: number[] }> {
  const author = world.account(request.author ?? 'dana');
  const baseBranch = request.base ?? repository.defaultBranch;
  const baseSha = await repository.git.resolve(baseBranch);
  if (!baseSha) throw new Error(`No branch ${baseBranch}`);
  const { sha } = await push(world, repository, {
    branch: request.branch,
    author,
    message: request.title,
    files: filesOf(request.files),
    outcomes: request.outcomes ?? {},
  });
  const pull: PullRequest = {
    id: world.ids.next(),
    number: repository.pulls.length + 1,
    title: request.title,
    body: request.body ?? '',
    author,
    headBranch: request.branch,
    headSha: sha,
    baseBranch,
    baseSha,
    createdAt: world.now,
    updatedAt: world.now,
    closedAt: undefined,
    mergedAt: undefined,
    mergeSha: undefined,
    mergedBy: undefined,
    commits: [sha],
  };
  repository.pulls.push(pull);
  await repository.git.keepPull(pull.number, sha);
  await emitPull(world, repository, pull, 'opened');
  const changes = await repository.git.changes(baseSha, sha);
  const changedFiles = changes.map(change => change.path);
  const runs: number[] = [];
  for (const definition of await world.definitions(repository, sha)) {
    if (
      !triggersOnPullRequest(
        definition.events,
        'opened',
        baseBranch,
        changedFiles,
      )
    ) {
      continue;
    }
    const run = await startRun(world, repository, {
      definition,
      event: 'pull_request',
      ref: `refs/pull/${pull.number}/merge`,
      headBranch: request.branch,
      headSha: sha,
      actor: author,
      displayTitle: request.title,
      eventPayload: {
        action: 'opened',
        number: pull.number,
        pull_request: {
          number: pull.number,
          head: { ref: request.branch, sha },
        },
      },
      changedFiles,
      pull,
      outcomes: request.outcomes ?? {},
    });
    runs.push(run.id);
  }
  return { number: pull.number, sha, runs };
}

/** Closes a pull request; a merge squashes it onto the base branch. */
export async function closePull(
  world: World,
  repository: Repository,
  number: number,
  request: { merge: boolean; outcomes: Outcomes },
): Promise<{ sha: string | undefined; runs: number[] }> {
  const pull = repository.pulls.find(one => one.number === number);
  if (!pull || pull.closedAt !== undefined) {
    throw new Error(`No open pull request ${number}`);
  }
  pull.closedAt = world.now;
  pull.updatedAt = world.now;
  if (!request.merge) {
    await emitPull(world, repository, pull, 'closed');
    return { sha: undefined, runs: [] };
  }
  const changes = await repository.git.changes(pull.baseSha, pull.headSha);
  const files = new Map<string, Buffer | undefined>();
  for (const { path } of changes) {
    files.set(path, await repository.git.file(pull.headSha, path));
  }
  pull.mergedAt = world.now;
  pull.mergedBy = pull.author;
  const { sha, runs } = await push(world, repository, {
    branch: pull.baseBranch,
    author: pull.author,
    message: `${pull.title} (#${pull.number})\n`,
    files,
    outcomes: request.outcomes,
    onCommitted: async merged => {
      pull.mergeSha = merged;
      await emitPull(world, repository, pull, 'closed');
    },
  });
  await repository.git.deleteBranch(pull.headBranch);
  return { sha, runs: runs.map(run => run.id) };
}
