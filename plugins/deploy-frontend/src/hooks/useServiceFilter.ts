import {
  EnvironmentTier,
  environmentTiers,
  ServiceFilter,
} from '@vvp/backstage-plugin-deploy-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

const sorts = ['name', '-name', '-lastDeployed', 'lastDeployed'] as const;

/**
 * What the list of services is narrowed to and how it is sorted.
 *
 * @internal
 */
export interface ServiceListFilter {
  text: string;
  owner: string;
  tier?: EnvironmentTier;
  sort: NonNullable<ServiceFilter['sort']>;
}

/**
 * Keeps the filter of the list of services in the address.
 *
 * @internal
 */
export function useServiceFilter(): [
  ServiceListFilter,
  (change: Partial<ServiceListFilter>) => void,
] {
  const [params, setParams] = useSearchParams();
  const text = params.get('text') ?? '';
  const owner = params.get('owner') ?? '';
  const tier = environmentTiers.find(one => one === params.get('tier'));
  const sort = sorts.find(one => one === params.get('sort')) ?? 'name';

  const change = useCallback(
    (part: Partial<ServiceListFilter>) => {
      setParams(
        previous => {
          const next = new URLSearchParams(previous);
          for (const [key, value] of Object.entries(part)) {
            if (value) next.set(key, value);
            else next.delete(key);
          }
          return next;
        },
        { replace: true },
      );
    },
    [setParams],
  );

  const filter = useMemo(
    () => ({ text, owner, tier, sort }),
    [text, owner, tier, sort],
  );
  return [filter, change];
}
