import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { retryDeadlocks } from '../../store/retryDeadlocks';
import { toRunningOperation, toState } from './rowMapping';
import { OperationRow, StepRow } from './rows';
import { OperationState } from './state';
import { EngineHooks, RunningOperation } from './types';

/** An operation that this process has taken over. */
export interface Claim {
  operation: RunningOperation;
  owner: string;
  fence: number;
  state: OperationState;
}

type Candidate = Pick<OperationRow, 'id' | 'status' | 'fence'>;

/** Told of an operation that could not be taken over. */
export type OnUnclaimed = (operationId: string, error: unknown) => void;

/**
 * Takes over operations that nobody runs, oldest first: running ones whose lease is over, and of each lock
 * key the oldest that waits, if none runs. One query if there is nothing to do, however many wait.
 *
 * @param options - `onUnclaimed`: one that fails keeps nobody from the others, nor those that are taken already
 *   from being led; `without`: those that failed a moment ago, which take nobody's place
 */
export async function claimOperations(
  knex: Knex,
  hooks: Pick<EngineHooks, 'onTransition'>,
  options: {
    owner: string;
    limit: number;
    leaseMs: number;
    now: () => Date;
    onUnclaimed: OnUnclaimed;
    without: readonly string[];
  },
): Promise<{ claims: Claim[]; found: number }> {
  const found = await findCandidates(knex, options, options.now());
  const claims: Claim[] = [];
  for (const candidate of found) {
    try {
      const claim = await claimOne(knex, hooks, candidate, options);
      if (claim) {
        claims.push(claim);
      }
    } catch (error) {
      options.onUnclaimed(candidate.id, error);
    }
  }
  return { claims, found: found.length };
}

async function findCandidates(
  knex: Knex,
  { limit, without }: { limit: number; without: readonly string[] },
  now: Date,
): Promise<Candidate[]> {
  const at = now.toISOString();
  return knex<OperationRow>('operations')
    .whereIn('status', ['queued', 'running'])
    .andWhere('due_at', '<=', at)
    .whereNotIn('id', [...without])
    .andWhere(either => {
      either
        .where(left => {
          left.where('status', 'running').andWhere(lease => {
            lease.whereNull('lease_until').orWhere('lease_until', '<=', at);
          });
        })
        .orWhere(waiting => {
          waiting.where('status', 'queued').whereNotExists(
            knex('operations as other')
              .select(knex.raw('1'))
              .whereRaw('other.lock_key = operations.lock_key')
              .andWhere(ahead => {
                ahead.where('other.status', 'running').orWhere(older => {
                  older
                    .where('other.status', 'queued')
                    .andWhereRaw('other.position < operations.position');
                });
              }),
          );
        });
    })
    .orderBy('position')
    .limit(limit)
    .select('id', 'status', 'fence');
}

/** Undefined if another process was faster. */
async function claimOne(
  knex: Knex,
  hooks: Pick<EngineHooks, 'onTransition'>,
  candidate: Candidate,
  options: { owner: string; leaseMs: number; now: () => Date },
): Promise<Claim | undefined> {
  try {
    return await retryDeadlocks(() =>
      knex.transaction(async tx => {
        const now = options.now();
        const at = now.toISOString();
        const [row] = await tx<OperationRow>('operations')
          .whereIn('id', unlocked(tx, candidate.id))
          // Each claim raises the fence: the same fence means that nothing has happened since.
          .andWhere({ status: candidate.status, fence: candidate.fence })
          .andWhere(lease => {
            lease.whereNull('lease_until').orWhere('lease_until', '<=', at);
          })
          .update({
            status: 'running',
            fence: candidate.fence + 1,
            lease_owner: options.owner,
            lease_until: new Date(
              now.getTime() + options.leaseMs,
            ).toISOString(),
            started_at: tx.raw('coalesce(started_at, ?)', [at]),
          })
          .returning('*');
        if (!row) {
          return undefined;
        }
        const steps = await tx<StepRow>('operation_steps')
          .where('operation_id', row.id)
          .orderBy('position');
        const state = toState(row, steps);
        const operation = toRunningOperation(row, state.steps);
        if (candidate.status === 'queued') {
          await hooks.onTransition(tx, {
            operation,
            status: 'running',
            at: now,
          });
        }
        return { operation, owner: options.owner, fence: row.fence, state };
      }),
    );
  } catch (error) {
    // Another one with its lock key runs already.
    if (isDatabaseConflictError(error)) {
      return undefined;
    }
    throw error;
  }
}

/** On PostgreSQL a row that another process is claiming is passed over instead of waited for. */
function unlocked(tx: Knex.Transaction, id: string): Knex.QueryBuilder {
  const query = tx<OperationRow>('operations').where('id', id).select('id');
  return tx.client.config.client === 'pg'
    ? query.forUpdate().skipLocked()
    : query;
}
