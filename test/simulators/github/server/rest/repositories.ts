import { fullRepository } from '../serialize';
import type { Handlers, RestCall } from './types';
import { actorOf, notFound, repositoryOf, RestError } from './types';
import { pageOf } from './paging';

/** GitHub makes a hyphen of what it takes in no name. */
function nameOf(call: RestCall): string {
  return String(call.body.name).replace(/[^A-Za-z0-9._-]/g, '-');
}

export const repositoryHandlers: Handlers = {
  'repos/create-in-org': async call => {
    actorOf(call);
    const { world, body, params } = call;
    const name = nameOf(call);
    if (world.knownAccount(params.org)?.type !== 'Organization') {
      throw notFound();
    }
    if (world.repository(params.org, name)) {
      throw new RestError(422, 'Repository creation failed.', [
        {
          resource: 'Repository',
          code: 'custom',
          field: 'name',
          message: 'name already exists on this account',
        },
      ]);
    }
    if (body.auto_init === true) {
      throw new RestError(422, 'The simulator makes empty repositories only');
    }
    const repository = await world.createRepository({
      owner: params.org,
      name,
      description: String(body.description ?? ''),
      private: body.private === true,
    });
    return {
      status: 201,
      headers: { location: world.urls.repository(repository) },
      body: fullRepository(world.urls, repository),
    };
  },

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
        protected: repository.protections.has(name),
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
