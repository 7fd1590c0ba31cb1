import { usePermission } from '@backstage/plugin-permission-react';
import { deployWaivePermission } from '@vvp/backstage-plugin-deploy-common';

/**
 * Whether the user may let releases of a service pass the gates of an environment.
 *
 * @internal
 */
export function useMayWaive(entityRef: string, environment: string): boolean {
  const { allowed } = usePermission({
    permission: deployWaivePermission,
    resourceRef: `${entityRef}#${environment}`,
  });
  return allowed;
}
