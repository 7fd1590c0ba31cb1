import { OperationRow, StepRow } from './rows';
import { OperationState, StepState } from './state';
import { RunningOperation } from './types';

export function toStepState(row: StepRow): StepState {
  return {
    plan: {
      name: row.name,
      title: row.title,
      runner: row.runner,
      input: JSON.parse(row.input),
      timeoutSeconds: row.timeout_seconds,
      compensates: Boolean(row.compensates),
    },
    status: row.status,
    attempts: row.attempts,
    compensationAttempts: row.compensation_attempts,
    memory: fromJson(row.memory) ?? {},
    output: fromJson(row.output),
    failure: fromJson(row.failure),
    startedAt: row.started_at ?? undefined,
    deadlineAt: row.deadline_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    undoneAt: row.undone_at ?? undefined,
  };
}

/** What changes of a step; its memory is written by the step itself. */
export function toStepColumns(step: StepState): Partial<StepRow> {
  return {
    status: step.status,
    attempts: step.attempts,
    compensation_attempts: step.compensationAttempts,
    output: toJson(step.output),
    failure: toJson(step.failure),
    started_at: step.startedAt ?? null,
    deadline_at: step.deadlineAt ?? null,
    finished_at: step.finishedAt ?? null,
    undone_at: step.undoneAt ?? null,
  };
}

export function toState(
  row: OperationRow,
  steps: readonly StepRow[],
): OperationState {
  return {
    status: row.status,
    phase: row.phase,
    dueAt: row.due_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    cancelRequested: toCancelRequest(row),
    parked: fromJson(row.parked),
    outcome: row.outcome ?? undefined,
    failure: fromJson(row.failure),
    steps: steps.map(toStepState),
  };
}

export function toCancelRequest(
  row: Pick<OperationRow, 'cancel_requested_by' | 'cancel_requested_at'>,
): OperationState['cancelRequested'] {
  return row.cancel_requested_by && row.cancel_requested_at
    ? { by: row.cancel_requested_by, at: row.cancel_requested_at }
    : undefined;
}

/** What changes of an operation. */
export function toOperationColumns(
  state: OperationState,
): Partial<OperationRow> {
  return {
    status: state.status,
    phase: state.phase,
    due_at: state.dueAt,
    finished_at: state.finishedAt ?? null,
    parked: toJson(state.parked),
    outcome: state.outcome ?? null,
    failure: toJson(state.failure),
  };
}

export function toRunningOperation(
  row: OperationRow,
  steps: readonly StepState[],
): RunningOperation {
  return {
    id: row.id,
    serviceId: row.service_id,
    environmentId: row.environment_id,
    kind: row.kind,
    automatic: Boolean(row.automatic),
    requestedBy: row.requested_by,
    reason: row.reason ?? undefined,
    from: fromJson(row.from),
    to: fromJson(row.to),
    fromReleaseId: row.from_release_id ?? undefined,
    toReleaseId: row.to_release_id ?? undefined,
    context: JSON.parse(row.context),
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    steps: steps.map(step => step.plan),
  };
}

export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Of a column that only this plugin writes. */
export function fromJson<T>(text: string | null | undefined): T | undefined {
  return text ? JSON.parse(text) : undefined;
}
