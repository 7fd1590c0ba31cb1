import {
  DeploymentWatch,
  OperationStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { DeploymentWatchRow } from '../../store/rows';
import { WatchLook } from '../../verification/watchVerdict';
import { watchPolicy } from './watchPolicy';

/** A watch with what stands in the tables around it. */
export type JoinedWatchRow = DeploymentWatchRow & {
  definition?: string | null;
  operation_status?: OperationStatus | null;
};

/** Watches over some deployments, by id of the deployment. */
export async function loadWatches(
  knex: Knex,
  deploymentIds: readonly string[],
): Promise<ReadonlyMap<string, DeploymentWatch>> {
  const rows = await knex('deployment_watches')
    .join(
      'environments',
      'environments.id',
      'deployment_watches.environment_id',
    )
    .leftJoin('operations', 'operations.id', 'deployment_watches.operation_id')
    .whereIn('deployment_watches.deployment_id', [...deploymentIds])
    .select<JoinedWatchRow[]>(
      'deployment_watches.*',
      'environments.definition',
      'operations.status as operation_status',
    );
  return new Map(rows.map(row => [row.deployment_id, toDeploymentWatch(row)]));
}

/** A watch as the API gives it. */
export function toDeploymentWatch(row: JoinedWatchRow): DeploymentWatch {
  const looks: WatchLook[] = JSON.parse(row.observations);
  const isGoing = row.state === 'watching';
  const { checks, seconds } = watchPolicy(
    row.definition ? JSON.parse(row.definition) : undefined,
  );
  const left = Math.max(0, checks - looks.length - 1);
  return {
    state: row.state,
    ...(row.note && { note: row.note }),
    startedAt: row.started_at,
    ...(isGoing && {
      until: new Date(
        Date.parse(row.due_at) + left * seconds * 1000,
      ).toISOString(),
    }),
    looks: {
      done: looks.length,
      healthy: looks.filter(
        ({ health, serving }) =>
          health === 'healthy' && serving?.isThis !== false,
      ).length,
      ...(isGoing && { planned: checks }),
    },
    ...(row.operation_id && { operationId: row.operation_id }),
    ...(row.operation_status && { operationStatus: row.operation_status }),
  };
}
