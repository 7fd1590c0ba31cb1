import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { deployTargetsExtensionPoint } from '@vvp/backstage-plugin-deploy-node';
import { readConnections } from './connection/readConnections';
import { KubernetesTarget } from './KubernetesTarget';

/**
 * Brings in the target `kubernetes`.
 *
 * @public
 */
export const deployModuleKubernetes = createBackendModule({
  pluginId: 'deploy',
  moduleId: 'kubernetes',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        targets: deployTargetsExtensionPoint,
      },
      async init({ config, targets }) {
        targets.addTarget(new KubernetesTarget(readConnections(config)));
      },
    });
  },
});
