import { NotAllowedError } from '@backstage/errors';
import { Provenance } from '@vvp/backstage-plugin-deploy-common';
import { JWTPayload } from 'jose';
import { GithubClaims, toGithubClaims } from './githubClaims';
import { plainText } from './plainText';
import { isPullRequest, provePullRequest } from './provePullRequest';
import { PullRequests } from './pullRequests';
import {
  EvidenceTrust,
  isEventTrusted,
  isRefTrusted,
  isWorkflowTrusted,
  safeEvents,
} from './trust';

/** What a report is said to be about. */
export interface ReportClaim {
  /** `owner/name` of the service's repository. */
  repository: string;
  /** Full SHA that the report is said to have measured. */
  commit: string;
  allowed: EvidenceTrust;
}

/** Grounds on which a report is taken in. */
export interface ReportGrant {
  provenance: Provenance;
  /** The report is about this pull request and about nothing else. */
  pullRequest?: number;
  /** Branch or tag, without `refs/heads/` or `refs/tags/`. */
  ref?: string;
}

/**
 * Decides whether the job that a verified token was given to may bring a report. A job of a pull
 * request may bring one about that pull request only, which GitHub is asked about where the token
 * alone does not prove it.
 *
 * Throws a NotAllowedError that names the claim and the remedy. It never tells what is expected of
 * a repository that the token is not of: everybody on GitHub can get a token for any audience.
 */
export async function authoriseOidcReport(
  payload: JWTPayload,
  report: ReportClaim,
  pulls: PullRequests,
): Promise<ReportGrant> {
  const claims = toGithubClaims(payload);
  assertRepository(payload, claims, report.repository);
  assertWorkflow(claims, report);
  const provenance: Provenance = {
    kind: 'github-oidc',
    repository: claims.repository,
    ref: claims.ref,
    sha: claims.sha,
    workflow: claims.job_workflow_ref,
    runId: claims.run_id,
    attempt: Number(claims.run_attempt),
    event: claims.event_name,
    ...(claims.actor && { actor: claims.actor }),
  };
  if (isPullRequest(claims)) {
    const pullRequest = await provePullRequest(claims, report, pulls);
    return {
      provenance,
      pullRequest,
      ...(claims.head_ref && { ref: claims.head_ref }),
    };
  }
  assertEvent(claims, report.allowed);
  assertCommit(claims, report.commit);
  assertRef(claims, report.allowed);
  return { provenance, ref: claims.ref.replace(/^refs\/(heads|tags)\//, '') };
}

/**
 * The same for a service that there is not, for one on another GitHub, and for one of another
 * repository, so that nobody finds out which it is.
 */
export function otherRepository(claims: JWTPayload): NotAllowedError {
  return new NotAllowedError(
    `The OIDC token is of the repository ${plainText(
      claims.repository,
    )} (repository) of the issuer ${plainText(
      claims.iss,
    )} (iss), which is not the one that this entity is deployed from. Check entityRef, where the entity is, and its annotation github.com/project-slug; the token of a fork counts for the fork alone.`,
  );
}

function assertRepository(
  payload: JWTPayload,
  claims: GithubClaims,
  repository: string,
): void {
  if (
    claims.repository.toLocaleLowerCase('en-US') !==
    repository.toLocaleLowerCase('en-US')
  ) {
    throw otherRepository(payload);
  }
}

function assertWorkflow(claims: GithubClaims, report: ReportClaim): void {
  const { allowed, repository } = report;
  if (!isWorkflowTrusted(claims.job_workflow_ref, repository, allowed)) {
    throw new NotAllowedError(
      `The OIDC token is of the workflow ${plainText(
        claims.job_workflow_ref,
      )} (job_workflow_ref), which may not bring reports: ${
        allowed.workflows
          ? `deploy.yaml allows ${listed(allowed.workflows)}`
          : 'it is not in the repository itself'
      }. Add it to spec.evidence.workflows of deploy.yaml if it is to be trusted.`,
    );
  }
}

/** On a comment, say, a job may check out a stranger's pull request, and its token has the default branch's commit. */
function assertEvent(claims: GithubClaims, allowed: EvidenceTrust): void {
  if (!isEventTrusted(claims.event_name, allowed)) {
    throw new NotAllowedError(
      `The OIDC token is of a run on the event ${plainText(
        claims.event_name,
      )} (event_name), which may not bring reports: it may have checked out the code of a pull request. Report from a workflow on one of ${safeEvents.join(
        ', ',
      )}; or add the event to spec.evidence.events of deploy.yaml if no workflow on it runs a pull request's code.`,
    );
  }
}

function assertCommit(claims: GithubClaims, commit: string): void {
  if (claims.sha !== commit) {
    throw new NotAllowedError(
      `The OIDC token is of a run on commit ${
        claims.sha
      } (sha), the report of commit ${plainText(
        commit,
      )}. A job can report on the commit of its own run only: post with commit=\${{ github.sha }}.`,
    );
  }
}

function assertRef(claims: GithubClaims, allowed: EvidenceTrust): void {
  if (!isRefTrusted(claims.ref, allowed)) {
    throw new NotAllowedError(
      `The OIDC token is of a run on ${plainText(
        claims.ref,
      )} (ref), which may not bring reports: ${
        allowed.refs
          ? `deploy.yaml allows ${listed(allowed.refs)}`
          : 'it is neither a branch nor a tag'
      }. Add it to spec.evidence.refs of deploy.yaml if it is to be trusted; tags are written in full there, such as refs/tags/v*.`,
    );
  }
}

function listed(patterns: string[]): string {
  return patterns.length === 0 ? 'none' : plainText(patterns.join(', '));
}
