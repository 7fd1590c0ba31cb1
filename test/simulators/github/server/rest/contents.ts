import type { TreeEntry } from '../git/GitRepository';
import type { JsonObject } from '../json';
import type { Repository } from '../state/model';
import type { Urls } from '../serialize';
import type { Handlers, RestCall } from './types';
import { notFound, repositoryOf, RestError } from './types';

async function commitOf(
  call: RestCall,
  repository: Repository,
): Promise<string> {
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const sha = await repository.git.resolve(ref);
  if (repository.git.isEmpty)
    throw new RestError(404, 'This repository is empty.');
  if (!sha) throw new RestError(404, `No commit found for the ref ${ref}`);
  return sha;
}

function entryPayload(
  urls: Urls,
  repository: Repository,
  entry: TreeEntry,
  ref: string,
): JsonObject {
  const isFile = entry.type === 'blob';
  const api = urls.repository(repository);
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const gitUrl = `${api}/git/${isFile ? 'blobs' : 'trees'}/${entry.sha}`;
  const page = `${urls.page(repository)}/${
    isFile ? 'blob' : 'tree'
  }/${ref}/${path}`;
  return {
    name: entry.path.slice(entry.path.lastIndexOf('/') + 1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: page,
    git_url: gitUrl,
    download_url: isFile ? `${urls.page(repository)}/raw/${ref}/${path}` : null,
    type: isFile ? 'file' : 'dir',
    _links: { self: url, git: gitUrl, html: page },
  };
}

/** Base64 in lines, as GitHub writes it. */
function encoded(content: Buffer): string {
  return content.toString('base64').replace(/(.{60})/g, '$1\n');
}

export const contentHandlers: Handlers = {
  'repos/get-content': async call => {
    const repository = repositoryOf(call);
    const sha = await commitOf(call, repository);
    const path = call.params.path.replace(/^\/+|\/+$/g, '');
    const ref = call.query.get('ref') ?? repository.defaultBranch;
    const entries = await repository.git.tree(sha);
    const entry = entries.find(candidate => candidate.path === path);
    const [latest] = await repository.git.log([sha], {
      limit: 1,
      path: path || undefined,
    });
    const headers = latest
      ? { 'last-modified': new Date(latest.committer.date).toUTCString() }
      : undefined;

    if (entry?.type === 'blob') {
      const content = await repository.git.blob(entry.sha);
      if (/\braw\b/.test(call.accept)) {
        return {
          status: 200,
          body: content,
          headers: {
            ...headers,
            'content-type': 'application/vnd.github.raw; charset=utf-8',
          },
        };
      }
      return {
        status: 200,
        headers,
        body: {
          ...entryPayload(call.world.urls, repository, entry, ref),
          content: encoded(content),
          encoding: 'base64',
        },
      };
    }
    if (!entry && path !== '') throw notFound();
    const prefix = path === '' ? '' : `${path}/`;
    const children = entries.filter(
      candidate =>
        candidate.path.startsWith(prefix) &&
        !candidate.path.slice(prefix.length).includes('/') &&
        candidate.path !== path,
    );
    return {
      status: 200,
      headers,
      body: children.map(child =>
        entryPayload(call.world.urls, repository, child, ref),
      ),
    };
  },

  'git/get-tree': async call => {
    const repository = repositoryOf(call);
    const name = call.params.tree_sha;
    const treeish = (await repository.git.resolve(name)) ?? name;
    const recursive = call.query.has('recursive');
    const entries = await repository.git.tree(treeish).catch(() => {
      throw notFound();
    });
    const url = call.world.urls.repository(repository);
    return {
      status: 200,
      body: {
        sha: treeish,
        url: `${url}/git/trees/${treeish}`,
        truncated: false,
        tree: entries
          .filter(entry => recursive || !entry.path.includes('/'))
          .map(entry => ({
            path: entry.path,
            mode: entry.mode,
            type: entry.type,
            sha: entry.sha,
            ...(entry.size === undefined ? {} : { size: entry.size }),
            url: `${url}/git/${entry.type === 'blob' ? 'blobs' : 'trees'}/${
              entry.sha
            }`,
          })),
      },
    };
  },

  'git/get-blob': async call => {
    const repository = repositoryOf(call);
    const sha = call.params.file_sha;
    const content = await repository.git.blob(sha).catch(() => {
      throw notFound();
    });
    return {
      status: 200,
      body: {
        sha,
        node_id: Buffer.from(`Blob${sha}`).toString('base64'),
        size: content.length,
        url: `${call.world.urls.repository(repository)}/git/blobs/${sha}`,
        content: encoded(content),
        encoding: 'base64',
      },
    };
  },

  'git/get-ref': async call => {
    const repository = repositoryOf(call);
    const ref = `refs/${call.params.ref}`;
    const sha = await repository.git.resolve(ref);
    if (repository.git.isEmpty) {
      throw new RestError(409, 'Git Repository is empty.');
    }
    if (!sha) throw notFound();
    const url = call.world.urls.repository(repository);
    return {
      status: 200,
      body: {
        ref,
        node_id: Buffer.from(`Ref${ref}`).toString('base64'),
        url: `${url}/git/${ref}`,
        object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` },
      },
    };
  },
};
