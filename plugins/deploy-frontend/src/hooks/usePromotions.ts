import { useApi } from '@backstage/core-plugin-api';
import {
  Canary,
  CommitRange,
  ConfigurationComparison,
  Freeze,
  FreezePreview,
  FreezeWindow,
  Promotion,
  PromotionClass,
  PromotionFilter,
  PromotionSummary,
  Readiness,
  ReleaseSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { useCallback } from 'react';
import { deployApiRef } from '../api';
import { isPromotionOver } from '../logic/promotions';
import { LiveValue, useLiveValue } from './useLiveValue';
import { PagedList, usePagedList } from './usePagedList';
import { usePolling, useServiceSignal } from './useRefresh';

const livePollMilliseconds = 3000;

/**
 * A promotion, followed until nothing happens to it any more.
 *
 * @param entityRef - its service, where that is known before it is loaded
 * @internal
 */
export function usePromotion(
  id: string,
  entityRef?: string,
): LiveValue<Promotion> {
  const deployApi = useApi(deployApiRef);
  const live = useLiveValue({
    key: id,
    load: () => deployApi.getPromotion(id),
  });
  const { value, reload } = live;
  useServiceSignal(entityRef ?? value?.entityRef ?? 'none', reload);
  usePolling(
    reload,
    value && isPromotionOver(value) ? 0 : livePollMilliseconds,
  );
  return live;
}

/**
 * The canary of a promotion, for where it is one line among others; nothing where there is none.
 *
 * @internal
 */
export function useCanary(
  entityRef: string,
  promotionId: string,
): LiveValue<Canary | undefined> {
  const deployApi = useApi(deployApiRef);
  const live = useLiveValue<Canary | undefined>({
    key: promotionId,
    load: async () => (await deployApi.getPromotion(promotionId)).canary,
  });
  useServiceSignal(entityRef, live.reload);
  usePolling(live.reload);
  return live;
}

/**
 * Promotions of all services, newest first.
 *
 * @internal
 */
export function usePromotionList(
  filter: Pick<PromotionFilter, 'status' | 'waitingFor' | 'limit'>,
): PagedList<PromotionSummary> {
  const deployApi = useApi(deployApiRef);
  const key = JSON.stringify(filter);
  const loadPage = useCallback(
    (cursor: string | undefined) =>
      deployApi.listPromotions({ ...JSON.parse(key), cursor }),
    [deployApi, key],
  );
  const list = usePagedList<PromotionSummary>({ key, loadPage, idOf });
  usePolling(list.reload);
  return list;
}

/**
 * What stands between a release and an environment.
 *
 * @internal
 */
export function useReadiness(
  place: { entityRef: string; environment: string },
  releaseId: string,
  promotionClass: PromotionClass,
): LiveValue<Readiness> {
  const deployApi = useApi(deployApiRef);
  const { entityRef, environment } = place;
  const live = useLiveValue({
    key: JSON.stringify([entityRef, environment, releaseId, promotionClass]),
    load: () =>
      deployApi.getReadiness(entityRef, environment, releaseId, {
        class: promotionClass,
      }),
  });
  useServiceSignal(entityRef, live.reload);
  return live;
}

/**
 * Releases that could go into an environment, newest first.
 *
 * @internal
 */
export function useReleases(
  entityRef: string,
  environment: string,
): PagedList<ReleaseSummary> {
  const deployApi = useApi(deployApiRef);
  const loadPage = useCallback(
    (cursor: string | undefined) =>
      deployApi.listReleases(entityRef, { environment, limit: 20, cursor }),
    [deployApi, entityRef, environment],
  );
  return usePagedList<ReleaseSummary>({
    key: JSON.stringify([entityRef, environment]),
    loadPage,
    idOf,
  });
}

/**
 * What lies between what runs and a release; nothing where nothing runs.
 *
 * @internal
 */
export function useIncoming(
  entityRef: string,
  from: string | undefined,
  to: string,
): LiveValue<CommitRange | undefined> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue<CommitRange | undefined>({
    key: JSON.stringify([entityRef, from, to]),
    load: async () =>
      from === undefined
        ? undefined
        : deployApi.listCommits(entityRef, { from, to }),
  });
}

/**
 * What a release changes in the configuration of an environment.
 *
 * @internal
 */
export function useConfiguration(
  place: { entityRef: string; environment: string },
  releaseId: string,
): LiveValue<ConfigurationComparison> {
  const deployApi = useApi(deployApiRef);
  const { entityRef, environment } = place;
  const live = useLiveValue({
    key: JSON.stringify([entityRef, environment, releaseId]),
    load: () => deployApi.getConfiguration(entityRef, environment, releaseId),
  });
  useServiceSignal(entityRef, live.reload);
  // What runs there changes while somebody decides, and GitHub may answer later.
  usePolling(live.reload);
  return live;
}

/**
 * Freezes in force or to come.
 *
 * @internal
 */
export function useFreezes(): PagedList<Freeze> {
  const deployApi = useApi(deployApiRef);
  const loadPage = useCallback(
    (cursor: string | undefined) => deployApi.listFreezes({ cursor }),
    [deployApi],
  );
  const list = usePagedList<Freeze>({ key: 'freezes', loadPage, idOf });
  usePolling(list.reload);
  return list;
}

/**
 * The first windows that a freeze would have.
 *
 * @internal
 */
export function useFreezePreview(
  window: FreezeWindow,
): LiveValue<FreezePreview> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: JSON.stringify(window),
    load: () => deployApi.previewFreeze(window),
  });
}

function idOf(item: { id: string }): string {
  return item.id;
}
