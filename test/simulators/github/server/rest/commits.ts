import type { CommitInfo, FileChange } from '../git/GitRepository';
import type { JsonObject } from '../json';
import { commitPayload, diffEntry, gitCommit, simplePull } from '../serialize';
import type { Repository } from '../state/model';
import type { Handlers, RestCall, RestReply } from './types';
import { notFound, repositoryOf, RestError } from './types';
import { pageOf } from './paging';

/** GitHub names no more files of a comparison in JSON. */
const MOST_FILES = 300;

/** GitHub answers no longer diff. */
const MOST_DIFF_LINES = 20_000;

async function resolve(
  repository: Repository,
  ref: string,
): Promise<CommitInfo> {
  const sha = await repository.git.resolve(ref);
  if (!sha) throw new RestError(422, `No commit found for SHA: ${ref}`);
  return repository.git.info(sha);
}

function payload(
  call: RestCall,
  repository: Repository,
  commit: CommitInfo,
): JsonObject {
  const account = call.world.accountByEmail(commit.author.email);
  return commitPayload(call.world.urls, repository, commit, account);
}

async function files(
  call: RestCall,
  repository: Repository,
  changes: FileChange[],
  head: string,
): Promise<JsonObject[]> {
  const entries = await repository.git.tree(head);
  const blobs = new Map(entries.map(entry => [entry.path, entry.sha]));
  return changes.map(change =>
    diffEntry(
      call.world.urls,
      repository,
      change,
      head,
      blobs.get(change.path),
    ),
  );
}

export const commitHandlers: Handlers = {
  'git/get-commit': async call => {
    const repository = repositoryOf(call);
    const sha = await repository.git.resolve(call.params.commit_sha);
    if (!sha) throw notFound();
    const commit = await repository.git.info(sha);
    return {
      status: 200,
      body: gitCommit(call.world.urls, repository, commit),
    };
  },

  'repos/list-commits': async call => {
    const repository = repositoryOf(call);
    if (repository.git.isEmpty) {
      throw new RestError(409, 'Git Repository is empty.');
    }
    const start = call.query.get('sha') ?? repository.defaultBranch;
    const sha = await repository.git.resolve(start);
    if (!sha) throw notFound();
    const author = call.query.get('author');
    const commits = await repository.git.log([sha], {
      path: call.query.get('path') ?? undefined,
      since: call.query.get('since') ?? undefined,
      until: call.query.get('until') ?? undefined,
      author: author ? call.world.account(author).email : undefined,
    });
    const page = pageOf(call, commits);
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(commit => payload(call, repository, commit)),
    };
  },

  'repos/get-commit': async call => {
    const repository = repositoryOf(call);
    const commit = await resolve(repository, call.params.ref);
    const changes = await repository.git.changes(commit.parents[0], commit.sha);
    const additions = changes.reduce((sum, one) => sum + one.additions, 0);
    const deletions = changes.reduce((sum, one) => sum + one.deletions, 0);
    return {
      status: 200,
      body: {
        ...payload(call, repository, commit),
        stats: { additions, deletions, total: additions + deletions },
        files: await files(call, repository, changes, commit.sha),
      },
    };
  },

  'repos/compare-commits-with-basehead': async call => {
    const repository = repositoryOf(call);
    const [baseName, headName] = call.params.basehead.split('...');
    if (!headName) throw notFound();
    const [baseSha, headSha] = await Promise.all([
      repository.git.resolve(baseName),
      repository.git.resolve(headName),
    ]);
    if (!baseSha || !headSha) throw notFound();
    const mergeSha = await repository.git.mergeBase(baseSha, headSha);
    if (!mergeSha) {
      throw new RestError(
        404,
        `No common ancestor between ${baseName} and ${headName}.`,
      );
    }
    if (/\bdiff\b/.test(call.accept)) {
      return diffReply(await repository.git.diff(mergeSha, headSha));
    }
    const [base, merge, ahead, behind, changes] = await Promise.all([
      repository.git.info(baseSha),
      repository.git.info(mergeSha),
      repository.git.log([headSha, `^${baseSha}`]),
      repository.git.count([baseSha, `^${headSha}`]),
      repository.git.changes(mergeSha, headSha, { renames: true }),
    ]);
    const url = `${call.world.urls.repository(
      repository,
    )}/compare/${baseName}...${headName}`;
    const page = `${call.world.urls.page(
      repository,
    )}/compare/${baseName}...${headName}`;
    const list = pageOf(call, [...ahead].reverse());
    const isFirstPage = (call.query.get('page') ?? '1') === '1';
    return {
      status: 200,
      headers: list.headers,
      body: {
        url,
        html_url: page,
        permalink_url: page,
        diff_url: `${page}.diff`,
        patch_url: `${page}.patch`,
        base_commit: payload(call, repository, base),
        merge_base_commit: payload(call, repository, merge),
        status: statusOf(ahead.length, behind),
        ahead_by: ahead.length,
        behind_by: behind,
        total_commits: ahead.length,
        commits: list.items.map(commit => payload(call, repository, commit)),
        // Of all pages together the first has the files, and not more.
        ...(isFirstPage && {
          files: await files(
            call,
            repository,
            changes.slice(0, MOST_FILES),
            headSha,
          ),
        }),
      },
    };
  },

  'repos/list-pull-requests-associated-with-commit': async call => {
    const repository = repositoryOf(call);
    const sha = await repository.git.resolve(call.params.commit_sha);
    const pulls = repository.pulls.filter(
      pull =>
        sha !== undefined &&
        (pull.commits.includes(sha) ||
          pull.headSha === sha ||
          pull.mergeSha === sha),
    );
    const page = pageOf(call, pulls);
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(pull =>
        simplePull(call.world.urls, repository, pull),
      ),
    };
  },

  'repos/get-branch': async call => {
    const repository = repositoryOf(call);
    const name = call.params.branch;
    const sha = await repository.git.resolve(`refs/heads/${name}`);
    if (!sha) throw new RestError(404, 'Branch not found');
    const commit = await repository.git.info(sha);
    const self = `${call.world.urls.repository(repository)}/branches/${name}`;
    const isProtected = repository.protections.has(name);
    return {
      status: 200,
      body: {
        name,
        commit: payload(call, repository, commit),
        _links: {
          self,
          html: `${call.world.urls.page(repository)}/tree/${name}`,
        },
        protected: isProtected,
        protection: {
          enabled: isProtected,
          required_status_checks: {
            enforcement_level: 'off',
            contexts: [],
            checks: [],
          },
        },
        protection_url: `${self}/protection`,
      },
    };
  },
};

function diffReply(diff: Buffer): RestReply {
  if (diff.toString('latin1').split('\n').length > MOST_DIFF_LINES) {
    throw new RestError(
      406,
      `Sorry, the diff exceeded the maximum number of lines (${MOST_DIFF_LINES})`,
    );
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' },
    body: diff,
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}
