import {
  DeploymentStatus,
  deploymentStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * What the history is narrowed to.
 *
 * @internal
 */
export interface HistoryFilter {
  environment?: string;
  /** Any of these; all when empty. */
  status: DeploymentStatus[];
}

/**
 * Keeps the filter of the history in the address, so that it can be sent to a colleague.
 *
 * @internal
 */
export function useHistoryFilter(): [
  HistoryFilter,
  (change: Partial<HistoryFilter>) => void,
] {
  const [params, setParams] = useSearchParams();
  const environment = params.get('environment') ?? undefined;
  const statusText = params.getAll('status').join(' ');

  const filter = useMemo<HistoryFilter>(() => {
    const asked = new Set(statusText.split(' '));
    return {
      environment: environment || undefined,
      status: deploymentStatuses.filter(status => asked.has(status)),
    };
  }, [environment, statusText]);

  const change = useCallback(
    (part: Partial<HistoryFilter>) => {
      setParams(
        previous => {
          const next = new URLSearchParams(previous);
          if ('environment' in part) {
            next.delete('environment');
            if (part.environment) next.set('environment', part.environment);
          }
          if (part.status) {
            next.delete('status');
            part.status.forEach(status => next.append('status', status));
          }
          return next;
        },
        { replace: true },
      );
    },
    [setParams],
  );

  return [filter, change];
}
