import { ConfigurationComparison } from '@vvp/backstage-plugin-deploy-common';
import { sampleComparison } from '../src/__testUtils__/promotionSamples';

/** What a release of the gallery changes in the configuration: the newest one a lot, an old one nothing. */
export function comparisonOf(releaseId: string): ConfigurationComparison {
  switch (releaseId) {
    case 'release-77aa88b':
      return sampleComparison({
        state: 'partial',
        differences: [
          ...Array.from({ length: 24 }, (_, index) => ({
            name: `env VVP_CARRIER_${index + 1}`,
            change: 'added' as const,
          })),
          {
            name: `file k8s/${'confidential-customers-of-central-europe/'.repeat(
              4,
            )}configmap.yaml`,
            change: 'changed',
          },
        ],
        message: 'GitHub does not tell all files that changed.',
      });
    case 'release-1.4.2':
      return sampleComparison();
    default:
      return sampleComparison({
        differences: [
          { name: 'env VVP_DB_HOST', change: 'changed' },
          { name: 'maxReplicas', change: 'removed' },
          { name: 'secret reference api-key', change: 'added' },
          { name: 'file k8s/production/configmap.yaml', change: 'changed' },
        ],
      });
  }
}
