import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { Account, Team } from '../state/model';
import { timestamp } from '../state/time';
import type { Urls } from './Urls';

/** `simple-user`. */
export function simpleUser(urls: Urls, account: Account): JsonObject {
  const url = urls.user(account);
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type, account.id),
    avatar_url: `${urls.web}/avatars/u/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${urls.web}/${encodeURIComponent(account.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** `organization-simple`, as webhooks carry it. */
export function simpleOrganization(urls: Urls, account: Account): JsonObject {
  const url = `${urls.api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('Organization', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${urls.web}/avatars/u/${account.id}`,
    description: '',
  };
}

/** When accounts and teams came; nobody looks at it. */
const LONG_AGO = timestamp(Date.UTC(2020, 0, 1));

/** `public-user`. */
export function publicUser(urls: Urls, account: Account): JsonObject {
  return {
    ...simpleUser(urls, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: LONG_AGO,
    updated_at: LONG_AGO,
  };
}

/** What `team` and `team-full` have in common. */
export function teamPayload(urls: Urls, team: Team): JsonObject {
  const { login } = team.organization;
  const url = `${urls.api}/orgs/${login}/teams/${team.slug}`;
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    name: team.slug,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    permission: 'push',
    url,
    html_url: `${urls.web}/orgs/${login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: team.organization.id,
  };
}

/** `team-full`. */
export function fullTeam(urls: Urls, team: Team): JsonObject {
  const { organization } = team;
  return {
    ...teamPayload(urls, team),
    parent: null,
    members_count: 2,
    repos_count: 1,
    created_at: LONG_AGO,
    updated_at: LONG_AGO,
    organization: {
      ...simpleOrganization(urls, organization),
      html_url: `${urls.web}/${organization.login}`,
      has_organization_projects: false,
      has_repository_projects: false,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      type: 'Organization',
      created_at: LONG_AGO,
      updated_at: LONG_AGO,
      archived_at: null,
    },
  };
}
