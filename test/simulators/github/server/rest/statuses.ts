import { minimalRepository, commitStatus } from '../serialize';
import type { CommitStatus, Repository } from '../state/model';
import { pageOf } from './paging';
import { actorOf, repositoryOf, RestError, type Handlers } from './types';

const LONGEST_DESCRIPTION = 140;
const MOST_OF_A_CONTEXT = 1_000;

async function shaOf(repository: Repository, ref: string) {
  const sha = await repository.git.resolve(ref);
  if (!sha) throw new RestError(422, `No commit found for SHA: ${ref}`);
  return sha;
}

/** Newest first. */
function statusesOf(repository: Repository, sha: string): CommitStatus[] {
  return repository.statuses.filter(status => status.sha === sha).reverse();
}

/** The newest of each context. */
function currentOf(repository: Repository, sha: string): CommitStatus[] {
  const byContext = new Map<string, CommitStatus>();
  for (const status of statusesOf(repository, sha)) {
    if (!byContext.has(status.context)) byContext.set(status.context, status);
  }
  return [...byContext.values()];
}

function combined(statuses: CommitStatus[]): string {
  const states = statuses.map(({ state }) => state);
  if (states.includes('failure') || states.includes('error')) return 'failure';
  if (states.length === 0 || states.includes('pending')) return 'pending';
  return 'success';
}

export const statusHandlers: Handlers = {
  'repos/create-commit-status': async call => {
    const repository = repositoryOf(call);
    const creator = actorOf(call);
    const sha = await shaOf(repository, call.params.sha);
    const { state, description, target_url: targetUrl } = call.body;
    const context = String(call.body.context ?? 'default');
    if (String(description ?? '').length > LONGEST_DESCRIPTION) {
      throw new RestError(
        422,
        `Validation Failed: description is too long (maximum is ${LONGEST_DESCRIPTION} characters)`,
      );
    }
    const earlier = statusesOf(repository, sha).filter(
      status => status.context === context,
    );
    if (earlier.length >= MOST_OF_A_CONTEXT) {
      throw new RestError(
        422,
        'Validation Failed: This SHA and context has reached the maximum number of statuses.',
      );
    }
    const status: CommitStatus = {
      id: call.world.ids.next(),
      sha,
      context,
      state: String(state),
      description: description ? String(description) : undefined,
      targetUrl: targetUrl ? String(targetUrl) : undefined,
      creator,
      createdAt: call.world.now,
    };
    repository.statuses.push(status);
    return {
      status: 201,
      body: commitStatus(call.world.urls, repository, status),
    };
  },

  'repos/list-commit-statuses-for-ref': async call => {
    const repository = repositoryOf(call);
    const sha = await shaOf(repository, call.params.ref);
    const page = pageOf(call, statusesOf(repository, sha));
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(status =>
        commitStatus(call.world.urls, repository, status),
      ),
    };
  },

  'repos/get-combined-status-for-ref': async call => {
    const repository = repositoryOf(call);
    const sha = await repository.git.resolve(call.params.ref);
    if (!sha) {
      throw new RestError(404, `No commit found for ref ${call.params.ref}`);
    }
    const statuses = currentOf(repository, sha);
    const url = call.world.urls.repository(repository);
    return {
      status: 200,
      body: {
        state: combined(statuses),
        statuses: statuses.map(status => {
          const { creator: _creator, ...simple } = commitStatus(
            call.world.urls,
            repository,
            status,
          );
          return simple;
        }),
        sha,
        total_count: statuses.length,
        repository: minimalRepository(call.world.urls, repository),
        commit_url: `${url}/commits/${sha}`,
        url: `${url}/commits/${sha}/status`,
      },
    };
  },
};
