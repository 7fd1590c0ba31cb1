import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { deployTargetsExtensionPoint } from '@vvp/backstage-plugin-deploy-node';
import { readAzureConnections } from './connections';
import { createContainerAppTarget } from './containerApp';
import { createVirtualMachineTarget } from './virtualMachine';

/**
 * Azure Container Apps and virtual machines as targets of the deploy plugin.
 *
 * @public
 */
export const deployModuleAzure = createBackendModule({
  pluginId: 'deploy',
  moduleId: 'azure',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        targets: deployTargetsExtensionPoint,
      },
      async init({ config, targets }) {
        const connections = readAzureConnections(config);
        targets.addTarget(createContainerAppTarget(connections));
        targets.addTarget(createVirtualMachineTarget(connections));
      },
    });
  },
});
