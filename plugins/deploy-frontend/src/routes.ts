import { createRouteRef } from '@backstage/core-plugin-api';

/**
 * The page that lists every service with its environments.
 *
 * @public
 */
export const rootRouteRef = createRouteRef({ id: 'deploy' });

/**
 * The "Deployments" tab of a service page.
 *
 * @public
 */
export const entityContentRouteRef = createRouteRef({
  id: 'deploy:entity-content',
});

/**
 * The "Evidence" tab of a service page.
 *
 * @public
 */
export const evidenceRouteRef = createRouteRef({ id: 'deploy:evidence' });

/**
 * The "Rollback" tab of a service page.
 *
 * @public
 */
export const rollbackRouteRef = createRouteRef({ id: 'deploy:rollback' });
