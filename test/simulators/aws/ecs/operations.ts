import {
  DescribeServiceDeploymentsRequest,
  DescribeServiceRevisionsRequest,
  DescribeServicesRequest,
  DescribeTaskDefinitionRequest,
  DescribeTasksRequest,
  DeregisterTaskDefinitionRequest,
  ListServiceDeploymentsRequest,
  ListTaskDefinitionsRequest,
  ListTasksRequest,
  RegisterTaskDefinitionRequest,
  StopServiceDeploymentRequest,
  UntagResourceRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs';
import { AwsError } from './AwsError';
import { pageOf } from './paging';
import {
  presentBrief,
  presentRevision,
  presentService,
  presentServiceDeployment,
  presentTask,
  presentTaskDefinition,
} from './present';
import { isInFlight, latest, startDeployment } from './rollout';
import { ServiceState } from './state';
import { clientError, Place, World } from './World';

export interface Call {
  world: World;
  place: Place;
  now: Date;
}

export type Operation = (call: Call, request: any) => object;

/** What an ECS request does and answers, by operation; the request was found right by the schema. */
export const ecsOperations: Record<string, Operation> = {
  DescribeServices(call, request: DescribeServicesRequest) {
    const names = request.services ?? [];
    if (names.length === 0 || names.length > 10) {
      throw invalid('Services must have between 1 and 10 members.');
    }
    const cluster = call.world.requireCluster(call.place, request.cluster);
    const found = names.map(name => ({
      name,
      service: call.world.findService(call.place, cluster, name),
    }));
    return {
      services: found.flatMap(({ service }) =>
        service ? [presentService(service)] : [],
      ),
      failures: found.flatMap(({ name, service }) =>
        service ? [] : [missing(call.place, `service/${cluster}/${name}`)],
      ),
    };
  },

  UpdateService(call, request: UpdateServiceRequest) {
    refuseOthers(request, [
      'cluster',
      'service',
      'taskDefinition',
      'forceNewDeployment',
      'desiredCount',
    ]);
    const service = requireService(call, request);
    if (service.status !== 'ACTIVE') {
      throw new AwsError(
        'ServiceNotActiveException',
        'Service was not ACTIVE.',
      );
    }
    if (request.taskDefinition && service.controller !== 'ECS') {
      throw invalid(
        'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
      );
    }
    const wanted = request.taskDefinition
      ? call.world.taskDefinition(call.place, request.taskDefinition)
      : undefined;
    if (wanted && wanted.status !== 'ACTIVE') {
      throw clientError('TaskDefinition is inactive');
    }
    service.desiredCount = request.desiredCount ?? service.desiredCount;
    const next = wanted?.arn ?? service.taskDefinition;
    if (next !== service.taskDefinition || request.forceNewDeployment) {
      startDeployment(service, next, call.now);
    }
    return { service: presentService(service) };
  },

  ListServiceDeployments(call, request: ListServiceDeploymentsRequest) {
    const service = requireService(call, request);
    const wanted = request.status ?? [];
    const all = [...service.serviceDeployments]
      .reverse()
      .filter(each => wanted.length === 0 || wanted.includes(each.status));
    const { items, nextToken } = pageOf(all, request, 20);
    return {
      serviceDeployments: items.map(each => presentBrief(service, each)),
      nextToken,
    };
  },

  DescribeServiceDeployments(call, request: DescribeServiceDeploymentsRequest) {
    const arns = upTo(20, request.serviceDeploymentArns);
    const found = arns.map(arn => findServiceDeployment(call, arn));
    return {
      serviceDeployments: found.flatMap(each =>
        each ? [presentServiceDeployment(each.service, each.deployment)] : [],
      ),
      failures: arns
        .filter((_, index) => !found[index])
        .map(arn => ({ arn, reason: 'MISSING' })),
    };
  },

  DescribeServiceRevisions(call, request: DescribeServiceRevisionsRequest) {
    const arns = upTo(20, request.serviceRevisionArns);
    const found = arns.map(arn =>
      servicesAt(call)
        .map(service => presentRevision(service, arn))
        .find(Boolean),
    );
    return {
      serviceRevisions: found.filter(Boolean),
      failures: arns
        .filter((_, index) => !found[index])
        .map(arn => ({ arn, reason: 'MISSING' })),
    };
  },

  StopServiceDeployment(call, request: StopServiceDeploymentRequest) {
    const found = findServiceDeployment(
      call,
      request.serviceDeploymentArn ?? '',
    );
    if (!found) {
      throw new AwsError(
        'ServiceDeploymentNotFoundException',
        'Service deployment not found.',
      );
    }
    if ((request.stopType ?? 'ROLLBACK') !== 'ROLLBACK') {
      throw invalid('The stop type is not supported.');
    }
    const { service, deployment } = found;
    if (!isInFlight(deployment)) {
      throw new AwsError(
        'ConflictException',
        `Cannot stop service deployment in ${deployment.status} state.`,
      );
    }
    if (!deployment.source) {
      throw clientError('There is no service revision to roll back to.');
    }
    if (deployment === latest(service) && !deployment.rollback) {
      deployment.status = 'ROLLBACK_REQUESTED';
      deployment.updatedAt = call.now;
    }
    return { serviceDeploymentArn: deployment.arn };
  },

  ListTaskDefinitions(call, request: ListTaskDefinitionsRequest) {
    const status = request.status ?? 'ACTIVE';
    const all = (
      request.familyPrefix
        ? call.world.revisionsOf(call.place, request.familyPrefix)
        : call.world.taskDefinitions
    ).filter(each => each.status === status);
    const ordered = request.sort === 'DESC' ? [...all].reverse() : all;
    const { items, nextToken } = pageOf(ordered, request, 100);
    return { taskDefinitionArns: items.map(each => each.arn), nextToken };
  },

  DescribeTaskDefinition(call, request: DescribeTaskDefinitionRequest) {
    const found = call.world.taskDefinition(
      call.place,
      request.taskDefinition ?? '',
    );
    return {
      taskDefinition: presentTaskDefinition(found),
      ...(request.include?.includes('TAGS') && { tags: found.tags }),
    };
  },

  RegisterTaskDefinition(call, request: RegisterTaskDefinitionRequest) {
    const made = call.world.register(call.place, request, call.now);
    return { taskDefinition: presentTaskDefinition(made), tags: made.tags };
  },

  UntagResource(call, request: UntagResourceRequest) {
    const { resourceArn = '', tagKeys = [] } = request;
    if (!resourceArn.includes(':task-definition/')) {
      throw invalid('Only tags of task definitions are simulated.');
    }
    const found = call.world.taskDefinition(call.place, resourceArn);
    found.tags = found.tags.filter(({ key = '' }) => !tagKeys.includes(key));
    return {};
  },

  DeregisterTaskDefinition(call, request: DeregisterTaskDefinitionRequest) {
    const found = call.world.taskDefinition(
      call.place,
      request.taskDefinition ?? '',
    );
    found.status = 'INACTIVE';
    found.deregisteredAt = call.now;
    return { taskDefinition: presentTaskDefinition(found) };
  },

  ListTasks(call, request: ListTasksRequest) {
    refuseOthers(request, [
      'cluster',
      'serviceName',
      'desiredStatus',
      'maxResults',
      'nextToken',
    ]);
    const service = requireService(call, {
      cluster: request.cluster,
      service: request.serviceName,
    });
    const stopped = request.desiredStatus === 'STOPPED';
    const all = service.tasks.filter(
      task => (task.lastStatus === 'STOPPED') === stopped,
    );
    const { items, nextToken } = pageOf(all, request, 100);
    return { taskArns: items.map(task => task.arn), nextToken };
  },

  DescribeTasks(call, request: DescribeTasksRequest) {
    call.world.requireCluster(call.place, request.cluster);
    const arns = upTo(100, request.tasks);
    const all = servicesAt(call).flatMap(service =>
      service.tasks.map(task => ({ service, task })),
    );
    const found = arns.map(arn => all.find(({ task }) => task.arn === arn));
    return {
      tasks: found.flatMap(each =>
        each ? [presentTask(each.service, each.task)] : [],
      ),
      failures: arns
        .filter((_, index) => !found[index])
        .map(arn => ({ arn, reason: 'MISSING' })),
    };
  },
};

/** Operations that change something. */
export const changingOperations: ReadonlySet<string> = new Set([
  'UpdateService',
  'StopServiceDeployment',
  'RegisterTaskDefinition',
  'DeregisterTaskDefinition',
  'UntagResource',
]);

function requireService(
  call: Call,
  request: { cluster?: string; service?: string },
): ServiceState {
  return call.world.requireService(
    call.place,
    request.cluster,
    request.service ?? '',
  );
}

function servicesAt({ world, place }: Call): ServiceState[] {
  return world.services.filter(
    each => each.region === place.region && each.account === place.account,
  );
}

function findServiceDeployment(call: Call, arn: string) {
  for (const service of servicesAt(call)) {
    const deployment = service.serviceDeployments.find(
      each => each.arn === arn,
    );
    if (deployment) {
      return { service, deployment };
    }
  }
  return undefined;
}

function upTo(most: number, arns: string[] | undefined): string[] {
  if (!arns || arns.length === 0 || arns.length > most) {
    throw invalid(`The list must have between 1 and ${most} members.`);
  }
  return arns;
}

/** ECS knows more members; what they do is not simulated, so they must not seem to work. */
function refuseOthers(request: object, simulated: string[]): void {
  const other = Object.keys(request).find(name => !simulated.includes(name));
  if (other) {
    throw invalid(`${other} is not simulated.`);
  }
}

function missing(place: Place, resource: string) {
  return {
    arn: `arn:aws:ecs:${place.region}:${place.account}:${resource}`,
    reason: 'MISSING',
  };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
