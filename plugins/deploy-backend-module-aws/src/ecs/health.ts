import { Service } from '@aws-sdk/client-ecs';
import { TargetHealth } from '@vvp/backstage-plugin-deploy-common';

/** How well a service runs, by what ECS counts. */
export function healthOf(service: Service): TargetHealth {
  const wanted = service.desiredCount ?? 0;
  const primary = service.deployments?.find(each => each.status === 'PRIMARY');
  const ready = service.runningCount ?? 0;
  const counts = { ready, wanted };
  if (service.status !== 'ACTIVE') {
    return {
      state: 'unhealthy',
      reason: `The service is ${service.status ?? 'in an unknown state'}.`,
      ...counts,
    };
  }
  if (wanted === 0) {
    return {
      state: 'unknown',
      reason: 'The service is set to run no tasks.',
      ...counts,
    };
  }
  if (ready === 0) {
    return {
      state: 'unhealthy',
      reason: `No task runs. ${primary?.rolloutStateReason ?? ''}`.trim(),
      ...counts,
    };
  }
  if (primary?.rolloutState === 'FAILED') {
    return {
      state: 'degraded',
      reason: primary.rolloutStateReason ?? 'The last deployment failed.',
      ...counts,
    };
  }
  if (ready < wanted) {
    return {
      state: 'degraded',
      reason: `${ready} of ${wanted} tasks run.`,
      ...counts,
    };
  }
  return { state: 'healthy', ...counts };
}
