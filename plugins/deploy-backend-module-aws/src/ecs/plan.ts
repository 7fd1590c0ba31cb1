import { Service } from '@aws-sdk/client-ecs';
import { JsonObject } from '@backstage/types';
import { PlannedStep, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { shiftsTraffic } from './snapshot';

/** Names of the steps; stored with operations, so they stay. */
export const stepNames = {
  stop: 'stop-deployment',
  update: 'update-service',
  restart: 'restart-service',
  wait: 'await-stability',
} as const;

/** What a step knows. */
export interface StepInput {
  /** `family:revision` to bring in. */
  revision: string;
  /** `family:revision` to go back to. */
  from?: string;
}

const minute = 60;

/**
 * How long a service may take, in seconds: ten minutes for its tasks, and what it is set to wait on top.
 */
export function rolloutSeconds(service: Service): number {
  const bake = shiftsTraffic(service)
    ? service.deploymentConfiguration?.bakeTimeInMinutes ?? 0
    : 0;
  const grace = Math.min(service.healthCheckGracePeriodSeconds ?? 0, 3600);
  return (15 + Math.min(bake, 1440)) * minute + grace;
}

/** Steps that bring a revision in. */
export function rollbackSteps(
  service: Service,
  revision: string,
  from: string | undefined,
): PlannedStep[] {
  const input: JsonObject = { revision, ...(from && { from }) };
  const timeoutSeconds = rolloutSeconds(service);
  const name = service.serviceName ?? 'the service';
  return [
    {
      name: stepNames.stop,
      title: `Take back a deployment of ${name} that is under way`,
      input,
      timeoutSeconds,
      compensates: true,
    },
    {
      name: stepNames.update,
      title: `Bring ${revision} into ${name}`,
      input,
      timeoutSeconds,
      compensates: true,
    },
    waitStep(revision, input, timeoutSeconds),
  ];
}

/** Steps that start the same revision anew. */
export function restartSteps(
  service: Service,
  revision: string,
): PlannedStep[] {
  const input: JsonObject = { revision };
  const timeoutSeconds = rolloutSeconds(service);
  return [
    {
      name: stepNames.restart,
      title: `Start new tasks of ${revision} in ${
        service.serviceName ?? 'the service'
      }`,
      input,
      timeoutSeconds,
      compensates: true,
    },
    waitStep(revision, input, timeoutSeconds),
  ];
}

/** Reads the input of a stored step. */
export function readInput(step: PlannedStep): StepInput {
  const { revision, from } = step.input;
  if (typeof revision !== 'string') {
    throw new TargetError(
      'invalid',
      `The step ${step.name} does not say which revision it is about.`,
    );
  }
  return { revision, from: typeof from === 'string' ? from : undefined };
}

function waitStep(
  revision: string,
  input: JsonObject,
  timeoutSeconds: number,
): PlannedStep {
  return {
    name: stepNames.wait,
    title: `Wait until all tasks run ${revision}`,
    input,
    timeoutSeconds,
  };
}
