import { JsonObject } from '@backstage/types';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  DeployTarget,
  deployTargetsExtensionPoint,
} from '@vvp/backstage-plugin-deploy-node';
import { deployModuleAws } from '../module';

/** The targets that the module adds. */
export async function targetsOfModule(
  config: JsonObject,
): Promise<DeployTarget[]> {
  const targets: DeployTarget[] = [];
  const backend = await startTestBackend({
    extensionPoints: [
      [
        deployTargetsExtensionPoint,
        { addTarget: target => targets.push(target) },
      ],
    ],
    features: [
      deployModuleAws,
      mockServices.rootConfig.factory({ data: config }),
    ],
  });
  await backend.stop();
  return targets;
}
