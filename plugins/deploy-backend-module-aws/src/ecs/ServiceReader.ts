import { Service } from '@aws-sdk/client-ecs';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { DescribedTaskDefinition, EcsApi } from './EcsApi';
import { BoundedMap } from './BoundedMap';
import { accountOf } from './names';
import { isUnverified } from './revision';
import { serviceRevisionsOf, ServiceSnapshot, snapshotOf } from './snapshot';

/** What does not change any more about ECS, so that it is asked for once. */
export interface EcsCaches {
  /** ARN of the task definition by ARN of the service revision. */
  serviceRevisions: BoundedMap<string>;
  /** By connection and ARN; only those that are active are taken from here. */
  taskDefinitions: BoundedMap<DescribedTaskDefinition>;
}

export function createCaches(): EcsCaches {
  return {
    serviceRevisions: new BoundedMap(2_000),
    taskDefinitions: new BoundedMap(500),
  };
}

/** Looks at one service. */
export class ServiceReader {
  readonly #api: EcsApi;
  readonly #caches: EcsCaches;
  readonly #accountId?: string;

  /** @param accountId - a service of another account is refused */
  constructor(api: EcsApi, caches: EcsCaches, accountId?: string) {
    this.#api = api;
    this.#caches = caches;
    this.#accountId = accountId;
  }

  /** For people. */
  get resource(): string {
    return this.#api.resource;
  }

  async service(): Promise<Service> {
    const service = await this.#api.service();
    const account = accountOf(service.clusterArn);
    if (this.#accountId !== undefined && account !== this.#accountId) {
      throw new TargetError(
        'invalid',
        `The ${this.#api.resource} is in the AWS account ${account}, not in ${
          this.#accountId
        }.`,
        {
          remedy:
            'Correct target.connection in deploy.yaml, or accountId of the connection in deploy.targets.aws.connections.',
        },
      );
    }
    return service;
  }

  async snapshot(): Promise<ServiceSnapshot> {
    const service = await this.service();
    const deployments = await this.#api.serviceDeployments();
    const revisions = serviceRevisionsOf(deployments);
    const known = this.#caches.serviceRevisions;
    const unknown = revisions.filter(arn => known.get(arn) === undefined);
    const found = await this.#api.taskDefinitionsOf(unknown);
    found.forEach((taskDefinition, arn) => known.set(arn, taskDefinition));
    const named = new Map(
      revisions.flatMap(arn => {
        const taskDefinition = known.get(arn);
        return taskDefinition ? [[arn, taskDefinition] as const] : [];
      }),
    );
    return snapshotOf(service, deployments, named);
  }

  /** @param isActive - what is known of it may be taken from before */
  async taskDefinition(
    arn: string,
    isActive = false,
  ): Promise<DescribedTaskDefinition> {
    const cached = isActive ? this.#caches.taskDefinitions.get(arn) : undefined;
    if (cached) {
      return cached;
    }
    const found = await this.#api.taskDefinition(arn);
    const stays =
      found.taskDefinition.status === 'ACTIVE' && !isUnverified(found);
    if (stays && arn.startsWith('arn:')) {
      this.#caches.taskDefinitions.set(arn, found);
    }
    return found;
  }
}
