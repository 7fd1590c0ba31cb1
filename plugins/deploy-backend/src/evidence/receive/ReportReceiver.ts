import { createHash } from 'node:crypto';
import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { Evidence } from '@vvp/backstage-plugin-deploy-common';
import { Request } from 'express';
import pLimit from 'p-limit';
import { noSuchService } from '../../permissions/Authorizer';
import { auditReport } from '../auth/audit';
import { ReportGrant } from '../auth/authoriseOidcReport';
import { ReportTarget } from '../auth/ReportAuthenticator';
import { ParsedReport, ParseReportOptions } from '../formats/parseReport';
import { EvidenceChange, EvidenceStore } from '../store/EvidenceStore';
import { placeReport } from './placeReport';
import { readReportQuery, ReportQuery } from './readReportQuery';
import { ReportService, ReportTargets } from './ReportTargets';
import { assertReadableEncoding, bodyOf, discardRest } from './requestBody';

/** A report that was taken in. */
export interface ReceivedReport {
  evidence: Evidence;
  /** False if the same report was there already. */
  created: boolean;
  /** Whether it is new, or measured anew. */
  changed: boolean;
}

/** What a receiver works with. */
export interface ReportReceiverOptions {
  targets: ReportTargets;
  authenticator: {
    authenticate(request: Request, target: ReportTarget): Promise<ReportGrant>;
  };
  parse: (
    body: AsyncIterable<Uint8Array>,
    options: ParseReportOptions,
  ) => Promise<ParsedReport>;
  store: EvidenceStore;
  auditor: AuditorService;
  logger: LoggerService;
  /**
   * Called after a report that is new, measured anew, or deleted. What it fails on is logged, and not the
   * sender's trouble.
   */
  onEvidence: (change: EvidenceChange) => Promise<void> | void;
}

/** How many reports are read at a time: each takes memory; others wait, unread. */
const AT_ONCE = 4;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Takes reports in. */
export class ReportReceiver {
  readonly #options: ReportReceiverOptions;

  readonly #atOnce = pLimit(AT_ONCE);

  constructor(options: ReportReceiverOptions) {
    this.#options = options;
  }

  /**
   * Reads, checks and keeps the report that a request brings; all of it or nothing.
   *
   * Throws Backstage errors with reason and remedy. The request's body is let go of then.
   */
  async receive(request: Request): Promise<ReceivedReport> {
    try {
      const query = readReportQuery(request.query);
      assertReadableEncoding(request);
      const target = await this.#options.targets.find(query.entityRef);
      // A sender is told that there is no such service only when it is clear who that is.
      const grant = await this.#options.authenticator.authenticate(request, {
        entityRef: query.entityRef,
        repository: target?.service.repository,
        host: target?.host,
        commit: query.commit,
        environment: query.environment,
        trust: target?.trust ?? {},
      });
      if (!target) {
        throw noSuchService(query.entityRef);
      }
      const stored = await auditReport(
        this.#options.auditor,
        {
          eventId: 'evidence-report',
          request,
          provenance: grant.provenance,
          facts: { entityRef: query.entityRef, commit: query.commit },
        },
        note =>
          this.#atOnce(() =>
            this.#take(request, { query, target, grant, note }),
          ),
      );
      if (stored.changed) {
        await this.tell({
          serviceId: target.service.id,
          repository: target.service.repository,
          commit: stored.evidence.commit,
          pullRequest: stored.evidence.pullRequest,
          evidenceId: stored.evidence.id,
        });
      }
      return stored;
    } finally {
      discardRest(request);
    }
  }

  /** Does what follows from a change of what is known about a commit. Never fails. */
  async tell(change: EvidenceChange): Promise<void> {
    try {
      await this.#options.onEvidence(change);
    } catch (error) {
      this.#options.logger.error(
        'What follows from a report could not be done',
        {
          evidenceId: change.evidenceId,
          cause: error instanceof Error ? error.message : String(error),
        },
      );
    }
  }

  async #take(
    request: Request,
    options: {
      query: ReportQuery;
      target: ReportService;
      grant: ReportGrant;
      note: (facts: Record<string, string | number | boolean>) => void;
    },
  ): Promise<ReceivedReport> {
    const { query, target, grant, note } = options;
    await this.#assertEnvironment(target, query.environment);
    const { report, digest, bytes } = await this.#options.parse(
      bodyOf(request),
      {
        type: query.type,
        format: query.format,
      },
    );
    note({ type: report.type, format: report.format, bytes });
    const { id, created, changed } = await this.#options.store.record({
      serviceId: target.service.id,
      commit: query.commit,
      environment: query.environment,
      suite: query.suite,
      mode: query.mode,
      ref: grant.ref,
      pullRequest: grant.pullRequest,
      provenance: grant.provenance,
      report: placeReport(report, target.layout, { root: query.root }),
      // The same file placed elsewhere says something else.
      digest: query.root ? sha256(`${digest} ${query.root}`) : digest,
      receivedAt: new Date(),
    });
    note({ evidenceId: id, created });
    const evidence = await this.#options.store.get(id);
    if (!evidence) {
      throw new Error('The report was deleted while it came in');
    }
    return { evidence, created, changed };
  }

  async #assertEnvironment(
    target: ReportService,
    environment: string | undefined,
  ): Promise<void> {
    if (environment === undefined) {
      return;
    }
    const known = await this.#options.targets.environmentsOf(target.service.id);
    if (!known.includes(environment)) {
      throw new InputError(
        `environment: ${
          target.service.entityRef
        } has no environment ${environment}; it has ${
          known.join(', ') || 'none'
        }`,
      );
    }
  }
}
