import { NotAllowedError, ServiceUnavailableError } from '@backstage/errors';
import { GithubClaims } from './githubClaims';
import { plainText } from './plainText';
import { PullRequests } from './pullRequests';

/** Whether a job ran for a pull request, by whichever event. */
export function isPullRequest(claims: GithubClaims): boolean {
  return (
    claims.event_name.startsWith('pull_request') ||
    claims.ref.startsWith('refs/pull/') ||
    Boolean(claims.head_ref)
  );
}

/**
 * The number of the pull request that a report is about: its commit is the merge commit of the
 * run, or the head of that pull request. Throws a NotAllowedError if that does not hold, and a
 * ServiceUnavailableError if GitHub does not say.
 */
export async function provePullRequest(
  claims: GithubClaims,
  report: { repository: string; commit: string },
  pulls: PullRequests,
): Promise<number> {
  const number = /^refs\/pull\/(\d{1,9})\//.exec(claims.ref)?.[1];
  return number
    ? proveNumbered(Number(number), claims, report, pulls)
    : proveByHead(claims, report, pulls);
}

async function proveNumbered(
  number: number,
  claims: GithubClaims,
  { repository, commit }: { repository: string; commit: string },
  pulls: PullRequests,
): Promise<number> {
  if (claims.sha === commit) {
    return number;
  }
  const head = await asked(number, () => pulls.headOf(repository, number));
  if (head !== commit) {
    throw new NotAllowedError(
      `The OIDC token is of pull request ${number} (ref), the report of commit ${plainText(
        commit,
      )}, which is neither the merge commit of its run (sha ${
        claims.sha
      }) nor its head. A job of a pull request can report on that pull request only: post with commit=\${{ github.event.pull_request.head.sha }}.`,
    );
  }
  return number;
}

/**
 * Runs for `pull_request_target`, and those for a pull request that has been merged, are on the
 * base branch: their `sha` is not the change, and no claim has the number.
 */
async function proveByHead(
  claims: GithubClaims,
  { repository, commit }: { repository: string; commit: string },
  pulls: PullRequests,
): Promise<number> {
  const candidates = await asked(undefined, () =>
    pulls.withHead(repository, commit),
  );
  const proven = candidates.filter(({ branch }) => branch === claims.head_ref);
  if (proven.length !== 1) {
    throw new NotAllowedError(
      `The OIDC token is of a run for a pull request on the branch ${plainText(
        claims.head_ref,
      )} (event_name ${plainText(claims.event_name)}, head_ref), but ${
        proven.length === 0 ? 'none' : 'more than one'
      } of that branch has the commit ${plainText(
        commit,
      )} as its head. Post with commit=\${{ github.event.pull_request.head.sha }}, or from a workflow on pull_request.`,
    );
  }
  return proven[0].number;
}

async function asked<T>(
  number: number | undefined,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch {
    throw new ServiceUnavailableError(
      `GitHub does not say now what the head of ${
        number ? `pull request ${number}` : 'the pull request'
      } is. Post the report again in a minute; the backend needs an integration that may read the repository's pull requests.`,
    );
  }
}
