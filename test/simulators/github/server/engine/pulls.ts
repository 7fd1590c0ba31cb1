import type { Outcomes } from '../../client/types';
import { fullPull } from '../serialize';
import type { Account, PullRequest, Repository } from '../state/model';
import type { World } from '../state/World';
import { triggersOnPullRequest } from '../workflow';
import { startRun } from './startRuns';

export interface NewPull {
  title: string;
  body: string;
  author: Account;
  headBranch: string;
  headSha: string;
  baseBranch: string;
  outcomes: Outcomes;
}

/** Tells of a pull request. */
export async function emitPull(
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

/** A pull request of a branch that is there, and the runs that it starts. */
export async function registerPull(
  world: World,
  repository: Repository,
  request: NewPull,
): Promise<{ number: number; sha: string; runs: number[] }> {
  const baseSha = await repository.git.resolve(request.baseBranch);
  if (!baseSha) throw new Error(`No branch ${request.baseBranch}`);
  const pull: PullRequest = {
    id: world.ids.next(),
    number: repository.pulls.length + 1,
    title: request.title,
    body: request.body,
    author: request.author,
    headBranch: request.headBranch,
    headSha: request.headSha,
    baseBranch: request.baseBranch,
    baseSha,
    createdAt: world.now,
    updatedAt: world.now,
    closedAt: undefined,
    mergedAt: undefined,
    mergeSha: undefined,
    mergedBy: undefined,
    commits: [request.headSha],
  };
  repository.pulls.push(pull);
  await repository.git.keepPull(pull.number, request.headSha);
  await emitPull(world, repository, pull, 'opened');
  const changes = await repository.git.changes(baseSha, request.headSha);
  const changedFiles = changes.map(change => change.path);
  const runs: number[] = [];
  for (const definition of await world.definitions(
    repository,
    request.headSha,
  )) {
    if (
      !triggersOnPullRequest(
        definition.events,
        'opened',
        request.baseBranch,
        changedFiles,
      )
    ) {
      continue;
    }
    const run = await startRun(world, repository, {
      definition,
      event: 'pull_request',
      ref: `refs/pull/${pull.number}/merge`,
      headBranch: request.headBranch,
      headSha: request.headSha,
      actor: request.author,
      displayTitle: request.title,
      eventPayload: {
        action: 'opened',
        number: pull.number,
        pull_request: {
          number: pull.number,
          head: {
            ref: request.headBranch,
            sha: request.headSha,
            repo: { full_name: repository.fullName, fork: false },
          },
        },
      },
      changedFiles,
      pull,
      outcomes: request.outcomes,
    });
    runs.push(run.id);
  }
  return { number: pull.number, sha: request.headSha, runs };
}
