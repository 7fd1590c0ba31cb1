import {
  AuditorService,
  AuditorServiceEvent,
} from '@backstage/backend-plugin-api';
import { Provenance } from '@vvp/backstage-plugin-deploy-common';
import type { Request } from 'express';

/** Values that tell what an event is about. Never a token, a key or a body. */
export type AuditFacts = Record<string, string | number | boolean>;

/** What a report is posted with. */
export type ReportEventId = 'evidence-report' | 'deployment-tests';

/**
 * Does the work of taking in a report whose sender is known, and audits how it ends. Facts that
 * are noted meanwhile go into the last event.
 */
export async function auditReport<T>(
  auditor: AuditorService,
  report: {
    eventId: ReportEventId;
    request: Request;
    provenance: Provenance;
    facts: AuditFacts;
  },
  work: (note: (facts: AuditFacts) => void) => Promise<T>,
): Promise<T> {
  const event = await createEvent(auditor, report.eventId, report.request, {
    ...report.facts,
    ...provenanceFacts(report.provenance),
  });
  const meta: AuditFacts = {};
  try {
    const result = await work(facts => Object.assign(meta, facts));
    await event.success({ meta });
    return result;
  } catch (error) {
    await event.fail({ error: asError(error), meta });
    throw error;
  }
}

/** Audits a report that was not taken in because of who sent it. */
export async function auditRefusal(
  auditor: AuditorService,
  refusal: {
    eventId: ReportEventId;
    request: Request;
    facts: AuditFacts;
    error: unknown;
  },
): Promise<void> {
  const event = await createEvent(
    auditor,
    refusal.eventId,
    refusal.request,
    refusal.facts,
    'medium',
  );
  await event.fail({ error: asError(refusal.error) });
}

/** Who brought a report, in the words of an audit event. */
function provenanceFacts(provenance: Provenance): AuditFacts {
  switch (provenance.kind) {
    case 'github-oidc':
      return {
        by: provenance.kind,
        repository: provenance.repository,
        sha: provenance.sha,
        ref: provenance.ref,
        workflow: provenance.workflow,
        runId: provenance.runId,
        attempt: provenance.attempt,
      };
    case 'user':
      return { by: provenance.kind, subject: provenance.userRef };
    case 'service':
      return { by: provenance.kind, subject: provenance.subject };
    default:
      return { by: provenance.kind, subject: provenance.name };
  }
}

/**
 * The request itself is not handed on: the auditor would take its token for Backstage's, and fail
 * on GitHub's.
 */
async function createEvent(
  auditor: AuditorService,
  eventId: ReportEventId,
  request: Request,
  facts: AuditFacts,
  severityLevel: 'low' | 'medium' = 'low',
): Promise<AuditorServiceEvent> {
  const { method, ip } = request;
  return auditor.createEvent({
    eventId,
    severityLevel,
    meta: {
      ...facts,
      method,
      path: `${request.baseUrl}${request.path}`,
      ...(ip && { ip }),
    },
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
