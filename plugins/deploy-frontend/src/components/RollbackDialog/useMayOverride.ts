import { usePermission } from '@backstage/plugin-permission-react';
import { deployOverridePermission } from '@vvp/backstage-plugin-deploy-common';

/**
 * Whether the user may waive what refuses a rollback in an environment.
 *
 * @internal
 */
export function useMayOverride(
  entityRef: string,
  environment: string,
): boolean {
  const { allowed } = usePermission({
    permission: deployOverridePermission,
    resourceRef: `${entityRef}#${environment}`,
  });
  return allowed;
}
