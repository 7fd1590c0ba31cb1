import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  DeployTarget,
  deployTargetsExtensionPoint,
} from '@vvp/backstage-plugin-deploy-node';
import { readAwsConnections, readPollMilliseconds } from './connections';
import { EcsTarget } from './ecs/EcsTarget';

/**
 * Adds the target `ecs` to the deploy plugin.
 *
 * @public
 */
export const deployModuleAws = createBackendModule({
  pluginId: 'deploy',
  moduleId: 'aws',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        targets: deployTargetsExtensionPoint,
      },
      async init({ config, targets }) {
        const target = new EcsTarget({
          connections: readAwsConnections(config),
          pollMilliseconds: readPollMilliseconds(config),
        });
        targets.addTarget(target as DeployTarget);
      },
    });
  },
});
