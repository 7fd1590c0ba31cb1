import {
  DeploymentStatus,
  OperationKind,
  OperationStatus,
  RolledBack,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import {
  deploymentId,
  ensureRelease,
  lockEnvironments,
  projectEnvironment,
} from '../store/DeploymentWriter';
import { DeploymentRow } from '../store/rows';
import { OperationTransition } from './engine/types';
import { badForSeconds } from './badForSeconds';

/** Kinds that put a release into the environment by themselves; others do it by a run, which tells of itself. */
const deploying: readonly OperationKind[] = ['rollback', 'redeploy'];

const statuses: Record<OperationStatus, DeploymentStatus> = {
  queued: 'queued',
  running: 'in_progress',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
};

/**
 * Writes what an operation means for the history of its environment: a deployment of its own, and, once a
 * rollback succeeded, that the deployment before it was rolled back. Within the transaction of the
 * operation; writing it again changes nothing.
 */
export async function projectOperation(
  tx: Knex.Transaction,
  transition: OperationTransition,
): Promise<void> {
  const { operation, status, outcome } = transition;
  if (!deploying.includes(operation.kind)) {
    return;
  }
  await lockEnvironments(tx, [operation.environmentId]);
  if (
    operation.kind === 'rollback' &&
    status === 'succeeded' &&
    outcome === 'done'
  ) {
    await markRolledBack(tx, transition);
  }
  await writeDeployment(tx, transition);
  await projectEnvironment(tx, operation.environmentId);
}

/** A revision whose commit nobody knows has no release, so that only the operation tells of it. */
async function writeDeployment(
  tx: Knex.Transaction,
  { operation, status, outcome, at }: OperationTransition,
): Promise<void> {
  const commit = operation.to?.commit;
  const source = `operation:${operation.id}`;
  if (outcome === 'already-there') {
    // Nothing was deployed.
    await tx<DeploymentRow>('deployments').where({ source }).delete();
    return;
  }
  if (!commit) {
    return;
  }
  const finished = ['succeeded', 'failed', 'cancelled'].includes(status);
  const row: DeploymentRow = {
    id: deploymentId(operation.environmentId, source),
    service_id: operation.serviceId,
    environment_id: operation.environmentId,
    release_id: await ensureRelease(
      tx,
      {
        serviceId: operation.serviceId,
        commit,
        version: operation.to?.version,
      },
      at,
    ),
    source,
    outcome: statuses[status],
    status: statuses[status],
    actor: operation.requestedBy,
    title:
      operation.kind === 'rollback'
        ? `Rollback: ${operation.reason ?? ''}`
        : `Redeploy: ${operation.reason ?? ''}`,
    asked_first: false,
    guessed: false,
    created_at: operation.createdAt,
    started_at:
      operation.startedAt ?? (status === 'queued' ? null : at.toISOString()),
    finished_at: finished ? at.toISOString() : null,
  };
  await tx<DeploymentRow>('deployments')
    .insert(row)
    .onConflict(['source', 'environment_id'])
    .merge();
}

/** All of the release that is taken out: it may have been deployed again and again. */
async function markRolledBack(
  tx: Knex.Transaction,
  { operation, at }: OperationTransition,
): Promise<void> {
  const worked = await tx<DeploymentRow>('deployments')
    .where({ environment_id: operation.environmentId })
    .whereIn('outcome', ['succeeded', 'superseded'])
    .whereNot('source', `operation:${operation.id}`)
    .whereNull('rolled_back')
    .orderBy([
      { column: 'finished_at', order: 'desc' },
      { column: 'source', order: 'desc' },
    ])
    .limit(100);
  const releaseId = operation.fromReleaseId;
  const other = worked.findIndex(row => row.release_id !== releaseId);
  const bad = other < 0 ? worked : worked.slice(0, other);
  if (bad.length === 0 || releaseId === operation.toReleaseId) {
    return;
  }
  // One that never came to serve was bad for nobody.
  const seconds = operation.context.neverServed
    ? undefined
    : badForSeconds(bad.at(-1)?.finished_at ?? undefined, at);
  const rolledBack: RolledBack = {
    operationId: operation.id,
    by: operation.requestedBy,
    reason: operation.reason ?? '',
    at: at.toISOString(),
    ...(seconds !== undefined && { badForSeconds: seconds }),
    automatic: operation.automatic,
  };
  await tx<DeploymentRow>('deployments')
    .whereIn(
      'id',
      bad.map(({ id }) => id),
    )
    .update({ rolled_back: JSON.stringify(rolledBack), status: 'rolled_back' });
}
