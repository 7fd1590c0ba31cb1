import { diffEntry, fullPull, simplePull } from '../serialize';
import type { PullRequest, Repository } from '../state/model';
import type { Handlers, RestCall } from './types';
import { notFound, repositoryOf } from './types';
import { pageOf } from './paging';

function pullOf(call: RestCall, repository: Repository): PullRequest {
  const number = Number(call.params.pull_number);
  const pull = repository.pulls.find(candidate => candidate.number === number);
  if (!pull) throw notFound();
  return pull;
}

function changesOf(repository: Repository, pull: PullRequest) {
  return repository.git.changes(pull.baseSha, pull.headSha);
}

export const pullHandlers: Handlers = {
  'pulls/list': call => {
    const repository = repositoryOf(call);
    const state = call.query.get('state') ?? 'open';
    const head = call.query.get('head');
    const base = call.query.get('base');
    const pulls = repository.pulls
      .filter(pull => {
        const isOpen = pull.closedAt === undefined;
        return (
          (state === 'all' || (state === 'open') === isOpen) &&
          (!base || pull.baseBranch === base) &&
          (!head || `${repository.owner.login}:${pull.headBranch}` === head)
        );
      })
      .reverse();
    const page = pageOf(call, pulls);
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(pull =>
        simplePull(call.world.urls, repository, pull),
      ),
    };
  },

  'pulls/get': async call => {
    const repository = repositoryOf(call);
    const pull = pullOf(call, repository);
    const changes = await changesOf(repository, pull);
    return {
      status: 200,
      body: fullPull(call.world.urls, repository, pull, {
        additions: changes.reduce((sum, one) => sum + one.additions, 0),
        deletions: changes.reduce((sum, one) => sum + one.deletions, 0),
        files: changes.length,
      }),
    };
  },

  'pulls/list-files': async call => {
    const repository = repositoryOf(call);
    const pull = pullOf(call, repository);
    const page = pageOf(call, await changesOf(repository, pull));
    const entries = await repository.git.tree(pull.headSha);
    const blobs = new Map(entries.map(entry => [entry.path, entry.sha]));
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(change =>
        diffEntry(
          call.world.urls,
          repository,
          change,
          pull.headSha,
          blobs.get(change.path),
        ),
      ),
    };
  },
};
