import { describeTarget } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { deaths } from '../faults/sampling';
import {
  startAzureVmConfigFileHarness,
  startAzureVmReleaseHarness,
} from './azureVmHarness';

// Scripts run for real, and a run-command takes its time.
const limits = { ...deaths, stepLimitMs: 60_000, testTimeoutMs: 300_000 };

describeTarget('azure-vm with releases', startAzureVmReleaseHarness, limits);
describeTarget(
  'azure-vm with a configuration file',
  startAzureVmConfigFileHarness,
  limits,
);
