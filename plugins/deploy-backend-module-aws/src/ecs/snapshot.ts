import {
  Deployment,
  Service,
  ServiceDeployment,
  ServiceDeploymentStatus,
} from '@aws-sdk/client-ecs';
import { TrafficShare } from '@vvp/backstage-plugin-deploy-common';
import { taskDefinitionOf } from './names';

/** A service deployment with task definitions (`family:revision`) in place of service revisions. */
export interface DeploymentView {
  arn: string;
  status: ServiceDeploymentStatus;
  /** What it brings in. */
  target?: string;
  /** What ran before it. */
  source?: string;
  /** Share of production that `target` gets, 0 to 100; absent where ECS does not split it. */
  targetWeight?: number;
  stage?: string;
  /** When ECS changed it last, ISO 8601. */
  updatedAt?: string;
  /** How long both run side by side once the traffic is shifted. */
  bakeMinutes?: number;
  /** Why it stands as it does, as ECS says it. */
  reason?: string;
  /** Lifecycle hooks that wait for somebody. */
  awaitsAction: boolean;
}

/** A service at one moment. */
export interface ServiceSnapshot {
  service: Service;
  /** `family:revision` that the service is set to. */
  taskDefinition?: string;
  primary?: Deployment;
  /** Newest first. */
  deployments: DeploymentView[];
}

const inFlight: ReadonlySet<ServiceDeploymentStatus> = new Set([
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
] as const);

const goingBack: ReadonlySet<ServiceDeploymentStatus> = new Set([
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
] as const);

export function isInFlight(deployment: DeploymentView): boolean {
  return inFlight.has(deployment.status);
}

/** Whether ECS takes it back, or has done so. */
export function isGoingBack(deployment: DeploymentView): boolean {
  return goingBack.has(deployment.status);
}

/** The deployment that is under way. */
export function underWay(
  snapshot: ServiceSnapshot,
): DeploymentView | undefined {
  return snapshot.deployments.find(isInFlight);
}

/** Whether ECS keeps old and new side by side and shifts the traffic, such as blue/green. */
export function shiftsTraffic(service: Service): boolean {
  const strategy = service.deploymentConfiguration?.strategy;
  return strategy !== undefined && strategy !== 'ROLLING';
}

/** ARNs of the service revisions that a deployment is about. */
export function serviceRevisionsOf(
  deployments: readonly ServiceDeployment[],
): string[] {
  return [
    ...new Set(
      deployments.flatMap(each =>
        [
          each.targetServiceRevision?.arn,
          ...(each.sourceServiceRevisions ?? []).map(source => source.arn),
        ].flatMap(arn => arn ?? []),
      ),
    ),
  ];
}

/** Puts together what ECS tells of a service. */
export function snapshotOf(
  service: Service,
  deployments: readonly ServiceDeployment[],
  taskDefinitions: ReadonlyMap<string, string>,
): ServiceSnapshot {
  return {
    service,
    taskDefinition: taskDefinitionOf(service.taskDefinition),
    primary: service.deployments?.find(each => each.status === 'PRIMARY'),
    deployments: deployments.flatMap(each => {
      const arn = each.serviceDeploymentArn;
      return arn && each.status
        ? [viewOf(each, { arn, status: each.status }, taskDefinitions)]
        : [];
    }),
  };
}

/** `family:revision` of what most of production is served by. */
export function servingOf(snapshot: ServiceSnapshot): string | undefined {
  const { service, primary, taskDefinition } = snapshot;
  const current = underWay(snapshot);
  if (shiftsTraffic(service)) {
    return current && (current.targetWeight ?? 0) < 50
      ? current.source ?? taskDefinition
      : taskDefinition;
  }
  if ((primary?.runningCount ?? 0) > 0 || !service.desiredCount) {
    return taskDefinition;
  }
  const running = [...(service.deployments ?? [])].sort(
    (one, other) => (other.runningCount ?? 0) - (one.runningCount ?? 0),
  )[0];
  return (running?.runningCount ?? 0) > 0
    ? taskDefinitionOf(running.taskDefinition)
    : taskDefinition;
}

/** How production is split; by running tasks where ECS leaves that to the load balancer. */
export function trafficOf(snapshot: ServiceSnapshot): TrafficShare[] {
  const { service } = snapshot;
  const serving = servingOf(snapshot);
  const current = underWay(snapshot);
  if (shiftsTraffic(service)) {
    if (
      current?.target &&
      current.source &&
      current.target !== current.source
    ) {
      const percent = Math.round(current.targetWeight ?? 0);
      return [
        { revision: current.target, percent },
        { revision: current.source, percent: 100 - percent },
      ];
    }
    return serving ? [{ revision: serving, percent: 100 }] : [];
  }
  return sharesOf(service.deployments ?? []);
}

function sharesOf(deployments: readonly Deployment[]): TrafficShare[] {
  const counts = new Map<string, number>();
  for (const each of deployments) {
    const revision = taskDefinitionOf(each.taskDefinition);
    if (revision && (each.runningCount ?? 0) > 0) {
      counts.set(
        revision,
        (counts.get(revision) ?? 0) + (each.runningCount ?? 0),
      );
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let left = 100;
  return [...counts.entries()].map(([revision, count], index, all) => {
    const percent =
      index === all.length - 1 ? left : Math.round((count * 100) / total);
    left -= percent;
    return { revision, percent };
  });
}

function viewOf(
  deployment: ServiceDeployment,
  known: { arn: string; status: ServiceDeploymentStatus },
  taskDefinitions: ReadonlyMap<string, string>,
): DeploymentView {
  const named = (arn: string | undefined) =>
    taskDefinitionOf(taskDefinitions.get(arn ?? ''));
  const target = deployment.targetServiceRevision;
  const sources = [...(deployment.sourceServiceRevisions ?? [])].sort(
    (one, other) =>
      (other.requestedProductionTrafficWeight ?? 0) -
      (one.requestedProductionTrafficWeight ?? 0),
  );
  return {
    ...known,
    target: named(target?.arn),
    source: named(sources[0]?.arn),
    targetWeight: target?.requestedProductionTrafficWeight,
    stage: deployment.lifecycleStage,
    updatedAt: deployment.updatedAt?.toISOString(),
    bakeMinutes: deployment.deploymentConfiguration?.bakeTimeInMinutes,
    reason: deployment.rollback?.reason ?? deployment.statusReason,
    awaitsAction: (deployment.lifecycleHookDetails ?? []).some(
      hook => hook.status === 'AWAITING_ACTION',
    ),
  };
}
