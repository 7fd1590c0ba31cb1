import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { Repository } from '../state/model';
import { timestamp } from '../state/time';
import { simpleUser } from './accounts';
import type { Urls } from './Urls';

const TEMPLATES: Record<string, string> = {
  forks_url: '/forks',
  keys_url: '/keys{/key_id}',
  collaborators_url: '/collaborators{/collaborator}',
  teams_url: '/teams',
  hooks_url: '/hooks',
  issue_events_url: '/issues/events{/number}',
  events_url: '/events',
  assignees_url: '/assignees{/user}',
  branches_url: '/branches{/branch}',
  tags_url: '/tags',
  blobs_url: '/git/blobs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  git_refs_url: '/git/refs{/sha}',
  trees_url: '/git/trees{/sha}',
  statuses_url: '/statuses/{sha}',
  languages_url: '/languages',
  stargazers_url: '/stargazers',
  contributors_url: '/contributors',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  commits_url: '/commits{/sha}',
  git_commits_url: '/git/commits{/sha}',
  comments_url: '/comments{/number}',
  issue_comment_url: '/issues/comments{/number}',
  contents_url: '/contents/{+path}',
  compare_url: '/compare/{base}...{head}',
  merges_url: '/merges',
  archive_url: '/{archive_format}{/ref}',
  downloads_url: '/downloads',
  issues_url: '/issues{/number}',
  pulls_url: '/pulls{/number}',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  labels_url: '/labels{/name}',
  releases_url: '/releases{/id}',
  deployments_url: '/deployments',
};

/** `minimal-repository`: what stands inside other things. */
export function minimalRepository(
  urls: Urls,
  repository: Repository,
): JsonObject {
  const url = urls.repository(repository);
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: simpleUser(urls, repository.owner),
    html_url: urls.page(repository),
    description: repository.description,
    fork: false,
    url,
    ...Object.fromEntries(
      Object.entries(TEMPLATES).map(([name, path]) => [name, `${url}${path}`]),
    ),
  };
}

const made = new WeakMap<Repository, { of: string; payload: JsonObject }>();

/** `repository`, as webhooks carry it: each does, so it is made anew only when something of it changed. */
export function repositoryPayload(
  urls: Urls,
  repository: Repository,
): JsonObject {
  const { fullName, description, defaultBranch, pushedAt } = repository;
  const of = JSON.stringify([
    ...[urls.web, fullName, description, defaultBranch, pushedAt],
    repository.private,
    repository.git.isEmpty,
  ]);
  const known = made.get(repository);
  if (known?.of === of) return known.payload;
  const payload = Object.freeze(makePayload(urls, repository));
  made.set(repository, { of, payload });
  return payload;
}

function makePayload(urls: Urls, repository: Repository): JsonObject {
  const page = urls.page(repository);
  return {
    ...minimalRepository(urls, repository),
    created_at: timestamp(repository.createdAt),
    updated_at: timestamp(repository.pushedAt),
    pushed_at: timestamp(repository.pushedAt),
    git_url: `${page.replace(/^http/, 'git')}.git`,
    ssh_url: `git@${new URL(urls.web).hostname}:${repository.fullName}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: repository.git.isEmpty ? 0 : 1024,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: false,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  };
}

/** `full-repository`. */
export function fullRepository(urls: Urls, repository: Repository): JsonObject {
  return {
    ...repositoryPayload(urls, repository),
    permissions: {
      admin: false,
      maintain: false,
      push: true,
      triage: true,
      pull: true,
    },
    organization: simpleUser(urls, repository.owner),
    network_count: 0,
    subscribers_count: 1,
  };
}
