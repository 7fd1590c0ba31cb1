import { AuditorService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { audited } from '../../router/audited';

/**
 * Audits an automatic rollback that was started, or that could not be. Nobody asked for it, so that the actor
 * is the plugin itself.
 */
export async function auditAutomaticRollback(
  auditor: AuditorService,
  about: JsonObject,
  end: { operation: string } | { failure: Error },
): Promise<void> {
  try {
    await audited(
      auditor,
      { eventId: 'rollback-start', meta: { automatic: true, ...about } },
      async () => {
        if ('failure' in end) {
          throw end.failure;
        }
        return { answer: undefined, meta: end };
      },
    );
  } catch (error) {
    // That it failed is what was audited.
    if (!('failure' in end) || error !== end.failure) {
      throw error;
    }
  }
}
