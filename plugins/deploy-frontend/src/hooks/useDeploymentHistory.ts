import { useApi } from '@backstage/core-plugin-api';
import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { useCallback } from 'react';
import { deployApiRef } from '../api';
import { HistoryFilter } from './useHistoryFilter';
import { PagedList, usePagedList } from './usePagedList';

/**
 * The deployments of a service, newest first.
 *
 * @internal
 */
export function useDeploymentHistory(
  entityRef: string,
  filter: HistoryFilter,
): PagedList<Deployment> {
  const deployApi = useApi(deployApiRef);
  const { environment, status } = filter;
  const loadPage = useCallback(
    (cursor: string | undefined) =>
      deployApi.listDeployments(entityRef, { environment, status, cursor }),
    [deployApi, entityRef, environment, status],
  );
  return usePagedList({
    key: JSON.stringify([entityRef, environment, status]),
    loadPage,
    idOf,
  });
}

function idOf(deployment: Deployment): string {
  return deployment.id;
}
