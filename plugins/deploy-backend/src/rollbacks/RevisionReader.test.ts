import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  DeployTarget,
  TargetError,
  TargetErrorKind,
} from '@vvp/backstage-plugin-deploy-node';
import { checkedTarget } from '../targets/checkedTarget';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { ReleaseHistory } from './ReleaseHistory';
import { RevisionReader } from './RevisionReader';

const known: KnownEnvironment = {
  id: 'environment-1',
  serviceId: 'service-1',
  entityRef: 'component:default/vvp-issuer',
  serviceName: 'vvp-issuer',
  repository: 'example-org/vvp',
  name: 'production',
  tier: 'production',
  enforced: false,
  reviewed: false,
};

/** Of a platform that fails so. */
function readerOf(kind: TargetErrorKind, message: string) {
  const target: Partial<DeployTarget> = {
    type: 'azure-container-app',
    describe: () => ({
      resource: 'Container App vvp-issuer in VVP',
      lockKey: 'azure-container-app:vvp-issuer',
      canRestart: true,
    }),
    revisions: async () => {
      throw new TargetError(kind, message, { remedy: 'Look at deploy.yaml.' });
    },
  };
  const environments: Partial<TargetEnvironments> = {
    driven: () => ({
      target: checkedTarget(target as DeployTarget, mockServices.logger.mock()),
      environment: {
        ...known,
        environment: known.name,
        target: { type: 'azure-container-app', resourceGroup: 'VVP', name: '' },
      },
    }),
  };
  return new RevisionReader({
    environments: environments as TargetEnvironments,
    history: {} as ReleaseHistory,
  });
}

describe('a resource that the platform does not know', () => {
  const missing = readerOf('not-found', 'Azure does not know it. token=abc123');

  it('is told as such where nothing was deployed yet, without a secret', async () => {
    expect(await missing.list(known)).toEqual({
      target: 'azure-container-app',
      resource: 'Container App vvp-issuer in VVP',
      items: [],
      missing: {
        message: expect.stringMatching(
          /^Azure does not know it\. (?!.*abc123)/,
        ),
        remedy: 'Look at deploy.yaml.',
      },
    });
  });

  it('is a failure where something was deployed, and to all but the page', async () => {
    const deployed = { ...known, currentDeploymentId: 'deployment-1' };

    await expect(missing.list(deployed)).rejects.toThrow(NotFoundError);
    await expect(missing.revisions(known)).rejects.toThrow(NotFoundError);
  });
});

it('says no less than before of every other failure', async () => {
  await expect(
    readerOf('transient', 'Azure is away.').list(known),
  ).rejects.toThrow(ServiceUnavailableError);
});
