import { usePermission } from '@backstage/plugin-permission-react';
import { deployPromotePermission } from '@vvp/backstage-plugin-deploy-common';

/**
 * Whether the user may ask that a release of a service goes into an environment.
 *
 * @internal
 */
export function useMayPromote(entityRef: string, environment: string): boolean {
  const { allowed } = usePermission({
    permission: deployPromotePermission,
    resourceRef: `${entityRef}#${environment}`,
  });
  return allowed;
}
