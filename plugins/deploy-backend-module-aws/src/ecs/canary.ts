import { Service } from '@aws-sdk/client-ecs';
import {
  CanaryLook,
  Revision,
  TargetHealth,
} from '@vvp/backstage-plugin-deploy-common';
import { taskDefinitionOf } from './names';
import {
  DeploymentView,
  isGoingBack,
  isInFlight,
  ServiceSnapshot,
  shiftsTraffic,
  trafficOf,
  underWay,
} from './snapshot';

/**
 * A revision beside what else gets traffic. Pure; nobody moves it but ECS.
 *
 * @param revision - `family:revision`
 */
export function canaryOf(
  snapshot: ServiceSnapshot,
  revision: Pick<Revision, 'id'>,
): CanaryLook {
  const { id } = revision;
  const shares = trafficOf(snapshot);
  const current = underWay(snapshot);
  const stable = shares.find(share => share.revision !== id)?.revision;
  return {
    revision: id,
    ...(stable !== undefined && { stable }),
    percent: shares.find(share => share.revision === id)?.percent ?? 0,
    paused: false,
    ...(current && { movesItself: movementOf(current) }),
    health: healthOfCanary(snapshot, id),
    problems: problemsOf(snapshot, current),
  };
}

function movementOf(
  deployment: DeploymentView,
): NonNullable<CanaryLook['movesItself']> {
  const until = bakedAt(deployment);
  return {
    // While it goes back, the stage that it had is over.
    phase: isGoingBack(deployment)
      ? deployment.status
      : deployment.stage ?? deployment.status,
    ...(until !== undefined && { until }),
  };
}

/**
 * When the bake time is over, at the latest: it begins with the last change that ECS tells of. Of other
 * stages nobody knows.
 */
function bakedAt(deployment: DeploymentView): string | undefined {
  const { stage, updatedAt, bakeMinutes } = deployment;
  return stage === 'BAKE_TIME' &&
    !isGoingBack(deployment) &&
    updatedAt !== undefined &&
    bakeMinutes !== undefined
    ? new Date(Date.parse(updatedAt) + bakeMinutes * 60_000).toISOString()
    : undefined;
}

/** Of its tasks, whatever those of other revisions do. */
function healthOfCanary(
  { service, deployments }: ServiceSnapshot,
  revision: string,
): TargetHealth {
  const newest = deployments[0];
  const own = tasksOf(service, revision);
  const counts = own && {
    ready: own.runningCount ?? 0,
    wanted: own.desiredCount ?? 0,
  };
  if (newest?.target === revision && hasFailed(newest)) {
    return {
      state: 'unhealthy',
      reason: newest.reason ?? `ECS gave its deployment up: ${newest.status}.`,
      ...counts,
    };
  }
  if (!own || !counts) {
    return { state: 'unknown', reason: 'No task of it runs.' };
  }
  if (own.rolloutState === 'FAILED') {
    return {
      state: 'unhealthy',
      reason: own.rolloutStateReason ?? 'Its deployment failed.',
      ...counts,
    };
  }
  if (counts.ready >= counts.wanted && counts.ready > 0) {
    return { state: 'healthy', ...counts };
  }
  const failed = own.failedTasks ?? 0;
  return {
    state: failed > 0 || counts.ready > 0 ? 'degraded' : 'unknown',
    reason: `${counts.ready} of ${counts.wanted} of its tasks run${
      failed > 0 ? `, ${failed} failed` : ''
    }.`,
    ...counts,
  };
}

function tasksOf(service: Service, revision: string) {
  return (service.deployments ?? []).find(
    each => taskDefinitionOf(each.taskDefinition) === revision,
  );
}

/** ECS takes it back, or gave it up. */
function hasFailed(deployment: DeploymentView): boolean {
  return (
    isGoingBack(deployment) ||
    (deployment.status === 'STOPPED' && !isInFlight(deployment))
  );
}

function problemsOf(
  { service }: ServiceSnapshot,
  current: DeploymentView | undefined,
): string[] {
  return [
    ...(current?.awaitsAction
      ? ['A lifecycle hook of ECS waits for somebody to let it go on.']
      : []),
    ...(shiftsTraffic(service)
      ? []
      : [
          'The service is updated rolling, not by blue/green: its share is that of its tasks. Set the deployment strategy of the service to BLUE_GREEN.',
        ]),
    'The portal does not read CloudWatch, so errors in the log are not counted.',
  ];
}
