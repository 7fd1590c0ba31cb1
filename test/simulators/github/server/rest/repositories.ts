import { fullRepository } from '../serialize';
import type { Handlers } from './types';
import { notFound, repositoryOf } from './types';
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
};
