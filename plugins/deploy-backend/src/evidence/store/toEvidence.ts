import { Evidence } from '@vvp/backstage-plugin-deploy-common';
import { EvidenceRow } from '../../store/rows';

/** A report's row with the service that it is about. */
export type JoinedEvidenceRow = EvidenceRow & { entity_ref: string };

/** A report as the API gives it. */
export function toEvidence(row: JoinedEvidenceRow): Evidence {
  return {
    id: row.id,
    entityRef: row.entity_ref,
    type: row.type,
    format: row.format,
    commit: row.commit_sha,
    ...(row.environment && { environment: row.environment }),
    ...(row.suite && { suite: row.suite }),
    ...(row.mode && { mode: row.mode }),
    ...(row.ref && { ref: row.ref }),
    ...(row.pull_request && { pullRequest: row.pull_request }),
    ...(row.tool && { tool: row.tool }),
    measuredAt: row.measured_at,
    receivedAt: row.received_at,
    summary: JSON.parse(row.summary),
    provenance: JSON.parse(row.provenance),
  };
}
