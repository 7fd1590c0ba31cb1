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
 * Deploy a release without a promotion: redeploy, force-deploy.
 *
 * @public
 */
export const deployDeployPermission = createPermission({
  name: 'deploy.deploy',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Put an earlier revision back.
 *
 * @public
 */
export const deployRollbackPermission = createPermission({
  name: 'deploy.rollback',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Restart, cancel an operation, run tests again, lift a hold.
 *
 * @public
 */
export const deployOperatePermission = createPermission({
  name: 'deploy.operate',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Lock an environment, and release its lock.
 *
 * @public
 */
export const deployLockPermission = createPermission({
  name: 'deploy.lock',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Quarantine a release or a revision, and lift a quarantine.
 *
 * @public
 */
export const deployQuarantinePermission = createPermission({
  name: 'deploy.quarantine',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Ask that a release goes into an environment, and take the request back.
 *
 * @public
 */
export const deployPromotePermission = createPermission({
  name: 'deploy.promote',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Approve or reject a promotion; whose voice counts is the promotion policy's.
 *
 * @public
 */
export const deployApprovePermission = createPermission({
  name: 'deploy.approve',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
});

/**
 * Set a freeze and end it. Freezes reach over services, so it is no matter of a single environment.
 *
 * @public
 */
export const deployFreezePermission = createPermission({
  name: 'deploy.freeze',
  attributes: { action: 'create' },
});

/**
 * Go ahead with a reason where a rule refuses that may be waived, such as a version address that
 * proves nothing.
 *
 * @public
 */
export const deployOverridePermission = createPermission({
  name: 'deploy.override',
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
  deployDeployPermission,
  deployRollbackPermission,
  deployOperatePermission,
  deployLockPermission,
  deployQuarantinePermission,
  deployOverridePermission,
  deployPromotePermission,
  deployApprovePermission,
  deployFreezePermission,
  deployAdministerPermission,
];
