import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { ServiceSnapshot } from './snapshot';

/** Throws if ECS lets nobody change the service, or not this way. */
export function requireDrivable(
  { service }: Pick<ServiceSnapshot, 'service'>,
  resource: string,
): void {
  if (service.status !== 'ACTIVE') {
    throw new TargetError('invalid', `The ${resource} is ${service.status}.`, {
      remedy: 'Create the service again; ECS changes only active ones.',
    });
  }
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller !== 'ECS') {
    throw new TargetError(
      'invalid',
      `The ${resource} is deployed by ${controller}, which ECS does not let anyone else change.`,
      {
        remedy:
          'Move the service to the deployment controller ECS (it does blue/green by itself), or use the target github-workflow.',
      },
    );
  }
}
