import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { ConflictError, InputError } from '@backstage/errors';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { retryDeadlocks } from '../../store/retryDeadlocks';
import { toJson, toRunningOperation, toStepState } from './rowMapping';
import { OperationRow, StepRow } from './rows';
import { DEFAULT_TIMEOUT_SECONDS } from './state';
import { EngineHooks, NewOperation } from './types';

/** Of an operation: more is no plan, but a mistake. */
const MAX_STEPS = 100;
const MAX_JSON = 256 * 1024;

/** Those that arrive at the same moment want the same position; all but one try again. */
const MAX_TRIES = 200;

/** Another operation of the same service runs or waits in this environment. */
export class OperationRunningError extends ConflictError {
  readonly operationId: string;

  constructor(operationId: string) {
    super(
      `Operation ${operationId} of this service is under way in this environment. Wait for its end, or cancel it.`,
    );
    this.operationId = operationId;
  }
}

/** Stores an operation with its whole plan, or finds the one that the same request made before. */
export async function submitOperation(
  knex: Knex,
  hooks: Pick<EngineHooks, 'onTransition'>,
  operation: NewOperation,
  now: () => Date,
): Promise<{ id: string; created: boolean }> {
  const id = uuid();
  const steps = toStepRows(id, operation);
  const row = toOperationRow(id, operation);
  for (let attempt = 1; ; attempt++) {
    const found = await findEarlier(knex, operation);
    if (found) {
      return { id: found, created: false };
    }
    try {
      await retryDeadlocks(() =>
        knex.transaction(tx => insert(tx, hooks, row, steps, now())),
      );
      return { id, created: true };
    } catch (error) {
      // Who was faster is found at the beginning of the next round.
      if (!isDatabaseConflictError(error) || attempt >= MAX_TRIES) {
        throw error;
      }
    }
  }
}

/**
 * The operation that the same request made before. Throws a ConflictError if there is another one that
 * stands in the way.
 */
async function findEarlier(
  knex: Knex,
  { idempotency, environmentId }: NewOperation,
): Promise<string | undefined> {
  const rows = await knex<OperationRow>('operations')
    .where(query => {
      query
        .where('environment_id', environmentId)
        .whereIn('status', ['queued', 'running']);
      if (idempotency) {
        query.orWhere('idempotency', idempotency.key);
      }
    })
    .select('id', 'idempotency', 'request_digest');
  const same = rows.find(
    row => idempotency && row.idempotency === idempotency.key,
  );
  if (same) {
    if (same.request_digest !== idempotency?.request) {
      throw new ConflictError(
        `Idempotency-Key: was used before for another request, which made operation ${same.id}. Use a new key for each request.`,
      );
    }
    return same.id;
  }
  if (rows.length > 0) {
    throw new OperationRunningError(rows[0].id);
  }
  return undefined;
}

async function insert(
  tx: Knex.Transaction,
  hooks: Pick<EngineHooks, 'onTransition'>,
  row: Omit<OperationRow, 'position' | 'created_at' | 'due_at'>,
  steps: StepRow[],
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const last = tx('operations').max('position');
  const inserted: Omit<OperationRow, 'position'> = {
    ...row,
    created_at: at,
    due_at: at,
  };
  await tx('operations').insert({
    ...inserted,
    position: tx.raw('coalesce((?), 0) + 1', [last]),
  });
  if (steps.length > 0) {
    await tx<StepRow>('operation_steps').insert(steps);
  }
  await hooks.onTransition(tx, {
    operation: toRunningOperation(
      { ...inserted, position: 0 },
      steps.map(toStepState),
    ),
    status: 'queued',
    at: now,
  });
}

function toOperationRow(
  id: string,
  operation: NewOperation,
): Omit<OperationRow, 'position' | 'created_at' | 'due_at'> {
  return {
    id,
    service_id: operation.serviceId,
    environment_id: operation.environmentId,
    kind: operation.kind,
    status: 'queued',
    phase: 'forward',
    lock_key: operation.lockKey,
    requested_by: operation.requestedBy,
    automatic: operation.automatic,
    reason: operation.reason ?? null,
    from: toJson(operation.from),
    to: toJson(operation.to),
    from_release_id: operation.fromReleaseId ?? null,
    to_release_id: operation.toReleaseId ?? null,
    context: boundedJson('context', operation.context),
    idempotency: operation.idempotency?.key ?? null,
    request_digest: operation.idempotency?.request ?? null,
    started_at: null,
    finished_at: null,
    lease_owner: null,
    lease_until: null,
    fence: 0,
    cancel_requested_by: null,
    cancel_requested_at: null,
    parked: null,
    outcome: null,
    failure: null,
  };
}

function toStepRows(id: string, { steps }: NewOperation): StepRow[] {
  if (steps.length > MAX_STEPS) {
    throw new InputError(
      `steps: are ${steps.length}, but a plan has at most ${MAX_STEPS}. Do less in one operation.`,
    );
  }
  const names = new Set(steps.map(step => step.name));
  if (names.size < steps.length) {
    throw new InputError(
      'steps: two have the same name. Give each a name of its own.',
    );
  }
  return steps.map((step, position) => ({
    operation_id: id,
    position,
    name: step.name,
    title: step.title,
    runner: step.runner,
    input: boundedJson(`steps.${step.name}.input`, step.input),
    timeout_seconds: step.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    compensates: step.compensates ?? false,
    status: 'pending',
    attempts: 0,
    compensation_attempts: 0,
    memory: null,
    output: null,
    failure: null,
    dropped_lines: 0,
    started_at: null,
    deadline_at: null,
    finished_at: null,
    undone_at: null,
  }));
}

function boundedJson(name: string, value: unknown): string {
  const json = JSON.stringify(value);
  if (json.length > MAX_JSON) {
    throw new InputError(
      `${name}: is ${json.length} characters of JSON, but at most ${MAX_JSON} are stored. Plan with less.`,
    );
  }
  return json;
}
