import {
  describeCanary,
  describeTarget,
} from '@vvp/backstage-plugin-deploy-node/testUtils';
import {
  containerAppCalls,
  startContainerApps,
} from './azureContainerAppHarness';

afterAll(() => containerAppCalls.write('azure-container-app-kit'));

describeTarget('azure-container-app, multiple revisions', () =>
  startContainerApps({ mode: 'Multiple' }),
);

describeTarget('azure-container-app, single revision', () =>
  startContainerApps({ mode: 'Single' }),
);

describeCanary('azure-container-app', () =>
  startContainerApps({ mode: 'Multiple' }),
);
