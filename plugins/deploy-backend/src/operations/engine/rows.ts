import {
  LogLine,
  OperationKind,
  OperationOutcome,
  OperationStatus,
  StepStatus,
} from '@vvp/backstage-plugin-deploy-common';

/** Rows as they stand in the database; see the migration for what the columns mean. */

export interface OperationRow {
  id: string;
  position: number | string;
  service_id: string;
  environment_id: string;
  kind: OperationKind;
  status: OperationStatus;
  phase: 'forward' | 'compensating';
  lock_key: string;
  requested_by: string;
  automatic: boolean | number;
  reason: string | null;
  from: string | null;
  to: string | null;
  from_release_id: string | null;
  to_release_id: string | null;
  context: string;
  idempotency: string | null;
  request_digest: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  due_at: string;
  lease_owner: string | null;
  lease_until: string | null;
  fence: number;
  cancel_requested_by: string | null;
  cancel_requested_at: string | null;
  parked: string | null;
  outcome: OperationOutcome | null;
  failure: string | null;
}

export interface StepRow {
  operation_id: string;
  position: number;
  name: string;
  title: string;
  runner: string;
  input: string;
  timeout_seconds: number;
  compensates: boolean | number;
  status: StepStatus;
  attempts: number;
  compensation_attempts: number;
  memory: string | null;
  output: string | null;
  failure: string | null;
  dropped_lines: number;
  started_at: string | null;
  deadline_at: string | null;
  finished_at: string | null;
  undone_at: string | null;
}

export interface LogRow {
  operation_id: string;
  step: number;
  sequence: number;
  at: string;
  level: LogLine['level'];
  text: string;
}
