import { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import { deployPermissions } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { loadEnvironmentResources } from '../reading/environmentResources';
import { deployEnvironmentResourceRef, environmentRules } from './rules';

/** Tells the permission framework what there is to permit, and on what conditions. */
export function registerPermissions(
  registry: PermissionsRegistryService,
  knex: Knex,
): void {
  registry.addResourceType({
    resourceRef: deployEnvironmentResourceRef,
    permissions: deployPermissions.filter(
      permission => permission.type === 'resource',
    ),
    rules: environmentRules,
    getResources: refs => loadEnvironmentResources(knex, refs),
  });
  registry.addPermissions(
    deployPermissions.filter(permission => permission.type !== 'resource'),
  );
}
