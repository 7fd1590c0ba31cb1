import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Resource type of the permissions that concern one environment of one service.
 *
 * @public
 */
export const RESOURCE_TYPE_DEPLOY_ENVIRONMENT = 'deploy-environment';

/**
 * See services, environments, releases and deployments.
 *
 * @public
 */
export const deployReadPermission = createPermission({
  name: 'deploy.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * See what could not be ingested, and other inner workings.
 *
 * @public
 */
export const deployAdministerPermission = createPermission({
  name: 'deploy.administer',
  attributes: { action: 'read' },
});

/**
 * Bring a report about a service, as a person or with a service token.
 *
 * @public
 */
export const deployReportPermission = createPermission({
  name: 'deploy.report',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Let a release pass a gate that it does not meet.
 *
 * @public
 */
export const deployWaivePermission = createPermission({
  name: 'deploy.waive',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Every permission of the plugin.
 *
 * @public
 */
export const deployPermissions = [
  deployReadPermission,
  deployReportPermission,
  deployWaivePermission,
  deployAdministerPermission,
];
