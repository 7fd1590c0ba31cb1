import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { PullRequest, Repository } from '../state/model';
import { timestamp } from '../state/time';
import { simpleUser } from './accounts';
import { repositoryPayload } from './repositories';
import type { Urls } from './Urls';

/** `pull-request-simple`. */
export function simplePull(
  urls: Urls,
  repository: Repository,
  pull: PullRequest,
): JsonObject {
  const api = urls.repository(repository);
  const url = `${api}/pulls/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  const page = `${urls.page(repository)}/pull/${pull.number}`;
  const optional = (time: number | undefined) =>
    time === undefined ? null : timestamp(time);
  const side = (ref: string, sha: string) => ({
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: simpleUser(urls, repository.owner),
    repo: pullRepository(urls, repository),
  });
  const links = {
    self: url,
    html: page,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${api}/statuses/${pull.headSha}`,
  };
  return {
    url,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.closedAt === undefined ? 'open' : 'closed',
    locked: false,
    title: pull.title,
    user: simpleUser(urls, pull.author),
    body: pull.body,
    created_at: timestamp(pull.createdAt),
    updated_at: timestamp(pull.updatedAt),
    closed_at: optional(pull.closedAt),
    merged_at: optional(pull.mergedAt),
    merge_commit_sha: pull.mergeSha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: false,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: side(pull.headBranch, pull.headSha),
    base: side(pull.baseBranch, pull.baseSha),
    _links: Object.fromEntries(
      Object.entries(links).map(([name, href]) => [name, { href }]),
    ),
    author_association: 'MEMBER',
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** The repository of a side carries the merge settings. */
function pullRepository(urls: Urls, repository: Repository): JsonObject {
  return {
    ...repositoryPayload(urls, repository),
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: true,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    merge_commit_message: 'PR_TITLE',
    merge_commit_title: 'MERGE_MESSAGE',
  };
}

/** `pull-request`. */
export function fullPull(
  urls: Urls,
  repository: Repository,
  pull: PullRequest,
  counts: { additions: number; deletions: number; files: number },
): JsonObject {
  return {
    ...simplePull(urls, repository, pull),
    merged: pull.mergedAt !== undefined,
    mergeable: pull.closedAt === undefined ? true : null,
    rebaseable: pull.closedAt === undefined ? true : null,
    mergeable_state: pull.closedAt === undefined ? 'clean' : 'unknown',
    merged_by: pull.mergedBy ? simpleUser(urls, pull.mergedBy) : null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.commits.length,
    additions: counts.additions,
    deletions: counts.deletions,
    changed_files: counts.files,
  };
}
