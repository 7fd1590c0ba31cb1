import { describeKills } from '../faults/describeKills';
import { scenario as configFile } from './azureVmConfigFile.scenario';
import { scenario as configFileUndone } from './azureVmConfigFileUndone.scenario';
import { scenario as release } from './azureVmRelease.scenario';
import { scenario as releaseUndone } from './azureVmReleaseUndone.scenario';

// Each kill takes a process of its own.
jest.setTimeout(300_000);

describeKills('azure-vm', [
  {
    title: 'a rollback of a release',
    file: require.resolve('./azureVmRelease.scenario.ts'),
    scenario: release,
    database: 'SQLite',
    maxKills: 5,
    minKills: 4,
    takesItsTime: true,
  },
  {
    title: 'a rollback of a release that is undone',
    file: require.resolve('./azureVmReleaseUndone.scenario.ts'),
    scenario: releaseUndone,
    database: 'PostgreSQL',
    end: 'failed, as-before',
    maxKills: 6,
    minKills: 5,
    takesItsTime: true,
  },
  {
    title: 'a rollback of a configuration file',
    file: require.resolve('./azureVmConfigFile.scenario.ts'),
    scenario: configFile,
    database: 'PostgreSQL',
    maxKills: 4,
    minKills: 3,
    takesItsTime: true,
  },
  {
    title: 'a rollback of a configuration file that is undone',
    file: require.resolve('./azureVmConfigFileUndone.scenario.ts'),
    scenario: configFileUndone,
    database: 'SQLite',
    end: 'failed, as-before',
    maxKills: 5,
    minKills: 4,
    takesItsTime: true,
  },
]);
