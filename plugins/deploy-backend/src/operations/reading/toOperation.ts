import {
  LogLine,
  Operation,
  OperationStep,
  OperationSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { fromJson } from '../engine/rowMapping';
import { LogRow, OperationRow, StepRow } from '../engine/rows';
import { Parked } from '../engine/state';

/** Where nothing is there, an attempt has mostly ended by then. */
const TRYING_MS = 15_000;

/** An operation with what stands in the tables around it. */
export interface JoinedOperationRow extends OperationRow {
  entity_ref: string;
  environment: string;
  ahead: number | string;
}

export function toOperation(
  row: JoinedOperationRow,
  steps: readonly StepRow[],
  logs: readonly LogRow[],
  now: Date,
): Operation {
  return {
    ...toOwnFields(row, now),
    steps: steps.map(step => ({
      ...toStep(step),
      log: logs.filter(line => line.step === step.position).map(toLine),
      droppedLines: step.dropped_lines,
    })),
  };
}

export function toOperationSummary(
  row: JoinedOperationRow,
  steps: readonly StepRow[],
  now: Date,
): OperationSummary {
  return { ...toOwnFields(row, now), steps: steps.map(toStep) };
}

function toOwnFields(
  row: JoinedOperationRow,
  now: Date,
): Omit<Operation, 'steps'> {
  const { override } = JSON.parse(row.context) as Pick<Operation, 'override'>;
  const from = fromJson<Operation['from']>(row.from);
  const to = fromJson<Operation['to']>(row.to);
  const failure = fromJson<Operation['failure']>(row.failure);
  const parked = toParked(row, now);
  const isOver = row.status !== 'queued' && row.status !== 'running';
  return {
    id: row.id,
    entityRef: row.entity_ref,
    environment: row.environment,
    kind: row.kind,
    status: row.status,
    requestedBy: row.requested_by,
    ...(row.reason && { reason: row.reason }),
    ...(override && { override }),
    ...(from && { from }),
    ...(to && { to }),
    lockKey: row.lock_key,
    ...(row.status === 'queued' && { ahead: Number(row.ahead) }),
    createdAt: row.created_at,
    ...(row.started_at && { startedAt: row.started_at }),
    ...(row.finished_at && { finishedAt: row.finished_at }),
    ...(row.cancel_requested_by &&
      row.cancel_requested_at && {
        cancelRequested: {
          by: row.cancel_requested_by,
          at: row.cancel_requested_at,
        },
      }),
    ...(parked && { parked }),
    ...(row.outcome && { outcome: row.outcome }),
    ...(failure && isOver && { failure }),
  };
}

/**
 * While it is tried again it stays parked for a moment: most attempts fail at once, and whoever looks on
 * would see it go and stop each time. One that takes longer goes on, as far as anybody knows.
 */
function toParked(row: OperationRow, now: Date): Operation['parked'] {
  const parked = fromJson<Parked>(row.parked);
  const tryingFor = parked?.resumedAt
    ? now.getTime() - Date.parse(parked.resumedAt)
    : 0;
  if (!parked || tryingFor >= TRYING_MS) {
    return undefined;
  }
  const { message, remedy, since } = parked;
  return { message, ...(remedy && { remedy }), since };
}

function toStep(row: StepRow): Omit<OperationStep, 'log' | 'droppedLines'> {
  const failure = fromJson<OperationStep['failure']>(row.failure);
  return {
    name: row.name,
    title: row.title,
    status: row.status,
    attempts: row.attempts,
    ...(row.started_at && { startedAt: row.started_at }),
    ...(row.finished_at && { finishedAt: row.finished_at }),
    ...(failure && { failure }),
  };
}

function toLine({ sequence, at, level, text }: LogRow): LogLine {
  return { sequence, at, level, text };
}
