import {
  ApiBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import AcUnitIcon from '@material-ui/icons/AcUnit';
import AssessmentIcon from '@material-ui/icons/Assessment';
import CloudDoneIcon from '@material-ui/icons/CloudDone';
import HowToRegIcon from '@material-ui/icons/HowToReg';
import RestoreIcon from '@material-ui/icons/Restore';
import { DeployClient } from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from './api';
import { isDeployAvailable } from './legacy/availability';
import {
  entityContentRouteRef,
  evidenceRouteRef,
  freezesRouteRef,
  promotionsRouteRef,
  rollbackRouteRef,
  rootRouteRef,
} from './routes';

const deployApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: deployApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: ({ discoveryApi, fetchApi }) =>
        new DeployClient({ discoveryApi, fetchApi }),
    }),
});

const deploymentsPage = PageBlueprint.make({
  params: {
    path: '/deployments',
    title: 'Deployments',
    icon: <CloudDoneIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    loader: () =>
      import('./components/DeploymentsPage').then(m => (
        <main>
          <m.DeploymentsPageContent />
        </main>
      )),
  },
});

const promotionsPage = PageBlueprint.make({
  name: 'promotions',
  params: {
    path: '/deploy/promotions',
    title: 'Promotions',
    icon: <HowToRegIcon fontSize="inherit" />,
    routeRef: promotionsRouteRef,
    loader: () =>
      import('./components/PromotionsPage').then(m => (
        <main>
          <m.PromotionsPageContent />
        </main>
      )),
  },
});

const freezesPage = PageBlueprint.make({
  name: 'freezes',
  params: {
    path: '/deploy/freezes',
    title: 'Freezes',
    icon: <AcUnitIcon fontSize="inherit" />,
    routeRef: freezesRouteRef,
    loader: () =>
      import('./components/FreezesPage').then(m => (
        <main>
          <m.FreezesPageContent />
        </main>
      )),
  },
});

const deploymentsTab = EntityContentBlueprint.make({
  name: 'deployments',
  params: {
    path: '/deployments',
    title: 'Deployments',
    group: 'deployment',
    icon: <CloudDoneIcon fontSize="inherit" />,
    routeRef: entityContentRouteRef,
    filter: { kind: 'component' },
    loader: () =>
      import('./components/DeploymentsTab').then(m => <m.DeploymentsTab />),
  },
});

const deploymentsCard = EntityCardBlueprint.make({
  name: 'deployments',
  params: {
    type: 'content',
    filter: entity =>
      entity.kind.toLocaleLowerCase('en-US') === 'component' &&
      isDeployAvailable(entity),
    loader: () =>
      import('./components/DeploymentsCard').then(m => <m.DeploymentsCard />),
  },
});

const evidenceTab = EntityContentBlueprint.make({
  name: 'evidence',
  params: {
    path: '/evidence',
    title: 'Evidence',
    group: 'deployment',
    icon: <AssessmentIcon fontSize="inherit" />,
    routeRef: evidenceRouteRef,
    filter: { kind: 'component' },
    loader: () =>
      import('./components/EvidenceTab').then(m => <m.EvidenceTab />),
  },
});

const rollbackTab = EntityContentBlueprint.make({
  name: 'rollback',
  params: {
    path: '/rollback',
    title: 'Rollback',
    group: 'deployment',
    icon: <RestoreIcon fontSize="inherit" />,
    routeRef: rollbackRouteRef,
    filter: { kind: 'component' },
    loader: () =>
      import('./components/RollbackTab').then(m => <m.RollbackTab />),
  },
});

const evidenceCard = EntityCardBlueprint.make({
  name: 'evidence',
  params: {
    type: 'content',
    filter: entity =>
      entity.kind.toLocaleLowerCase('en-US') === 'component' &&
      isDeployAvailable(entity),
    loader: () =>
      import('./components/EvidenceCard').then(m => <m.EvidenceCard />),
  },
});

const promotionsWidget = HomePageWidgetBlueprint.make({
  name: 'promotions',
  params: {
    name: 'PromotionsWaitingForMe',
    title: 'Waiting for my approval',
    description: 'Promotions that your voice is missing for',
    components: () =>
      import('./components/PromotionsCard').then(m => ({
        Content: m.PromotionsCardContent,
      })),
    layout: { width: { minColumns: 4 }, height: { minRows: 3 } },
  },
});

/**
 * The plugin for the new frontend system.
 *
 * @public
 */
export const deployFrontendPlugin = createFrontendPlugin({
  pluginId: 'deploy',
  title: 'Deployments',
  icon: <CloudDoneIcon fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    entityContent: entityContentRouteRef,
    evidence: evidenceRouteRef,
    rollback: rollbackRouteRef,
    promotions: promotionsRouteRef,
    freezes: freezesRouteRef,
  },
  extensions: [
    deployApi,
    deploymentsPage,
    promotionsPage,
    freezesPage,
    deploymentsTab,
    deploymentsCard,
    rollbackTab,
    evidenceTab,
    evidenceCard,
    promotionsWidget,
  ],
});
