import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { Account } from '../state/model';
import { simpleUser } from './accounts';
import type { Urls } from './Urls';

const GITHUB: Account = {
  id: 9919,
  login: 'github',
  type: 'Organization',
  name: 'GitHub',
  email: 'support@github.example.test',
};

const LONG_AGO = '2018-07-30T09:30:17Z';

export const PRODUCT_PERMISSIONS = {
  actions: 'write',
  checks: 'write',
  contents: 'read',
  deployments: 'write',
  environments: 'read',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'write',
};

export const PRODUCT_EVENTS = [
  'deployment',
  'deployment_protection_rule',
  'deployment_status',
  'push',
  'workflow_job',
  'workflow_run',
];

export const ACTIONS_APP_ID = 15368;

function appPayload(
  urls: Urls,
  app: { id: number; slug: string; name: string; owner: Account },
  permissions: Record<string, string>,
  events: string[],
): JsonObject {
  return {
    id: app.id,
    client_id: `Iv1.${app.id.toString(16).padStart(16, '0')}`,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    owner: simpleUser(urls, app.owner),
    name: app.name,
    description: '',
    external_url: `${urls.web}/apps/${app.slug}`,
    html_url: `${urls.web}/apps/${app.slug}`,
    created_at: LONG_AGO,
    updated_at: LONG_AGO,
    permissions,
    events,
  };
}

/** GitHub Actions itself, by which `environment:` jobs make deployments. */
export function actionsApp(urls: Urls): JsonObject {
  return appPayload(
    urls,
    {
      id: ACTIONS_APP_ID,
      slug: 'github-actions',
      name: 'GitHub Actions',
      owner: GITHUB,
    },
    {
      actions: 'write',
      checks: 'write',
      contents: 'write',
      deployments: 'write',
    },
    ['workflow_dispatch'],
  );
}

/** `integration`: the product's own GitHub App. */
export function productApp(
  urls: Urls,
  app: { id: number; slug: string },
  owner: Account,
): JsonObject {
  return {
    ...appPayload(
      urls,
      { ...app, name: app.slug, owner },
      PRODUCT_PERMISSIONS,
      PRODUCT_EVENTS,
    ),
    installations_count: 1,
  };
}
