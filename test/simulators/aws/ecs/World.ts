import { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { Images } from '../ecr/Images';
import { AwsError } from './AwsError';
import { Conditions, seedDeployment, tick } from './rollout';
import { ServiceState, TaskDefinitionState } from './state';

/** Where a request goes: what its credential and its signature name. */
export interface Place {
  region: string;
  account: string;
}

export interface NewService extends Place {
  cluster: string;
  name: string;
  desiredCount?: number;
  strategy?: 'ROLLING' | 'BLUE_GREEN';
  controller?: 'ECS' | 'CODE_DEPLOY';
  circuitBreaker?: { enable: boolean; rollback: boolean };
  bakeTimeInMinutes?: number;
  /** `family:revision` of what ran there, oldest first; the last one runs now. */
  history: string[];
}

/** All that there is in the simulated accounts. */
export class World {
  readonly services: ServiceState[] = [];
  readonly taskDefinitions: TaskDefinitionState[] = [];
  /** Why tasks fail, by ARN of the task definition. */
  readonly failures = new Map<string, string>();
  readonly images = new Images();
  bakeTicks = 3;

  /** One look of the schedulers of all services. */
  tick(now: Date): void {
    const conditions: Conditions = {
      now,
      failureOf: arn => this.failures.get(arn),
      bakeTicks: this.bakeTicks,
    };
    this.services.forEach(service => tick(service, conditions));
  }

  addService(options: NewService, now: Date): ServiceState {
    const { region, account, cluster, name } = options;
    const service: ServiceState = {
      region,
      account,
      cluster,
      name,
      arn: `arn:aws:ecs:${region}:${account}:service/${cluster}/${name}`,
      status: 'ACTIVE',
      desiredCount: options.desiredCount ?? 2,
      taskDefinition: '',
      strategy: options.strategy ?? 'ROLLING',
      controller: options.controller ?? 'ECS',
      circuitBreaker: options.circuitBreaker ?? {
        enable: false,
        rollback: false,
      },
      bakeTimeInMinutes: options.bakeTimeInMinutes ?? 1,
      createdAt: now,
      deployments: [],
      serviceDeployments: [],
      revisions: new Map(),
      tasks: [],
      events: [],
    };
    for (const id of options.history) {
      const { arn } = this.taskDefinition(options, id);
      seedDeployment(service, arn, now);
    }
    this.services.push(service);
    return service;
  }

  register(
    place: Place,
    request: RegisterTaskDefinitionRequest,
    now: Date,
  ): TaskDefinitionState {
    const family = request.family ?? '';
    const containers = request.containerDefinitions ?? [];
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) {
      throw clientError('Family contains invalid characters.');
    }
    if (containers.length === 0) {
      throw clientError('Container list cannot be empty.');
    }
    const revision = this.revisionsOf(place, family).length + 1;
    const { tags = [], ...content } = request;
    const state: TaskDefinitionState = {
      arn: `arn:aws:ecs:${place.region}:${place.account}:task-definition/${family}:${revision}`,
      family,
      revision,
      status: 'ACTIVE',
      registeredAt: now,
      content: { ...content, containerDefinitions: containers },
      tags,
    };
    this.taskDefinitions.push(state);
    return state;
  }

  revisionsOf(place: Place, family: string): TaskDefinitionState[] {
    const prefix = `${prefixOf(place)}${family}:`;
    return this.taskDefinitions.filter(each => each.arn.startsWith(prefix));
  }

  /** By ARN, `family:revision`, or `family` for the newest active one. */
  taskDefinition(place: Place, id: string): TaskDefinitionState {
    const name = id.startsWith('arn:') ? id : `${prefixOf(place)}${id}`;
    const found = name.startsWith(prefixOf(place))
      ? this.taskDefinitions.find(each => each.arn === name)
      : undefined;
    const newest = this.revisionsOf(place, id)
      .filter(each => each.status === 'ACTIVE')
      .pop();
    const result = found ?? newest;
    if (!result) {
      throw clientError('Unable to describe task definition.');
    }
    return result;
  }

  requireCluster(place: Place, name: string | undefined): string {
    const cluster = shortName(name ?? 'default', 'cluster');
    if (
      !this.services.some(each => isAt(each, place) && each.cluster === cluster)
    ) {
      throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    }
    return cluster;
  }

  findService(
    place: Place,
    cluster: string,
    name: string,
  ): ServiceState | undefined {
    return this.services.find(
      each =>
        isAt(each, place) &&
        each.cluster === cluster &&
        (each.name === name || each.arn === name),
    );
  }

  requireService(
    place: Place,
    clusterName: string | undefined,
    name: string,
  ): ServiceState {
    const cluster = this.requireCluster(place, clusterName);
    const service = this.findService(place, cluster, name);
    if (!service) {
      throw new AwsError('ServiceNotFoundException', 'Service not found.');
    }
    return service;
  }
}

export function clientError(message: string): AwsError {
  return new AwsError('ClientException', message);
}

function prefixOf(place: Place): string {
  return `arn:aws:ecs:${place.region}:${place.account}:task-definition/`;
}

function shortName(name: string, kind: string): string {
  return name.startsWith('arn:')
    ? name.slice(name.indexOf(`:${kind}/`) + kind.length + 2)
    : name;
}

function isAt(service: ServiceState, place: Place): boolean {
  return service.region === place.region && service.account === place.account;
}
