import { usePermission } from '@backstage/plugin-permission-react';
import { deployReadPermission } from '@vvp/backstage-plugin-deploy-common';

/**
 * Whether the user may see what is deployed of a service, as far as can be found out; undefined as long as
 * that is being asked. The backend answers the same for a service that is not there and one that may not be
 * seen.
 *
 * @internal
 */
export function useMayRead(entityRef: string): boolean | undefined {
  const { allowed, loading, error } = usePermission({
    permission: deployReadPermission,
    resourceRef: entityRef,
  });
  return loading ? undefined : allowed || error !== undefined;
}
