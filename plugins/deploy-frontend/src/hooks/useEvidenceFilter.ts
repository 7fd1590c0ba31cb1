import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * How far the charts can look back, days.
 *
 * @internal
 */
export const periods = [7, 30, 90] as const;

/**
 * What the evidence is narrowed to.
 *
 * @internal
 */
export interface EvidenceFilter {
  environment?: string;
  suite?: string;
  /** Days. */
  period: (typeof periods)[number];
  /** Id of the one report to be looked at, instead of the latest of its type. */
  report?: string;
}

const defaultPeriod = 30;

/**
 * Keeps the filter of the evidence in the address, so that it can be sent to a colleague.
 *
 * @internal
 */
export function useEvidenceFilter(): [
  EvidenceFilter,
  (change: Partial<EvidenceFilter>) => void,
] {
  const [params, setParams] = useSearchParams();
  const environment = params.get('environment') || undefined;
  const suite = params.get('suite') || undefined;
  const report = params.get('report') || undefined;
  const period =
    periods.find(days => String(days) === params.get('period')) ??
    defaultPeriod;

  const change = useCallback(
    (part: Partial<EvidenceFilter>) => {
      setParams(
        previous => {
          const next = new URLSearchParams(previous);
          for (const [key, value] of Object.entries(part)) {
            if (value) next.set(key, String(value));
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
    () => ({ environment, suite, period, report }),
    [environment, suite, period, report],
  );
  return [filter, change];
}
