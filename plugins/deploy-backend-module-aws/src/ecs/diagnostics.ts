import { ContainerDefinition, Service, Task } from '@aws-sdk/client-ecs';
import { TargetDiagnostics } from '@vvp/backstage-plugin-deploy-common';
import { healthOf } from './health';
import { taskDefinitionOf } from './names';
import { DeploymentView, isInFlight } from './snapshot';
import { reasonOf } from './whyNotUp';

const mostEvents = 50;
const troubles = /unable|fail|unhealthy|error|rolling back|stopped/i;

/** What could be read of a service; absent parts could not. */
export interface DiagnosticParts {
  service?: Service;
  deployments?: readonly DeploymentView[];
  stoppedTasks?: readonly Task[];
  containers?: readonly ContainerDefinition[];
  problems: string[];
}

export function diagnosticsOf(parts: DiagnosticParts): TargetDiagnostics {
  const { service } = parts;
  return {
    health: service ? healthOf(service) : { state: 'unknown' },
    facts: [
      ...(service ? serviceFacts(service) : []),
      ...(parts.deployments ?? []).flatMap(deploymentFacts),
      ...(parts.containers ?? []).flatMap(logFacts),
    ],
    events: [
      ...(parts.stoppedTasks ?? []).map(taskEvent),
      ...(service?.events ?? []).map(event => ({
        at: event.createdAt?.toISOString(),
        level: troubles.test(event.message ?? '')
          ? ('warn' as const)
          : ('info' as const),
        message: event.message ?? '',
      })),
    ]
      .sort((one, other) => (other.at ?? '').localeCompare(one.at ?? ''))
      .slice(0, mostEvents),
    logs: [],
    problems: parts.problems,
  };
}

function serviceFacts(service: Service) {
  const strategy = service.deploymentConfiguration?.strategy ?? 'ROLLING';
  const breaker = service.deploymentConfiguration?.deploymentCircuitBreaker;
  return [
    { label: 'Service', value: service.status ?? 'unknown' },
    {
      label: 'Tasks',
      value: `${service.runningCount ?? 0} running, ${
        service.pendingCount ?? 0
      } pending, ${service.desiredCount ?? 0} wanted`,
    },
    { label: 'Strategy', value: strategy },
    { label: 'Circuit breaker', value: breakerText(breaker) },
    ...(service.deployments ?? []).map(each => ({
      label: `Deployment ${each.id ?? ''} (${each.status ?? 'unknown'})`,
      value: [
        taskDefinitionOf(each.taskDefinition),
        each.rolloutState,
        `${each.runningCount ?? 0} running`,
        `${each.failedTasks ?? 0} failed`,
        each.rolloutStateReason,
      ]
        .filter(Boolean)
        .join(', '),
    })),
  ];
}

function breakerText(
  breaker: { enable?: boolean; rollback?: boolean } | undefined,
): string {
  if (!breaker?.enable) {
    return 'off';
  }
  return breaker.rollback ? 'on, takes failures back' : 'on';
}

function deploymentFacts(deployment: DeploymentView) {
  return isInFlight(deployment)
    ? [
        {
          label: 'Under way',
          value: [
            deployment.target,
            deployment.status,
            deployment.stage,
            deployment.awaitsAction
              ? 'a lifecycle hook waits for somebody'
              : undefined,
            deployment.reason,
          ]
            .filter(Boolean)
            .join(', '),
        },
      ]
    : [];
}

/** The portal does not read CloudWatch: it says where to look. */
function logFacts(container: ContainerDefinition) {
  const { logDriver, options = {} } = container.logConfiguration ?? {};
  if (logDriver !== 'awslogs') {
    return logDriver
      ? [
          {
            label: `Logs of ${container.name}`,
            value: `by the log driver ${logDriver}`,
          },
        ]
      : [];
  }
  return [
    {
      label: `Logs of ${container.name}`,
      value: [
        `CloudWatch log group ${options['awslogs-group'] ?? 'unknown'}`,
        options['awslogs-region'],
        options['awslogs-stream-prefix'] &&
          `streams ${options['awslogs-stream-prefix']}/${container.name}/<task id>`,
      ]
        .filter(Boolean)
        .join(', '),
    },
  ];
}

function taskEvent(task: Task) {
  return {
    at: task.stoppedAt?.toISOString(),
    level:
      task.stopCode === 'ServiceSchedulerInitiated'
        ? ('info' as const)
        : ('error' as const),
    message: `Task ${task.taskArn?.split('/').pop() ?? ''} of ${
      taskDefinitionOf(task.taskDefinitionArn) ?? 'unknown'
    } stopped: ${reasonOf(task)}`,
  };
}
