import {
  AppRootElementBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { DemoBanner } from './DemoBanner';

/** What the demo adds to every page. */
export const demoModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    AppRootElementBlueprint.make({
      name: 'demo-banner',
      params: { element: <DemoBanner /> },
    }),
  ],
});
