import { refusePushes } from '../git/protectedRefs';
import { isObject, type JsonObject } from '../json';
import type { Urls } from '../serialize';
import type { Repository } from '../state/model';
import type { Handlers } from './types';
import { actorOf, repositoryOf, RestError } from './types';

const SWITCHES = [
  'required_linear_history',
  'allow_force_pushes',
  'allow_deletions',
  'required_conversation_resolution',
  'block_creations',
  'lock_branch',
  'allow_fork_syncing',
];

function needsPullRequest(settings: JsonObject): boolean {
  return isObject(settings.required_pull_request_reviews);
}

/** `protected-branch`. */
function protectedBranch(
  urls: Urls,
  repository: Repository,
  branch: string,
  settings: JsonObject,
): JsonObject {
  const url = `${urls.repository(repository)}/branches/${branch}/protection`;
  const checks = settings.required_status_checks;
  const reviews = settings.required_pull_request_reviews;
  return {
    url,
    ...(isObject(checks) && {
      required_status_checks: {
        url: `${url}/required_status_checks`,
        contexts_url: `${url}/required_status_checks/contexts`,
        strict: checks.strict === true,
        contexts: checks.contexts ?? [],
        checks: (Array.isArray(checks.contexts) ? checks.contexts : []).map(
          context => ({ context, app_id: null }),
        ),
      },
    }),
    ...(isObject(reviews) && {
      required_pull_request_reviews: {
        url: `${url}/required_pull_request_reviews`,
        dismiss_stale_reviews: reviews.dismiss_stale_reviews === true,
        require_code_owner_reviews: reviews.require_code_owner_reviews === true,
        required_approving_review_count:
          reviews.required_approving_review_count ?? 1,
        require_last_push_approval: reviews.require_last_push_approval === true,
      },
    }),
    enforce_admins: {
      url: `${url}/enforce_admins`,
      enabled: settings.enforce_admins === true,
    },
    ...Object.fromEntries(
      SWITCHES.map(name => [name, { enabled: settings[name] === true }]),
    ),
  };
}

export const branchProtectionHandlers: Handlers = {
  'repos/update-branch-protection': async call => {
    actorOf(call);
    const repository = repositoryOf(call);
    const { branch } = call.params;
    if (!(await repository.git.resolve(`refs/heads/${branch}`))) {
      throw new RestError(404, 'Branch not found');
    }
    repository.protections.set(branch, call.body);
    const held = [...repository.protections].filter(([, settings]) =>
      needsPullRequest(settings),
    );
    await refusePushes(
      repository.git.directory,
      held.map(([name]) => name),
    );
    return {
      status: 200,
      body: protectedBranch(call.world.urls, repository, branch, call.body),
    };
  },
};
