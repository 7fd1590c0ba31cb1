import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  DeployTarget,
  deployTargetsExtensionPoint,
} from '@vvp/backstage-plugin-deploy-node';
import deployModuleAzure from './index';

async function startWith(config: object): Promise<DeployTarget[]> {
  const targets: DeployTarget[] = [];
  await startTestBackend({
    extensionPoints: [
      [
        deployTargetsExtensionPoint,
        { addTarget: target => targets.push(target) },
      ],
    ],
    features: [
      deployModuleAzure,
      mockServices.rootConfig.factory({ data: config }),
    ],
  });
  return targets;
}

describe('deployModuleAzure', () => {
  it('brings its targets, with or without connections', async () => {
    const targets = await startWith({});

    expect(targets.map(({ type }) => type)).toEqual([
      'azure-container-app',
      'azure-vm',
    ]);
  });

  it('does not start with a connection that cannot work', async () => {
    await expect(
      startWith({
        deploy: {
          targets: {
            azure: {
              connections: [
                { name: 'a', repositories: ['*'], subscriptionId: 'none' },
              ],
            },
          },
        },
      }),
    ).rejects.toThrow(/subscriptionId of "a"/);
  });
});
