import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { AuditorService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { MomentListener } from '../moments';

/** A line of the audit log. */
export interface AuditLine {
  eventId: string;
  status: 'initiated' | 'succeeded' | 'failed';
  meta: JsonObject;
}

/** An auditor whose log outlives the process. Tells before and after each line. */
export function fileAuditor(
  file: string,
  listener: MomentListener,
): AuditorService {
  const write = (line: AuditLine) => {
    const what = `audit ${line.eventId} ${line.status}`;
    listener(`before ${what}`);
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    listener(`after ${what}`);
  };
  return {
    async createEvent({ eventId, meta }) {
      const asked = { ...meta };
      write({ eventId, status: 'initiated', meta: asked });
      return {
        success: async options =>
          write({
            eventId,
            status: 'succeeded',
            meta: { ...asked, ...options?.meta },
          }),
        fail: async options =>
          write({
            eventId,
            status: 'failed',
            meta: { ...asked, ...options.meta },
          }),
      };
    },
  };
}

/** What {@link fileAuditor} wrote, in order. */
export function readAuditLog(file: string): AuditLine[] {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line))
    : [];
}
