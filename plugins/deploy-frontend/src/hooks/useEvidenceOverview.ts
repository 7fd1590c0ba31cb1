import { useApi } from '@backstage/core-plugin-api';
import {
  DeployApi,
  EnvironmentOverview,
  Evidence,
  EvidenceType,
} from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from '../api';
import { LiveValue, useLiveValue } from './useLiveValue';

const reportsAtMost = 50;

/**
 * What the card on the overview of a service says in short. Reports are last measured first.
 *
 * @internal
 */
export interface EvidenceOverview {
  coverage: Evidence[];
  tests: Evidence[];
  scans: Evidence[];
  environments: EnvironmentOverview[];
}

/**
 * The last reports and the gates of a service.
 *
 * @internal
 */
export function useEvidenceOverview(
  entityRef: string,
): LiveValue<EvidenceOverview> {
  const deployApi = useApi(deployApiRef);
  return useLiveValue({
    key: entityRef,
    load: async () => {
      const [coverage, tests, scans, service] = await Promise.all([
        lastReports(deployApi, entityRef, 'coverage'),
        lastReports(deployApi, entityRef, 'test'),
        lastReports(deployApi, entityRef, 'security'),
        deployApi.getService(entityRef),
      ]);
      return { coverage, tests, scans, environments: service.environments };
    },
  });
}

async function lastReports(
  deployApi: DeployApi,
  entityRef: string,
  type: EvidenceType,
): Promise<Evidence[]> {
  const { items } = await deployApi.listEvidence(entityRef, {
    type,
    pullRequests: 'none',
    limit: reportsAtMost,
  });
  return items;
}
