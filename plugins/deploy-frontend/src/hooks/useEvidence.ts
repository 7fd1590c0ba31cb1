import { useApi } from '@backstage/core-plugin-api';
import {
  DeployApi,
  Evidence,
  EvidenceDetail,
  EvidenceType,
  Trends,
} from '@vvp/backstage-plugin-deploy-common';
import { useEffect, useRef } from 'react';
import { deployApiRef } from '../api';
import { failureKind } from '../logic/failure';
import { EvidenceFilter } from './useEvidenceFilter';
import { LiveValue, useLiveValue } from './useLiveValue';

const day = 86_400_000;
const pageSize = 100;
/** How many pages are read in search of the latest report of every suite. */
const pagesAtMost = 3;

/**
 * Reports of a service, last measured first.
 *
 * @internal
 */
export interface Reports {
  reports: Evidence[];
  /** There are earlier ones in the period that were not read. */
  more: boolean;
}

/**
 * What a section of the evidence is made of.
 *
 * @internal
 */
export interface SectionEvidence extends Reports {
  trends: Trends;
}

/**
 * The last reports of all types, without those about pull requests.
 *
 * @internal
 */
export function useRecentReports(
  entityRef: string,
  period: number,
): LiveValue<Reports> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: JSON.stringify([entityRef, period]),
    load: () => readReports(deployApi, entityRef, { period }, 1),
  });
}

/**
 * Reports and trends of one type.
 *
 * @internal
 */
export function useSectionEvidence(
  entityRef: string,
  type: EvidenceType,
  filter: EvidenceFilter,
  version: string,
): LiveValue<SectionEvidence> {
  const deployApi = useApi(deployApiRef);
  const { suite, period } = filter;
  const live = useLiveValue({
    key: JSON.stringify([entityRef, type, suite, period]),
    load: async () => {
      const [reports, trends] = await Promise.all([
        readReports(deployApi, entityRef, { type, suite, period }, pagesAtMost),
        deployApi.getTrends(entityRef, { type, suite, from: daysAgo(period) }),
      ]);
      return { ...reports, trends };
    },
  });
  useReloadOn(version, live.reload);
  return live;
}

/**
 * Everything about some reports, in the order of the ids; those that are gone are left out.
 *
 * @internal
 */
export function useReportDetails(ids: string[]): LiveValue<EvidenceDetail[]> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: JSON.stringify(ids),
    load: async () => {
      const found = await Promise.all(ids.map(id => readDetail(deployApi, id)));
      return found.filter(detail => detail !== undefined);
    },
  });
}

/** Reloads when the version is another one than at first. */
function useReloadOn(version: string, reload: () => void): void {
  const loaded = useRef(version);
  useEffect(() => {
    if (loaded.current !== version) {
      loaded.current = version;
      reload();
    }
  }, [version, reload]);
}

async function readReports(
  deployApi: DeployApi,
  entityRef: string,
  asked: { type?: EvidenceType; suite?: string; period: number },
  pages: number,
): Promise<Reports> {
  const { type, suite, period } = asked;
  const from = daysAgo(period);
  const reports: Evidence[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { items, nextCursor } = await deployApi.listEvidence(entityRef, {
      type,
      suite,
      from,
      pullRequests: 'none',
      limit: pageSize,
      cursor,
    });
    reports.push(...items);
    cursor = nextCursor;
    if (!cursor) {
      break;
    }
  }
  return { reports, more: cursor !== undefined };
}

async function readDetail(
  deployApi: DeployApi,
  id: string,
): Promise<EvidenceDetail | undefined> {
  try {
    return await deployApi.getEvidence(id);
  } catch (error) {
    if (failureKind(error) === 'not-found') {
      return undefined;
    }
    throw error;
  }
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * day).toISOString();
}
