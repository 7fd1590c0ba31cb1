import {
  fullRepository,
  PRODUCT_EVENTS,
  PRODUCT_PERMISSIONS,
  productApp,
  simpleUser,
} from '../serialize';
import type { JsonObject } from '../json';
import type { Repository } from '../state/model';
import { HOUR, timestamp } from '../state/time';
import { INSTALLATION_ID } from '../webhooks/Webhooks';
import type { Tokens } from './Tokens';
import type { Handlers, RestCall } from './types';
import { actorOf, notFound, repositoryOf, RestError } from './types';

function owners(call: RestCall) {
  const repositories = [...call.world.repositories.values()];
  return repositories.map(repository => repository.owner)[0];
}

function installation(call: RestCall): JsonObject {
  const { urls, app } = call.world;
  const owner = owners(call);
  if (!owner) throw notFound();
  return {
    id: INSTALLATION_ID,
    account: simpleUser(urls, owner),
    repository_selection: 'all',
    access_tokens_url: `${urls.api}/app/installations/${INSTALLATION_ID}/access_tokens`,
    repositories_url: `${urls.api}/installation/repositories`,
    html_url: `${urls.web}/organizations/${owner.login}/settings/installations/${INSTALLATION_ID}`,
    app_id: app.id,
    client_id: `Iv1.${app.id}`,
    target_id: owner.id,
    target_type: owner.type,
    permissions: PRODUCT_PERMISSIONS,
    events: PRODUCT_EVENTS,
    created_at: '2024-01-01T00:00:00Z',
    updated_at: '2024-01-01T00:00:00Z',
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    app_slug: app.slug,
    suspended_by: null,
    suspended_at: null,
  };
}

function checkId(call: RestCall): void {
  if (Number(call.params.installation_id) !== INSTALLATION_ID) throw notFound();
}

function accessible(call: RestCall): Repository[] {
  return [...call.world.repositories.values()];
}

/** GitHub Apps, users and limits. */
export function appHandlers(tokens: Tokens): Handlers {
  return {
    'apps/get-authenticated': call => ({
      status: 200,
      body: productApp(call.world.urls, call.world.app, owners(call)),
    }),
    'apps/list-installations': call => ({
      status: 200,
      body: [installation(call)],
    }),
    'apps/get-installation': call => {
      checkId(call);
      return { status: 200, body: installation(call) };
    },
    'apps/get-repo-installation': call => {
      repositoryOf(call);
      return { status: 200, body: installation(call) };
    },
    'apps/create-installation-access-token': call => {
      checkId(call);
      const token = tokens.issue(`${call.world.app.slug}[bot]`);
      return {
        status: 201,
        body: {
          token,
          expires_at: timestamp(Date.now() + HOUR),
          permissions: PRODUCT_PERMISSIONS,
          repository_selection: 'all',
        },
      };
    },
    'apps/list-repos-accessible-to-installation': call => ({
      status: 200,
      body: {
        total_count: accessible(call).length,
        repositories: accessible(call).map(repository =>
          fullRepository(call.world.urls, repository),
        ),
      },
    }),
    'users/get-authenticated': call => {
      const actor = actorOf(call);
      if (call.isInstallation) {
        throw new RestError(403, 'Resource not accessible by integration');
      }
      return {
        status: 200,
        body: {
          ...simpleUser(call.world.urls, actor),
          name: actor.name,
          company: null,
          blog: '',
          location: null,
          email: actor.email,
          hireable: null,
          bio: null,
          public_repos: 0,
          public_gists: 0,
          followers: 0,
          following: 0,
          created_at: '2020-01-01T00:00:00Z',
          updated_at: '2020-01-01T00:00:00Z',
        },
      };
    },
    'rate-limit/get': () => {
      const limit = {
        limit: 5000,
        used: 0,
        remaining: 5000,
        reset: Math.floor((Date.now() + HOUR) / 1000),
      };
      return {
        status: 200,
        body: {
          resources: {
            core: limit,
            search: { ...limit, limit: 30, remaining: 30 },
            graphql: limit,
          },
          rate: limit,
        },
      };
    },
  };
}
