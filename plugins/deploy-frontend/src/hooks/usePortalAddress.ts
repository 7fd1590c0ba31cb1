import { configApiRef, useApi } from '@backstage/core-plugin-api';

/**
 * Where the backend of this plugin takes reports, as a pipeline has to name it.
 *
 * @internal
 */
export function usePortalAddress(): string {
  const backend = useApi(configApiRef).getOptionalString('backend.baseUrl');
  return `${backend ?? ''}/api/deploy`;
}
