import {
  AuditorService,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import {
  deployReportPermission,
  Provenance,
} from '@vvp/backstage-plugin-deploy-common';
import type { Request } from 'express';
import { JWTPayload } from 'jose';
import { Authorizer, noSuchService } from '../../permissions/Authorizer';
import { AuditFacts, auditRefusal } from './audit';
import {
  authoriseOidcReport,
  otherRepository,
  ReportGrant,
} from './authoriseOidcReport';
import { claimsForAudit } from './githubClaims';
import { OidcIssuer } from './oidcConfig';
import { OidcVerifier, unverifiedClaims } from './OidcVerifier';
import { plainText } from './plainText';
import { PullRequests } from './pullRequests';
import { EvidenceTrust } from './trust';

/** What a report is said to be about. */
export interface ReportTarget {
  entityRef: string;
  /** `owner/name`; undefined if there is no such service, which is not told before the sender is known. */
  repository: string | undefined;
  /** Host of the repository, such as `github.com`; undefined if that is not known. */
  host?: string;
  /** Full SHA. */
  commit: string;
  environment?: string;
  /** The service's `spec.evidence`. */
  trust: EvidenceTrust;
}

/** Finds out who sends a report, and whether they may. What is refused is audited. */
export class ReportAuthenticator {
  readonly #httpAuth: HttpAuthService;
  readonly #auditor: AuditorService;
  readonly #authorizer: Authorizer;
  readonly #verifier: OidcVerifier;
  readonly #pulls: PullRequests;

  constructor(options: {
    httpAuth: HttpAuthService;
    auditor: AuditorService;
    authorizer: Authorizer;
    verifier: OidcVerifier;
    pulls: PullRequests;
  }) {
    this.#httpAuth = options.httpAuth;
    this.#auditor = options.auditor;
    this.#authorizer = options.authorizer;
    this.#verifier = options.verifier;
    this.#pulls = options.pulls;
  }

  /**
   * Takes the ID token of a job, or a Backstage user's or service's token with the permission
   * `deploy.report` for the service, or for its environment if the report names one.
   *
   * Throws an AuthenticationError, NotAllowedError, NotFoundError or ServiceUnavailableError with
   * reason and remedy.
   */
  async authenticate(
    request: Request,
    target: ReportTarget,
  ): Promise<ReportGrant> {
    const token = bearerToken(request);
    const claims = token === undefined ? undefined : unverifiedClaims(token);
    const facts: AuditFacts = {
      entityRef: plainText(target.entityRef),
      commit: plainText(target.commit),
      ...(target.environment && {
        environment: plainText(target.environment),
      }),
    };
    try {
      return token !== undefined && claims && this.#verifier.knows(claims)
        ? await this.#byJob(token, target, facts)
        : await this.#byBackstage(request, claims, target, facts);
    } catch (error) {
      await auditRefusal(this.#auditor, {
        eventId: 'evidence-report',
        request,
        facts: { ...facts, ...(claims && claimsForAudit(claims)) },
        error,
      });
      throw error;
    }
  }

  async #byJob(
    token: string,
    target: ReportTarget,
    facts: AuditFacts,
  ): Promise<ReportGrant> {
    facts.verified = false;
    const { claims, issuer } = await this.#verifier.verify(token);
    facts.verified = true;
    const { repository, commit, trust } = target;
    if (repository === undefined || !this.#isHostOf(issuer, target)) {
      throw otherRepository(claims);
    }
    return authoriseOidcReport(
      claims,
      { repository, commit, allowed: trust },
      this.#pulls,
    );
  }

  /**
   * The same `owner/name` may be somebody else's on another GitHub. Where an entity does not say on
   * which one it is, that is clear only if there is but one.
   */
  #isHostOf(issuer: OidcIssuer, { host }: ReportTarget): boolean {
    return host === undefined
      ? this.#verifier.issuers.length === 1
      : host.toLocaleLowerCase('en-US') === issuer.host;
  }

  async #byBackstage(
    request: Request,
    claims: JWTPayload | undefined,
    target: ReportTarget,
    facts: AuditFacts,
  ): Promise<ReportGrant> {
    const credentials = await this.#httpAuth
      .credentials(request, { allow: ['user', 'service'] })
      .catch(error => {
        throw error.name === 'AuthenticationError'
          ? this.#unknownSender(claims)
          : error;
      });
    const { entityRef, environment } = target;
    const provenance = provenanceOf(credentials.principal);
    facts.subject =
      provenance.kind === 'user' ? provenance.userRef : provenance.subject;
    if (target.repository === undefined) {
      throw noSuchService(entityRef);
    }
    await this.#authorizer.assertAllowed(
      deployReportPermission,
      credentials,
      environment ? `${entityRef}#${environment}` : entityRef,
    );
    return { provenance };
  }

  #unknownSender(claims: JWTPayload | undefined): AuthenticationError {
    if (claims?.job_workflow_ref !== undefined) {
      return new AuthenticationError(
        `The OIDC token is of the issuer ${plainText(
          claims.iss,
        )} (iss), which is not trusted. Trusted are: ${
          this.#verifier.issuers.join(', ') || 'none'
        }. Add others to deploy.evidence.oidc in app-config.`,
      );
    }
    return new AuthenticationError(
      "The sender of the report is not known. Send `Authorization: Bearer` with the job's OIDC token (the job needs permissions: id-token: write), or with a token of Backstage that has not expired.",
    );
  }
}

function provenanceOf(
  principal: BackstageUserPrincipal | BackstageServicePrincipal,
): Extract<Provenance, { kind: 'user' | 'service' }> {
  return principal.type === 'user'
    ? { kind: 'user', userRef: principal.userEntityRef }
    : { kind: 'service', subject: principal.subject };
}

function bearerToken(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
}
