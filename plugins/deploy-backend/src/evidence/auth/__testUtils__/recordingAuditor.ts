import { AuditorService } from '@backstage/backend-plugin-api';

/** How one audited event ended. */
export interface AuditedEvent {
  eventId: string;
  status: 'initiated' | 'succeeded' | 'failed';
  /** Whether the auditor was given the request, whose token it would read. */
  withRequest: boolean;
  meta: Record<string, unknown>;
  error?: string;
}

/** An auditor that keeps what it is told. */
export function recordingAuditor(): AuditorService & {
  events: AuditedEvent[];
} {
  const events: AuditedEvent[] = [];
  return {
    events,
    async createEvent({ eventId, meta, request }) {
      const event: AuditedEvent = {
        eventId,
        status: 'initiated',
        withRequest: request !== undefined,
        meta: { ...meta },
      };
      events.push(event);
      return {
        async success(params) {
          event.status = 'succeeded';
          Object.assign(event.meta, params?.meta);
        },
        async fail(params) {
          event.status = 'failed';
          event.error = params.error.message;
          Object.assign(event.meta, params.meta);
        },
      };
    },
  };
}
