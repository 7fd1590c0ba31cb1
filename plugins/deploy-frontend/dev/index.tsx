import '@backstage/cli/asset-types';
import '@backstage/ui/css/styles.css';
import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import { createApp } from '@backstage/frontend-defaults';
import {
  ApiBlueprint,
  createFrontendModule,
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import HomeIcon from '@material-ui/icons/Home';
import ReactDOM from 'react-dom/client';
import deployPlugin, { deployApiRef } from '../src';
import { sampleEntity } from '../src/__testUtils__/samples';
import { GalleryDeployApi } from './GalleryDeployApi';
import { evidenceStates, GalleryIndex, tabStates } from './GalleryIndex';
import { promotionServices } from './promotionScenarios';
import { rollbackStates } from './rollbackScenarios';

const gallery = createFrontendPlugin({
  pluginId: 'gallery',
  title: 'Gallery',
  icon: <HomeIcon fontSize="inherit" />,
  extensions: [
    PageBlueprint.make({
      params: {
        path: '/',
        title: 'Gallery',
        loader: async () => <GalleryIndex />,
      },
    }),
  ],
});

const simulatedCatalog = createFrontendModule({
  pluginId: 'catalog',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: catalogApiRef,
          deps: {},
          factory: () =>
            new InMemoryCatalogClient({
              entities: [
                ...new Set([
                  ...tabStates,
                  ...evidenceStates,
                  ...rollbackStates,
                  ...promotionServices,
                ]),
              ].map(name =>
                sampleEntity(
                  name,
                  name === 'empty-without-annotation' ? {} : undefined,
                ),
              ),
            }),
        }),
    }),
  ],
});

const simulatedDeploy = createFrontendModule({
  pluginId: 'deploy',
  extensions: [
    ApiBlueprint.make({
      name: 'client',
      params: defineParams =>
        defineParams({
          api: deployApiRef,
          deps: {},
          factory: () => new GalleryDeployApi(),
        }),
    }),
  ],
});

const app = createApp({
  features: [
    catalogPlugin,
    deployPlugin,
    gallery,
    simulatedCatalog,
    simulatedDeploy,
  ],
});

const root = document.getElementById('root');
if (root) {
  ReactDOM.createRoot(root).render(app.createRoot());
}
