import { useApi } from '@backstage/core-plugin-api';
import { GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from '../api';
import { LiveValue, useLiveValue } from './useLiveValue';

/**
 * The gates between a release and an environment.
 *
 * @internal
 */
export function useGates(
  entityRef: string,
  environment: string,
  commit: string,
): LiveValue<GateSummary> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: JSON.stringify([entityRef, environment, commit]),
    load: () => deployApi.getGates(entityRef, environment, commit),
  });
}
