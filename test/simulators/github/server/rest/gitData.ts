import { announcePush, registerPull } from '../engine';
import {
  type TreeChange,
  writeBlob,
  writeCommit,
  writeTree,
} from '../git/objects';
import { isObject } from '../json';
import { fullPull, gitCommit } from '../serialize';
import type { Repository } from '../state/model';
import type { Handlers, RestCall, RestReply } from './types';
import { actorOf, notFound, repositoryOf, RestError } from './types';

/** Moves a branch, or makes it, and tells of the push. */
async function moveBranch(
  call: RestCall,
  repository: Repository,
  move: { ref: string; sha: string; before: string | undefined },
): Promise<RestReply['body']> {
  const { ref, sha, before } = move;
  await repository.git.setBranch(ref.replace(/^refs\/heads\//, ''), sha);
  repository.pushedAt = call.world.now;
  await announcePush(call.world, repository, {
    ref,
    before,
    sha,
    actor: actorOf(call),
    outcomes: {},
  });
  const url = call.world.urls.repository(repository);
  return {
    ref,
    node_id: Buffer.from(`Ref${ref}`).toString('base64'),
    url: `${url}/git/${ref}`,
    object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` },
  };
}

async function commitNamed(
  repository: Repository,
  sha: unknown,
): Promise<string> {
  const found = await repository.git.resolve(String(sha));
  if (!found) throw new RestError(422, 'Object does not exist');
  return found;
}

export const gitDataHandlers: Handlers = {
  'git/create-blob': async call => {
    actorOf(call);
    const repository = repositoryOf(call);
    const encoding = call.body.encoding === 'base64' ? 'base64' : 'utf8';
    const sha = await writeBlob(
      repository.git.directory,
      Buffer.from(String(call.body.content), encoding),
    );
    const url = call.world.urls.repository(repository);
    return { status: 201, body: { sha, url: `${url}/git/blobs/${sha}` } };
  },

  'git/create-tree': async call => {
    actorOf(call);
    const repository = repositoryOf(call);
    const { directory } = repository.git;
    const entries = Array.isArray(call.body.tree)
      ? call.body.tree.filter(isObject)
      : [];
    const changes: TreeChange[] = [];
    for (const { path, mode, sha, content } of entries) {
      const written =
        typeof content === 'string'
          ? await writeBlob(directory, Buffer.from(content))
          : sha;
      changes.push({
        path: String(path),
        mode: String(mode ?? '100644'),
        sha: typeof written === 'string' ? written : undefined,
      });
    }
    const base = call.body.base_tree;
    const sha = await writeTree(
      directory,
      typeof base === 'string' ? base : undefined,
      changes,
    );
    const url = call.world.urls.repository(repository);
    const tree = await repository.git.tree(sha);
    return {
      status: 201,
      body: {
        sha,
        url: `${url}/git/trees/${sha}`,
        truncated: false,
        tree: tree
          .filter(({ path }) => !path.includes('/'))
          .map(entry => ({
            path: entry.path,
            mode: entry.mode,
            type: entry.type,
            sha: entry.sha,
            ...(entry.size !== undefined && { size: entry.size }),
            url: `${url}/git/${entry.type === 'blob' ? 'blobs' : 'trees'}/${
              entry.sha
            }`,
          })),
      },
    };
  },

  'git/create-commit': async call => {
    const actor = actorOf(call);
    const repository = repositoryOf(call);
    const { body } = call;
    const author = isObject(body.author) ? body.author : {};
    const sha = await writeCommit(repository.git.directory, {
      tree: String(body.tree),
      parents: Array.isArray(body.parents) ? body.parents.map(String) : [],
      message: String(body.message),
      author: {
        name: String(author.name ?? actor.name),
        email: String(author.email ?? actor.email),
        date: call.world.now,
      },
    });
    const commit = await repository.git.info(sha);
    return {
      status: 201,
      body: gitCommit(call.world.urls, repository, commit),
    };
  },

  'git/create-ref': async call => {
    actorOf(call);
    const repository = repositoryOf(call);
    const ref = String(call.body.ref);
    const sha = await commitNamed(repository, call.body.sha);
    if (!ref.startsWith('refs/heads/')) {
      throw new RestError(422, 'The simulator makes branches only');
    }
    if (await repository.git.resolve(ref)) {
      throw new RestError(422, 'Reference already exists');
    }
    return {
      status: 201,
      body: await moveBranch(call, repository, { ref, sha, before: undefined }),
    };
  },

  'git/update-ref': async call => {
    actorOf(call);
    const repository = repositoryOf(call);
    const ref = `refs/${call.params.ref}`;
    const before = await repository.git.resolve(ref);
    if (!before) throw notFound();
    const sha = await commitNamed(repository, call.body.sha);
    return {
      status: 200,
      body: await moveBranch(call, repository, { ref, sha, before }),
    };
  },

  'pulls/create': async call => {
    const author = actorOf(call);
    const repository = repositoryOf(call);
    const headBranch = String(call.body.head).replace(/^[^:]*:/, '');
    const baseBranch = String(call.body.base);
    const headSha = await repository.git.resolve(`refs/heads/${headBranch}`);
    if (!headSha || !(await repository.git.resolve(baseBranch))) {
      throw new RestError(422, 'Validation Failed: there is no such branch');
    }
    const { number } = await registerPull(call.world, repository, {
      title: String(call.body.title),
      body: String(call.body.body ?? ''),
      author,
      headBranch,
      headSha,
      baseBranch,
      outcomes: {},
    });
    const [pull] = repository.pulls.filter(one => one.number === number);
    const changes = await repository.git.changes(pull.baseSha, pull.headSha);
    return {
      status: 201,
      body: fullPull(call.world.urls, repository, pull, {
        additions: changes.reduce((sum, one) => sum + one.additions, 0),
        deletions: changes.reduce((sum, one) => sum + one.deletions, 0),
        files: changes.length,
      }),
    };
  },
};
