import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { githubFailure } from '../github/githubFailure';
import { repositoryPage } from '../github/repositoryPage';
import { GithubAccess } from '../workflows/RepositoryClient';
import { isSame } from './denoted';
import { Answer } from './types';

/** How long an answer of GitHub's may take. */
const PATIENCE_MS = 30_000;

const LONGEST_COMMENT = 1_000;

/** What is read of GitHub's answer. */
const pendings = z.array(
  z.object({
    environment: z.object({ id: z.number().int(), name: z.string() }),
    current_user_can_approve: z.boolean(),
  }),
);

/** A review of a person, who brings their own token. */
export interface PendingReview {
  /** `owner/name`. */
  repository: string;
  runId: string;
  /** As GitHub names it. */
  environment: string;
  state: Answer;
  comment: string;
  /** Of the person who reviews; used for this request, and kept nowhere. */
  token: string;
}

/** GitHub was told, and its answer is not known. */
export class ReviewUnsureError extends ServiceUnavailableError {
  // What callers are told stays what it is.
  name = 'ServiceUnavailableError' as const;
}

/**
 * Reviews what waits at an environment for named reviewers, as the person whose token it is. GitHub takes no
 * app's word there.
 *
 * Source: https://docs.github.com/en/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run
 *
 * @throws InputError if there is no token; NotAllowedError if GitHub does not take it, or does not let this
 *   person review; ConflictError if nothing waits there; NotFoundError if GitHub shows this person no such run;
 *   ServiceUnavailableError if GitHub does not answer, a {@link ReviewUnsureError} if it may have taken the
 *   review for all that. None of them holds the token, or GitHub's own words.
 */
export async function reviewPendingDeployment(
  access: GithubAccess,
  review: PendingReview,
): Promise<void> {
  const { repository, runId, environment } = review;
  if (!/^[\x21-\x7e]{1,1000}$/.test(review.token)) {
    throw new InputError(
      'token: is missing or no token of GitHub; sign in to GitHub and approve again',
    );
  }
  const client = await clientOf(access, review);
  const [owner, repo] = repository.split('/');
  const at = { owner, repo, run_id: Number(runId) };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const pending = await asked(review, async () => {
    const { data } = await client.rest.actions.getPendingDeploymentsForRun({
      ...at,
      request: { signal },
    });
    return pendings.parse(data);
  });
  const own = pending.find(one => isSame(one.environment.name, environment));
  if (!own) {
    throw new ConflictError(
      `Nothing of run ${runId} waits at ${environment} any more; look at the run at GitHub`,
    );
  }
  if (!own.current_user_can_approve) {
    throw new NotAllowedError(
      `GitHub does not let you review ${environment}; ask one of its required reviewers, or to become one`,
    );
  }
  await asked(
    review,
    () =>
      client.rest.actions.reviewPendingDeploymentsForRun({
        ...at,
        environment_ids: [own.environment.id],
        state: review.state,
        comment: review.comment.slice(0, LONGEST_COMMENT),
        request: { signal },
      }),
    { changes: true },
  );
}

/** Where the repository is, the portal's own client knows; who asks there, the token says. */
async function clientOf(
  access: GithubAccess,
  { repository, token }: PendingReview,
): Promise<Octokit> {
  const page = await repositoryPage(access.services, repository);
  const own = page && (await access.github.forUrl(page, { wait: false }));
  if (!own) {
    throw new ServiceUnavailableError(
      'No GitHub integration has the host of this repository; add it to integrations.github of app-config',
    );
  }
  const { baseUrl } = own.request.endpoint.DEFAULTS;
  const silent = () => {};
  return new Octokit({
    auth: token,
    baseUrl,
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
}

/** Octokit's errors hold the request with its token: none of them gets any further. */
async function asked<T>(
  { runId, environment }: PendingReview,
  ask: () => Promise<T>,
  { changes }: { changes?: boolean } = {},
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw refusalOf(error, { runId, environment, changes });
  }
}

function refusalOf(
  error: unknown,
  about: { runId: string; environment: string; changes?: boolean },
): Error {
  const { runId, environment, changes } = about;
  if ((error as { status?: unknown } | undefined)?.status === 401) {
    return new NotAllowedError(
      'GitHub does not take your token; sign in to GitHub again',
    );
  }
  switch (githubFailure(error, new Date()).kind) {
    case 'refused':
      return new NotAllowedError(
        `GitHub does not let you review ${environment}; your token needs the scope "repo", and you have to be one of its required reviewers`,
      );
    case 'missing':
      return new NotFoundError(
        `GitHub shows you no run ${runId}; it is gone, or your account or its single sign-on has no access to the repository`,
      );
    case 'invalid':
      return new ConflictError(
        `GitHub does not take the review of ${environment}; it was decided meanwhile, or you started the run and may not review it`,
      );
    case 'limited':
      return new ServiceUnavailableError(
        'GitHub limits the requests of your account; try again in some minutes',
      );
    default:
      return changes
        ? new ReviewUnsureError(
            'GitHub does not answer; look at the run at GitHub before you try again: it may have your review already',
          )
        : new ServiceUnavailableError('GitHub does not answer; try again');
  }
}
