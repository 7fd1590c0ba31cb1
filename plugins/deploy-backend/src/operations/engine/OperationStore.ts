import { ConflictError, NotFoundError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { LogLine } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { retryDeadlocks } from '../../store/retryDeadlocks';
import { Claim, claimOperations, OnUnclaimed } from './claimOperations';
import { cancelQueued } from './moves';
import {
  toCancelRequest,
  toOperationColumns,
  toRunningOperation,
  toState,
  toStepColumns,
} from './rowMapping';
import { LogRow, OperationRow, StepRow } from './rows';
import { isOver, OperationState } from './state';
import { FIRST_LINES, LAST_LINES } from './StepLog';
import { submitOperation } from './submitOperation';
import { EngineHooks, NewOperation } from './types';

/** This process no longer has the operation: another one took it over. */
export class LeaseLostError extends Error {
  constructor() {
    super('The operation was taken over by another process.');
    this.name = 'LeaseLostError';
  }
}

/** Nobody has the operation. */
const noLease = { lease_owner: null, lease_until: null };

/** Lines of a step that go into the database. */
export interface LogBatch {
  step: number;
  lines: LogLine[];
}

/**
 * Operations in the database. Every transaction begins with a write, so that on SQLite it has the
 * database for itself from its beginning; every write for a running operation asks for its owner and
 * fence.
 */
export class OperationStore {
  readonly #knex: Knex;
  readonly #hooks: Pick<EngineHooks, 'onTransition'>;
  readonly #now: () => Date;
  readonly #leaseMs: number;

  constructor(options: {
    knex: Knex;
    hooks: Pick<EngineHooks, 'onTransition'>;
    now: () => Date;
    leaseMs: number;
  }) {
    this.#knex = options.knex;
    this.#hooks = options.hooks;
    this.#now = options.now;
    this.#leaseMs = options.leaseMs;
  }

  submit(operation: NewOperation): Promise<{ id: string; created: boolean }> {
    return submitOperation(this.#knex, this.#hooks, operation, this.#now);
  }

  /**
   * @param onUnclaimed - throws unless said otherwise, whatever was taken before
   * @param without - ids of those that could not be taken a moment ago
   */
  claim(
    owner: string,
    limit: number,
    onUnclaimed: OnUnclaimed = (_, error) => {
      throw error;
    },
    without: readonly string[] = [],
  ): Promise<{ claims: Claim[]; found: number }> {
    return claimOperations(this.#knex, this.#hooks, {
      owner,
      limit,
      leaseMs: this.#leaseMs,
      now: this.#now,
      onUnclaimed,
      without,
    });
  }

  /**
   * Asks an operation to stop. One that waits for its turn is over at once. Throws a ConflictError if it
   * is over, or is being undone because it failed.
   *
   * @param check - throws if it may not be cancelled as it is now; nothing of it changes meanwhile
   * @returns the service that it belongs to
   */
  async requestCancel(
    id: string,
    by: string,
    check?: (tx: Knex.Transaction) => Promise<void>,
  ): Promise<string> {
    return this.#transaction(async tx => {
      const now = this.#now();
      const at = now.toISOString();
      const [row] = await tx<OperationRow>('operations')
        .where('id', id)
        .whereIn('status', ['queued', 'running'])
        .update({
          cancel_requested_by: tx.raw('coalesce(cancel_requested_by, ?)', [by]),
          cancel_requested_at: tx.raw('coalesce(cancel_requested_at, ?)', [at]),
          // One that waits for credentials or for another attempt need not wait any longer.
          due_at: tx.raw('case when phase = ? then ? else due_at end', [
            'forward',
            at,
          ]),
        })
        .returning('*');
      if (!row) {
        const known = await tx<OperationRow>('operations')
          .where('id', id)
          .first('status');
        throw known
          ? new ConflictError(
              `Operation ${id} is over: ${known.status}. There is nothing left to cancel.`,
            )
          : new NotFoundError(`No operation has the id ${id}.`);
      }
      if (row.phase === 'compensating') {
        assertCancelled(row);
        return row.service_id;
      }
      await check?.(tx);
      if (row.status === 'queued') {
        const steps = await this.#steps(tx, id);
        const before = toState(row, steps);
        await this.#save(tx, row, before, cancelQueued(before, now), {});
      }
      return row.service_id;
    });
  }

  /**
   * Changes an operation that this process runs. Throws a LeaseLostError if it does not any more.
   *
   * @param change - pure; given the state with what others may have changed of it
   * @param options - `release`: whether the operation, as it is then, is given back
   */
  async write(
    claim: Claim,
    state: OperationState,
    change: (fresh: OperationState) => OperationState,
    options: { log?: LogBatch; release(next: OperationState): boolean },
  ): Promise<OperationState> {
    return this.#transaction(async tx => {
      const row = await this.#fence(tx, claim);
      if (options.log) {
        await this.#writeLog(tx, claim.operation.id, options.log);
      }
      const fresh = { ...state, cancelRequested: toCancelRequest(row) };
      const next = change(fresh);
      const lease = options.release(next) ? noLease : {};
      await this.#save(tx, row, fresh, next, lease);
      return next;
    });
  }

  /** Stores what a step remembers. */
  async remember(
    claim: Claim,
    step: number,
    memory: JsonObject,
  ): Promise<void> {
    await this.#transaction(async tx => {
      await this.#fence(tx, claim);
      await tx<StepRow>('operation_steps')
        .where({ operation_id: claim.operation.id, position: step })
        .update({ memory: JSON.stringify(memory) });
    });
  }

  async writeLog(claim: Claim, log: LogBatch): Promise<void> {
    await this.#transaction(async tx => {
      await this.#fence(tx, claim);
      await this.#writeLog(tx, claim.operation.id, log);
    });
  }

  /** Sequence of the last line of a step's log; 0 if it has none. */
  async lastLine(operationId: string, step: number): Promise<number> {
    const row = await this.#knex('operation_logs')
      .where({ operation_id: operationId, step })
      .max<{ last: number | null }>('sequence as last')
      .first();
    return row?.last ?? 0;
  }

  /**
   * Extends the leases of what a process leads; gives the fences of those that it still has. What it has by the
   * database alone, because it failed to begin with it or to give it back, goes to whoever is free.
   */
  async extendLeases(
    owner: string,
    operationIds: readonly string[],
  ): Promise<Map<string, number>> {
    const rows = await this.#knex<OperationRow>('operations')
      .where({ lease_owner: owner, status: 'running' })
      .whereIn('id', [...operationIds])
      .update({ lease_until: this.#leaseUntil() })
      .returning(['id', 'fence']);
    return new Map(rows.map(row => [row.id, row.fence]));
  }

  /** Gives an operation back as it is, to go on at a time. */
  async release(claim: Claim, dueAt: Date): Promise<void> {
    await this.#knex<OperationRow>('operations').where(owned(claim)).update({
      lease_owner: null,
      lease_until: null,
      due_at: dueAt.toISOString(),
    });
  }

  async #fence(tx: Knex.Transaction, claim: Claim): Promise<OperationRow> {
    const [row] = await tx<OperationRow>('operations')
      .where(owned(claim))
      .update({ lease_until: this.#leaseUntil() })
      .returning('*');
    if (!row) {
      throw new LeaseLostError();
    }
    return row;
  }

  async #save(
    tx: Knex.Transaction,
    row: OperationRow,
    before: OperationState,
    next: OperationState,
    lease: Partial<OperationRow>,
  ): Promise<void> {
    for (const [position, step] of next.steps.entries()) {
      if (step !== before.steps[position]) {
        await tx<StepRow>('operation_steps')
          .where({ operation_id: row.id, position })
          .update(toStepColumns(step));
      }
    }
    await tx<OperationRow>('operations')
      .where('id', row.id)
      .update({ ...toOperationColumns(next), ...lease });
    if (next.status !== before.status && isOver(next)) {
      await this.#hooks.onTransition(tx, {
        operation: toRunningOperation(row, next.steps),
        status: next.status,
        outcome: next.outcome,
        failure: next.failure,
        at: this.#now(),
      });
    }
  }

  async #writeLog(
    tx: Knex.Transaction,
    operationId: string,
    { step, lines }: LogBatch,
  ): Promise<void> {
    const last = lines.at(-1)?.sequence;
    if (last === undefined) {
      return;
    }
    await tx.batchInsert<LogRow>(
      'operation_logs',
      lines.map(line => ({ operation_id: operationId, step, ...line })),
      100,
    );
    const dropped = last - FIRST_LINES - LAST_LINES;
    if (dropped > 0) {
      await tx<LogRow>('operation_logs')
        .where({ operation_id: operationId, step })
        .andWhere('sequence', '>', FIRST_LINES)
        .andWhere('sequence', '<=', last - LAST_LINES)
        .delete();
      await tx<StepRow>('operation_steps')
        .where({ operation_id: operationId, position: step })
        .update({ dropped_lines: dropped });
    }
  }

  async #steps(tx: Knex.Transaction, id: string): Promise<StepRow[]> {
    return tx<StepRow>('operation_steps')
      .where('operation_id', id)
      .orderBy('position');
  }

  #leaseUntil(): string {
    return new Date(this.#now().getTime() + this.#leaseMs).toISOString();
  }

  #transaction<T>(run: (tx: Knex.Transaction) => Promise<T>): Promise<T> {
    return retryDeadlocks(() => this.#knex.transaction(run));
  }
}

/** While it is undone it is too late, unless it is undone because it was cancelled before. */
function assertCancelled({ id, failure }: OperationRow): void {
  if (failure !== null) {
    throw new ConflictError(
      `It is too late to cancel: operation ${id} has failed, and what it did is being undone. Wait for its end.`,
    );
  }
}

function owned(claim: Claim) {
  return {
    id: claim.operation.id,
    lease_owner: claim.owner,
    fence: claim.fence,
    status: 'running' as const,
  };
}
