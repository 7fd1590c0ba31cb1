import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { githubFailure } from '../github/githubFailure';

/** What GitHub was asked, for the message when it does not do it. */
export interface Question {
  /** Such as `start deploy.yml of example-org/shop`; goes after "GitHub does not let the portal". */
  what: string;
  /** The permission of the GitHub App that it takes, such as `Actions: write`. */
  permission: string;
  /** What a 404 means, if there is something better to say. */
  missing?: { message: string; remedy: string };
}

/** GitHub's own words are cut here. */
const LONGEST_MESSAGE = 300;

/** A failure of GitHub, with the status of its answer; the answer itself may say anything. */
export class GithubTargetError extends TargetError {
  readonly status?: unknown;

  constructor(
    status: unknown,
    ...rest: ConstructorParameters<typeof TargetError>
  ) {
    super(...rest);
    this.status = status;
  }
}

/**
 * What an error of Octokit means for a step. TargetErrors stay as they are.
 *
 * Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
export function workflowFailure(
  error: unknown,
  question: Question,
  now: Date,
): TargetError {
  if (error instanceof TargetError) {
    return error;
  }
  const { status } = (error ?? {}) as { status?: unknown };
  const { what, permission, missing } = question;
  if (status === 401) {
    return new GithubTargetError(
      status,
      'credentials',
      `GitHub does not take the portal's credentials, so that it cannot ${what}.`,
      {
        remedy:
          'Check the token or the app of this host in integrations.github of app-config.',
      },
    );
  }
  const failure = githubFailure(error, now);
  switch (failure.kind) {
    case 'limited':
      return new GithubTargetError(
        status,
        'transient',
        `GitHub limits the portal's requests, so that it cannot ${what} yet.`,
        { retryAfterMs: failure.until.getTime() - now.getTime() },
      );
    case 'refused':
      return new GithubTargetError(
        status,
        'denied',
        `GitHub does not let the portal ${what}: ${ownWords(error)}`,
        {
          remedy: `Give the portal's GitHub App the permission "${permission}" on the repository and accept it for the installation, or use a token that has it.`,
        },
      );
    case 'missing':
      return new GithubTargetError(
        status,
        'not-found',
        missing?.message ??
          `GitHub does not find what it takes to ${what}, or hides it from the portal.`,
        {
          remedy:
            missing?.remedy ??
            `Check that it is still there, and that the portal's GitHub App is installed on the repository with "${permission}".`,
        },
      );
    case 'invalid':
      return new GithubTargetError(
        status,
        'invalid',
        `GitHub refuses to ${what}: ${ownWords(error)}`,
      );
    default:
      return new GithubTargetError(
        status,
        'transient',
        `GitHub could not be reached or is out of order, so that the portal cannot ${what} yet.`,
      );
  }
}

/** GitHub's message in one line; Octokit appends the page of its documentation. */
function ownWords(error: unknown): string {
  const data = (error as { response?: { data?: { message?: unknown } } })
    ?.response?.data;
  const words = typeof data?.message === 'string' ? data.message : '';
  const line = words.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const cut = line.slice(0, LONGEST_MESSAGE) || 'it does not say why';
  return /[.!?]$/.test(cut) ? cut : `${cut}.`;
}
