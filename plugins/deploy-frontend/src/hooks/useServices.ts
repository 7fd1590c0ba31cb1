import { useApi } from '@backstage/core-plugin-api';
import { ServiceSummary } from '@vvp/backstage-plugin-deploy-common';
import { useCallback } from 'react';
import { deployApiRef } from '../api';
import { PagedList, usePagedList } from './usePagedList';
import { ServiceListFilter } from './useServiceFilter';

/**
 * Every service with its environments.
 *
 * @internal
 */
export function useServices(
  filter: ServiceListFilter,
): PagedList<ServiceSummary> {
  const deployApi = useApi(deployApiRef);
  const { text, owner, tier, sort } = filter;
  const loadPage = useCallback(
    (cursor: string | undefined) =>
      deployApi.listServices({
        text: text || undefined,
        owner: owner || undefined,
        tier,
        sort,
        cursor,
      }),
    [deployApi, text, owner, tier, sort],
  );
  return usePagedList({
    key: JSON.stringify([text, owner, tier, sort]),
    loadPage,
    idOf,
  });
}

function idOf(service: ServiceSummary): string {
  return service.entityRef;
}
