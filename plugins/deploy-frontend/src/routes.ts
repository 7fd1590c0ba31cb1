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

/**
 * The page of promotions: what waits for the user, what is under way, what was decided.
 *
 * @public
 */
export const promotionsRouteRef = createRouteRef({ id: 'deploy:promotions' });

/**
 * The page of freezes.
 *
 * @public
 */
export const freezesRouteRef = createRouteRef({ id: 'deploy:freezes' });
