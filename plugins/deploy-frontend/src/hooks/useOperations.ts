import { useApi } from '@backstage/core-plugin-api';
import {
  Operation,
  OperationSummary,
  RevisionList,
  RollbackPreview,
  TargetDiagnostics,
} from '@vvp/backstage-plugin-deploy-common';
import { useCallback } from 'react';
import { deployApiRef } from '../api';
import { isOver } from '../logic/operations';
import { LiveValue, useLiveValue } from './useLiveValue';
import { PagedList, usePagedList } from './usePagedList';
import { usePolling, useServiceSignal } from './useRefresh';

const livePollMilliseconds = 2000;

/**
 * What can be put back in an environment.
 *
 * @internal
 */
export function useRevisions(
  entityRef: string,
  environment: string,
): LiveValue<RevisionList> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: JSON.stringify([entityRef, environment]),
    load: () => deployApi.listRevisions(entityRef, environment),
  });
}

/**
 * What the target tells of an environment.
 *
 * @internal
 */
export function useDiagnostics(
  entityRef: string,
  environment: string,
): LiveValue<TargetDiagnostics> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: JSON.stringify([entityRef, environment]),
    load: () => deployApi.getDiagnostics(entityRef, environment),
  });
}

/**
 * What a rollback to a revision would do.
 *
 * @internal
 */
export function useRollbackPreview(
  entityRef: string,
  environment: string,
  revision: string,
): LiveValue<RollbackPreview> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: JSON.stringify([entityRef, environment, revision]),
    load: () => deployApi.previewRollback({ entityRef, environment, revision }),
  });
}

/**
 * An operation, followed until it is over.
 *
 * @internal
 */
export function useOperation(
  entityRef: string,
  id: string,
): LiveValue<Operation> {
  const deployApi = useApi(deployApiRef);
  const live = useLiveValue({
    key: id,
    load: () => deployApi.getOperation(id),
  });
  const { value, reload } = live;
  useServiceSignal(entityRef, reload);
  usePolling(reload, value && isOver(value) ? 0 : livePollMilliseconds);
  return live;
}

/**
 * The operations of a service, newest first.
 *
 * @internal
 */
export function useOperationList(
  entityRef: string,
): PagedList<OperationSummary> {
  const deployApi = useApi(deployApiRef);
  const loadPage = useCallback(
    (cursor: string | undefined) =>
      deployApi.listOperations(entityRef, { limit: 10, cursor }),
    [deployApi, entityRef],
  );
  return usePagedList({ key: entityRef, loadPage, idOf });
}

function idOf(operation: OperationSummary): string {
  return operation.id;
}
