import { useApi } from '@backstage/core-plugin-api';
import { ServiceOverview } from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from '../api';
import { LiveValue, useLiveValue } from './useLiveValue';

/**
 * What runs in each environment of a service.
 *
 * @internal
 */
export function useServiceOverview(
  entityRef: string,
): LiveValue<ServiceOverview> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: entityRef,
    load: () => deployApi.getService(entityRef),
  });
}
