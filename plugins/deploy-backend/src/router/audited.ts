import { AuditorService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { Request } from 'express';

/** Does something and audits it, whether it succeeds or not. `work` gives the answer, and what to add to the audit. */
export async function audited<T>(
  auditor: AuditorService,
  event: { eventId: string; request: Request; meta: JsonObject },
  work: () => Promise<{ answer: T; meta?: JsonObject }>,
): Promise<T> {
  const audit = await auditor.createEvent({
    ...event,
    severityLevel: 'medium',
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
