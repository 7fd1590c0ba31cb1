import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { latest, seedDeployment, startDeployment } from '../../aws/ecs/rollout';
import type { ServiceState } from '../../aws/ecs/state';
import type { World } from '../../aws/ecs/World';
import { CloudDeployment, isOver, Platform, TargetOf } from '../types';

type ServiceDeployment = CloudDeployment<TargetOf<'ecs'>>;

/** The one account that there is; made up. */
export const ACCOUNT = '111122223333';

/** Registers a task definition for each release, and updates the service to it. */
export class EcsServices implements Platform<'ecs'> {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async deploy(deployment: ServiceDeployment): Promise<void> {
    const { target, at } = deployment;
    const over = isOver(deployment);
    const time = over ? at : new Date();
    const place = placeOf(target);
    const { arn, family, revision } = this.#world.register(
      place,
      taskDefinitionOf(deployment),
      time,
    );
    const service = this.#find(target);
    if (!service) {
      const blueGreen = target.strategy === 'blue-green';
      this.#world.addService(
        {
          ...place,
          cluster: target.cluster,
          name: target.service,
          circuitBreaker: { enable: true, rollback: true },
          ...(blueGreen && { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 15 }),
          history: [`${family}:${revision}`],
        },
        time,
      );
      return;
    }
    const begin = over ? seedDeployment : startDeployment;
    begin(service, arn, time);
  }

  async spoil({ target }: ServiceDeployment): Promise<void> {
    const taskDefinition = this.#find(target)?.taskDefinition;
    if (taskDefinition) {
      this.#world.failures.set(
        taskDefinition,
        'Essential container in task exited',
      );
    }
  }

  async serving({ target }: ServiceDeployment): Promise<string | undefined> {
    const service = this.#find(target);
    const current = service && latest(service);
    if (!service || !current) {
      return undefined;
    }
    const isIn = current.weight === 100 || current.status === 'SUCCESSFUL';
    const revision = service.revisions.get(
      isIn || !current.source ? current.target : current.source,
    );
    return this.#commitOf(revision?.taskDefinition);
  }

  #find(target: TargetOf<'ecs'>): ServiceState | undefined {
    return this.#world.findService(
      placeOf(target),
      target.cluster,
      target.service,
    );
  }

  #commitOf(arn: string | undefined): string | undefined {
    return this.#world.taskDefinitions
      .find(each => each.arn === arn)
      ?.content.containerDefinitions[0].environment?.find(
        ({ name }) => name === 'GIT_SHA',
      )?.value;
  }
}

function placeOf({ region }: TargetOf<'ecs'>) {
  return { region, account: ACCOUNT };
}

function taskDefinitionOf({
  target,
  commit,
}: ServiceDeployment): RegisterTaskDefinitionRequest {
  const family = target.taskDefinition ?? target.service;
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: target.container ?? family,
        image: `registry.example.test/${family}:${commit}`,
        essential: true,
        portMappings: [{ containerPort: 8000, protocol: 'tcp' }],
        environment: [{ name: 'GIT_SHA', value: commit }],
      },
    ],
  };
}
