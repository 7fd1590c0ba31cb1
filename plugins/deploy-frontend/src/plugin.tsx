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
import AssessmentIcon from '@material-ui/icons/Assessment';
import CloudDoneIcon from '@material-ui/icons/CloudDone';
import RestoreIcon from '@material-ui/icons/Restore';
import { DeployClient } from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from './api';
import { isDeployAvailable } from './legacy/availability';
import {
  entityContentRouteRef,
  evidenceRouteRef,
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
  },
  extensions: [
    deployApi,
    deploymentsPage,
    deploymentsTab,
    deploymentsCard,
    rollbackTab,
    evidenceTab,
    evidenceCard,
  ],
});
