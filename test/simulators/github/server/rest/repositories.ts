import { minimalRepository, fullRepository } from '../serialize';
import type { Handlers } from './types';
import { notFound, repositoryOf, RestError } from './types';
import { pageOf } from './paging';

export const repositoryHandlers: Handlers = {
  'repos/get': call => ({
    status: 200,
    body: fullRepository(call.world.urls, repositoryOf(call)),
  }),

  'repos/list-branches': async call => {
    const repository = repositoryOf(call);
    const page = pageOf(call, await repository.git.refs('heads'));
    const url = call.world.urls.repository(repository);
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${url}/commits/${sha}` },
        protected: false,
      })),
    };
  },

  'repos/list-tags': async call => {
    const repository = repositoryOf(call);
    const page = pageOf(call, await repository.git.refs('tags'));
    const url = call.world.urls.repository(repository);
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${url}/commits/${sha}` },
        zipball_url: `${url}/zipball/refs/tags/${name}`,
        tarball_url: `${url}/tarball/refs/tags/${name}`,
        node_id: Buffer.from(`Ref${name}`).toString('base64'),
      })),
    };
  },

  'repos/download-tarball-archive': async call => {
    const repository = repositoryOf(call);
    const sha = await repository.git.resolve(
      call.params.ref || repository.defaultBranch,
    );
    if (!sha) throw notFound();
    return {
      status: 302,
      headers: {
        location: `${call.world.urls.web}/_codeload/${repository.fullName}/legacy.tar.gz/${sha}`,
      },
    };
  },

  'repos/get-combined-status-for-ref': async call => {
    const repository = repositoryOf(call);
    const sha = await repository.git.resolve(call.params.ref);
    if (!sha)
      throw new RestError(404, `No commit found for ref ${call.params.ref}`);
    const url = call.world.urls.repository(repository);
    return {
      status: 200,
      body: {
        state: 'pending',
        statuses: [],
        sha,
        total_count: 0,
        repository: minimalRepository(call.world.urls, repository),
        commit_url: `${url}/commits/${sha}`,
        url: `${url}/commits/${sha}/status`,
      },
    };
  },
};
