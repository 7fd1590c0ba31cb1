import {
  Answer,
  CallbackKind,
  CallbackState,
  ProtectionCallback,
} from './types';

/** As it stands in `protection_callbacks`; the migration says what the columns mean. */
export interface ProtectionCallbackRow {
  id: string;
  kind: CallbackKind;
  repository: string;
  run_id: string;
  environment: string;
  deployment: string;
  commit_sha?: string | null;
  ref?: string | null;
  creator?: string | null;
  state: CallbackState;
  decision?: Answer | null;
  told?: string | null;
  told_at?: string | null;
  comments: number;
  attempts: number;
  problem?: string | null;
  lease_owner?: string | null;
  lease_until?: string | null;
  due_at: string;
  asked_at: string;
  answered_at?: string | null;
}

export function toCallback(row: ProtectionCallbackRow): ProtectionCallback {
  return {
    id: row.id,
    kind: row.kind,
    repository: row.repository,
    runId: row.run_id,
    environment: row.environment,
    deploymentId: row.deployment,
    ...(row.commit_sha && { commit: row.commit_sha }),
    ...(row.ref && { ref: row.ref }),
    ...(row.creator && { creator: row.creator }),
    state: row.state,
    ...(row.decision && { decision: row.decision }),
    ...(row.told && { told: row.told }),
    ...(row.told_at && { toldAt: row.told_at }),
    comments: row.comments,
    attempts: row.attempts,
    ...(row.problem && { problem: row.problem }),
    askedAt: row.asked_at,
    ...(row.answered_at && { answeredAt: row.answered_at }),
  };
}

/** A text as a column of 255 characters takes it. */
export function columnOf(text: string | undefined): string | null {
  return text ? text.slice(0, 255) : null;
}
