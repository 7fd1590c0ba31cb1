import {
  DeployApi,
  EvidenceDetail,
  EvidenceType,
  Trends,
} from '@vvp/backstage-plugin-deploy-common';
import { NotFoundError } from '@backstage/errors';
import { sampleTrends } from './evidenceSamples';
import { createDeployApi } from './renderWithDeployApi';

/**
 * A deploy backend with these reports, last measured first.
 *
 * @internal
 */
export function createEvidenceApi(
  reports: EvidenceDetail[],
  trends: Partial<Record<EvidenceType, Partial<Trends>>> = {},
  part: Partial<DeployApi> = {},
) {
  return createDeployApi({
    listEvidence: jest.fn(async (_entityRef, filter = {}) => ({
      items: reports.filter(
        ({ type, suite }) =>
          (!filter.type || filter.type === type) &&
          (!filter.suite || filter.suite === suite),
      ),
    })),
    getEvidence: jest.fn(async id => {
      const found = reports.find(report => report.id === id);
      if (!found) {
        throw new NotFoundError(`No evidence ${id}`);
      }
      return found;
    }),
    getTrends: jest.fn(async (_entityRef, { type }) =>
      sampleTrends({ type, ...trends[type] }),
    ),
    ...part,
  });
}
