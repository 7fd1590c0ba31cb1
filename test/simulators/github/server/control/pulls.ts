import type { Outcomes, PullRequestRequest } from '../../client/types';
import { emitPull, push, registerPull } from '../engine';
import type { Repository } from '../state/model';
import type { World } from '../state/World';
import { filesOf } from './filesOf';

/** A branch with one commit, and a pull request of it. */
export async function openPull(
  world: World,
  repository: Repository,
  request: PullRequestRequest,
): Promise<{ number: number; sha: string; runs: number[] }> {
  const author = world.account(request.author ?? 'dana');
  const baseBranch = request.base ?? repository.defaultBranch;
  const { sha } = await push(world, repository, {
    branch: request.branch,
    author,
    message: request.title,
    files: filesOf(request.files),
    outcomes: request.outcomes ?? {},
  });
  return registerPull(world, repository, {
    title: request.title,
    body: request.body ?? '',
    author,
    headBranch: request.branch,
    headSha: sha,
    baseBranch,
    outcomes: request.outcomes ?? {},
  });
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
