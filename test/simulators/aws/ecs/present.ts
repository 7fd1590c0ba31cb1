import {
  Deployment,
  Service,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
  ServiceRevisionSummary,
  Task,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { isInFlight, latest } from './rollout';
import {
  DeploymentState,
  ServiceDeploymentState,
  ServiceState,
  TaskDefinitionState,
  TaskState,
} from './state';
import { failureThreshold, tasksOf } from './Tasks';

export function presentService(service: ServiceState): Service {
  const current = latest(service);
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: clusterArn(service),
    loadBalancers: [],
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: count(service, 'RUNNING'),
    pendingCount: count(service, 'PENDING'),
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    taskDefinition: service.taskDefinition,
    deploymentConfiguration: deploymentConfiguration(service),
    deployments: service.deployments.map(each =>
      presentDeployment(service, each),
    ),
    events: service.events,
    createdAt: service.createdAt,
    ...(current &&
      isInFlight(current) && { currentServiceDeployment: current.arn }),
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: service.controller },
    enableECSManagedTags: true,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
  };
}

export function presentBrief(
  service: ServiceState,
  deployment: ServiceDeploymentState,
): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: clusterArn(service),
    startedAt: deployment.createdAt,
    createdAt: deployment.createdAt,
    finishedAt: deployment.finishedAt,
    targetServiceRevisionArn: deployment.target,
    status: deployment.status,
    statusReason: deployment.statusReason,
  };
}

export function presentServiceDeployment(
  service: ServiceState,
  deployment: ServiceDeploymentState,
): ServiceDeployment {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: clusterArn(service),
    createdAt: deployment.createdAt,
    startedAt: deployment.createdAt,
    finishedAt: deployment.finishedAt,
    stoppedAt: deployment.stoppedAt,
    updatedAt: deployment.updatedAt,
    sourceServiceRevisions: deployment.source
      ? [summary(service, deployment.source, 100 - deployment.weight)]
      : [],
    targetServiceRevision: summary(
      service,
      deployment.target,
      deployment.weight,
    ),
    status: deployment.status,
    statusReason: deployment.statusReason,
    lifecycleStage: deployment.stage,
    deploymentConfiguration: deploymentConfiguration(service),
    rollback: deployment.rollback,
    deploymentCircuitBreaker: {
      status: deployment.circuitBreaker,
      failureCount: service.deployments
        .filter(each => each.revision === deployment.target)
        .reduce((sum, each) => sum + each.failedTasks, 0),
      threshold: failureThreshold(service),
    },
    alarms: { status: 'DISABLED', alarmNames: [], triggeredAlarmNames: [] },
  };
}

export function presentRevision(
  service: ServiceState,
  arn: string,
): ServiceRevision | undefined {
  const revision = service.revisions.get(arn);
  return (
    revision && {
      serviceRevisionArn: arn,
      serviceArn: service.arn,
      clusterArn: clusterArn(service),
      taskDefinition: revision.taskDefinition,
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      platformFamily: 'Linux',
      guardDutyEnabled: false,
      createdAt: revision.createdAt,
    }
  );
}

export function presentTask(service: ServiceState, task: TaskState): Task {
  return {
    taskArn: task.arn,
    clusterArn: clusterArn(service),
    taskDefinitionArn: task.taskDefinition,
    group: `service:${service.name}`,
    startedBy: task.startedBy,
    lastStatus: task.lastStatus,
    desiredStatus: task.lastStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING',
    healthStatus: 'UNKNOWN',
    launchType: 'FARGATE',
    createdAt: task.createdAt,
    stoppedAt: task.stoppedAt,
    stoppedReason: task.stoppedReason,
    stopCode: task.stopCode,
    containers: [],
    version: 1,
  };
}

export function presentTaskDefinition(
  state: TaskDefinitionState,
): TaskDefinition {
  const { tags: _, ...content } = state.content;
  return {
    ...content,
    taskDefinitionArn: state.arn,
    revision: state.revision,
    status: state.status,
    registeredAt: state.registeredAt,
    deregisteredAt: state.deregisteredAt,
    volumes: content.volumes ?? [],
    placementConstraints: content.placementConstraints ?? [],
  };
}

function presentDeployment(
  service: ServiceState,
  deployment: DeploymentState,
): Deployment {
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount:
      deployment.status === 'PRIMARY' || service.strategy === 'BLUE_GREEN'
        ? service.desiredCount
        : 0,
    pendingCount: tasksOf(service, deployment, 'PENDING').length,
    runningCount: tasksOf(service, deployment, 'RUNNING').length,
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.reason,
  };
}

function deploymentConfiguration(service: ServiceState) {
  return {
    deploymentCircuitBreaker: service.circuitBreaker,
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    strategy: service.strategy,
    bakeTimeInMinutes:
      service.strategy === 'BLUE_GREEN' ? service.bakeTimeInMinutes : 0,
  };
}

function summary(
  service: ServiceState,
  arn: string,
  weight: number,
): ServiceRevisionSummary {
  const deployment = service.deployments.find(each => each.revision === arn);
  return {
    arn,
    requestedTaskCount: deployment ? service.desiredCount : 0,
    runningTaskCount: deployment
      ? tasksOf(service, deployment, 'RUNNING').length
      : 0,
    pendingTaskCount: deployment
      ? tasksOf(service, deployment, 'PENDING').length
      : 0,
    ...(service.strategy === 'BLUE_GREEN' && {
      requestedProductionTrafficWeight: weight,
    }),
  };
}

function clusterArn(service: ServiceState): string {
  return `arn:aws:ecs:${service.region}:${service.account}:cluster/${service.cluster}`;
}

function count(service: ServiceState, status: TaskState['lastStatus']): number {
  return service.tasks.filter(task => task.lastStatus === status).length;
}
