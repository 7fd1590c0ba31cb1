import { usePermission } from '@backstage/plugin-permission-react';
import { deployOperatePermission } from '@vvp/backstage-plugin-deploy-common';

/**
 * Whether the user may run things again in an environment; undefined as long as that is not known.
 *
 * @internal
 */
export function useMayOperate(
  entityRef: string,
  environment: string,
): boolean | undefined {
  const { allowed, loading } = usePermission({
    permission: deployOperatePermission,
    resourceRef: `${entityRef}#${environment}`,
  });
  return loading ? undefined : allowed;
}
