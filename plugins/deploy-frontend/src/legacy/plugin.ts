import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { DeployClient } from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from '../api';
import {
  entityContentRouteRef,
  evidenceRouteRef,
  freezesRouteRef,
  promotionsRouteRef,
  rollbackRouteRef,
  rootRouteRef,
} from '../routes';

/**
 * The plugin for the old frontend system.
 *
 * @public
 */
export const deployPlugin = createPlugin({
  id: 'deploy',
  routes: {
    root: rootRouteRef,
    entityContent: entityContentRouteRef,
    evidence: evidenceRouteRef,
    rollback: rollbackRouteRef,
    promotions: promotionsRouteRef,
    freezes: freezesRouteRef,
  },
  apis: [
    createApiFactory({
      api: deployApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: ({ discoveryApi, fetchApi }) =>
        new DeployClient({ discoveryApi, fetchApi }),
    }),
  ],
});

/**
 * The "Deployments" tab of a service page.
 *
 * @public
 */
export const EntityDeploymentsContent: () => JSX.Element = deployPlugin.provide(
  createRoutableExtension({
    name: 'EntityDeploymentsContent',
    component: () =>
      import('../components/DeploymentsTab').then(m => m.DeploymentsTab),
    mountPoint: entityContentRouteRef,
  }),
);

/**
 * The card for the overview of a service.
 *
 * @public
 */
export const EntityDeploymentsCard: () => JSX.Element = deployPlugin.provide(
  createComponentExtension({
    name: 'EntityDeploymentsCard',
    component: {
      lazy: () =>
        import('../components/DeploymentsCard').then(m => m.DeploymentsCard),
    },
  }),
);

/**
 * The "Rollback" tab of a service page.
 *
 * @public
 */
export const EntityRollbackContent: () => JSX.Element = deployPlugin.provide(
  createRoutableExtension({
    name: 'EntityRollbackContent',
    component: () =>
      import('../components/RollbackTab').then(m => m.RollbackTab),
    mountPoint: rollbackRouteRef,
  }),
);

/**
 * The "Evidence" tab of a service page.
 *
 * @public
 */
export const EntityEvidenceContent: () => JSX.Element = deployPlugin.provide(
  createRoutableExtension({
    name: 'EntityEvidenceContent',
    component: () =>
      import('../components/EvidenceTab').then(m => m.EvidenceTab),
    mountPoint: evidenceRouteRef,
  }),
);

/**
 * The card of the evidence for the overview of a service.
 *
 * @public
 */
export const EntityEvidenceCard: () => JSX.Element = deployPlugin.provide(
  createComponentExtension({
    name: 'EntityEvidenceCard',
    component: {
      lazy: () =>
        import('../components/EvidenceCard').then(m => m.EvidenceCard),
    },
  }),
);

/**
 * The page of all services.
 *
 * @public
 */
export const DeploymentsPage: () => JSX.Element = deployPlugin.provide(
  createRoutableExtension({
    name: 'DeploymentsPage',
    component: () =>
      import('../components/DeploymentsPage').then(m => m.DeploymentsPage),
    mountPoint: rootRouteRef,
  }),
);

/**
 * The page of promotions, to be mounted at `/deploy/promotions`.
 *
 * @public
 */
export const PromotionsPage: () => JSX.Element = deployPlugin.provide(
  createRoutableExtension({
    name: 'PromotionsPage',
    component: () =>
      import('../components/PromotionsPage').then(m => m.PromotionsPage),
    mountPoint: promotionsRouteRef,
  }),
);

/**
 * The page of freezes, to be mounted at `/deploy/freezes`.
 *
 * @public
 */
export const FreezesPage: () => JSX.Element = deployPlugin.provide(
  createRoutableExtension({
    name: 'FreezesPage',
    component: () =>
      import('../components/FreezesPage').then(m => m.FreezesPage),
    mountPoint: freezesRouteRef,
  }),
);

/**
 * The card of what waits for the user, for a home page.
 *
 * @public
 */
export const HomePromotionsCard: () => JSX.Element = deployPlugin.provide(
  createComponentExtension({
    name: 'HomePromotionsCard',
    component: {
      lazy: () =>
        import('../components/PromotionsCard').then(m => m.PromotionsCard),
    },
  }),
);
