import { AuditorService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { Request } from 'express';

/** What is audited. */
export interface AuditedWork {
  /** Kebab-case. */
  eventId: string;
  /** Absent for what the portal does by itself: then the actor is the plugin. */
  request?: Request;
  /** What it is about; never a secret. */
  meta: JsonObject;
  /** Default: medium. */
  severityLevel?: 'medium' | 'high';
}

/** Does something and audits it, whether it succeeds or not. `work` gives the answer, and what to add to the audit. */
export async function audited<T>(
  auditor: AuditorService,
  event: AuditedWork,
  work: () => Promise<{ answer: T; meta?: JsonObject }>,
): Promise<T> {
  const audit = await auditor.createEvent({
    severityLevel: 'medium',
    ...event,
  });
  try {
    const { answer, meta } = await work();
    await audit.success({ ...(meta && { meta }) });
    return answer;
  } catch (error) {
    await audit.fail({
      error: error instanceof Error ? error : new Error(String(error)),
    });
    throw error;
  }
}

/** What an audit says of a start of work that somebody asks to let through by an override. */
export function overrideFacts(
  override: string | undefined,
): Pick<AuditedWork, 'severityLevel'> & { meta: JsonObject } {
  return override === undefined
    ? { meta: {} }
    : { severityLevel: 'high', meta: { override } };
}
