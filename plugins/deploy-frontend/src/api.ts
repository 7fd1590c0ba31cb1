import { createApiRef } from '@backstage/frontend-plugin-api';
import { DeployApi } from '@vvp/backstage-plugin-deploy-common';

/**
 * Where the plugin's components get what runs where; both frontend systems provide a `DeployClient`.
 *
 * @public
 */
export const deployApiRef = createApiRef<DeployApi>().with({
  id: 'plugin.deploy.client',
  pluginId: 'deploy',
});
