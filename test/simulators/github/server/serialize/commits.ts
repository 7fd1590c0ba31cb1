import type { CommitInfo, FileChange, Signature } from '../git/GitRepository';
import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { Account, Repository } from '../state/model';
import { timestamp } from '../state/time';
import { simpleUser } from './accounts';
import type { Urls } from './Urls';

function signature(value: Signature): JsonObject {
  return {
    name: value.name,
    email: value.email,
    date: timestamp(value.date),
  };
}

/** `simple-commit`: the head commit of a run. */
export function simpleCommit(commit: CommitInfo): JsonObject {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: timestamp(commit.author.date),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

const UNSIGNED = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

/** `git-commit`. */
export function gitCommit(
  urls: Urls,
  repository: Repository,
  commit: CommitInfo,
): JsonObject {
  const url = urls.repository(repository);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${urls.page(repository)}/commit/${commit.sha}`,
    author: signature(commit.author),
    committer: signature(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map(sha => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${urls.page(repository)}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

/** `commit`. */
export function commitPayload(
  urls: Urls,
  repository: Repository,
  commit: CommitInfo,
  account: Account | undefined,
): JsonObject {
  const url = urls.repository(repository);
  const user = account ? simpleUser(urls, account) : null;
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    commit: {
      author: signature(commit.author),
      committer: signature(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${urls.page(repository)}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: user,
    committer: user,
    parents: commit.parents.map(sha => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${urls.page(repository)}/commit/${sha}`,
    })),
  };
}

/** A path as it stands in an address. */
export function pathOfUrl(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** `diff-entry`. */
export function diffEntry(
  urls: Urls,
  repository: Repository,
  change: FileChange,
  head: string,
  blobSha: string | undefined,
): JsonObject {
  const path = pathOfUrl(change.path);
  return {
    sha: blobSha ?? null,
    filename: change.path,
    ...(change.previousPath !== undefined && {
      previous_filename: change.previousPath,
    }),
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${urls.page(repository)}/blob/${head}/${path}`,
    raw_url: `${urls.page(repository)}/raw/${head}/${path}`,
    contents_url: `${urls.repository(repository)}/contents/${path}?ref=${head}`,
  };
}
