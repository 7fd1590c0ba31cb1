import { EnvironmentTier } from '@vvp/backstage-plugin-deploy-common';

/**
 * What has to be typed before a rollback: the service's name in production, nothing elsewhere.
 *
 * @param serviceName - name of the entity, as `verifier` in `component:default/verifier`
 */
export function rollbackConfirmation(
  tier: EnvironmentTier,
  serviceName: string,
): string | undefined {
  return tier === 'production' ? serviceName : undefined;
}
