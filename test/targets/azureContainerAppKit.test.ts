import {
  describeCanary,
  describeTarget,
} from '@vvp/backstage-plugin-deploy-node/testUtils';
import { deaths } from '../faults/sampling';
import {
  containerAppCalls,
  startContainerApps,
} from './azureContainerAppHarness';

afterAll(() => containerAppCalls.write('azure-container-app-kit'));

describeTarget(
  'azure-container-app, multiple revisions',
  () => startContainerApps({ mode: 'Multiple' }),
  deaths,
);

describeTarget(
  'azure-container-app, single revision',
  () => startContainerApps({ mode: 'Single' }),
  deaths,
);

describeCanary('azure-container-app', () =>
  startContainerApps({ mode: 'Multiple' }),
);
