import { describeKills } from '../faults/describeKills';
import { containerAppCalls } from './azureContainerAppHarness';
import { scenario as multiple } from './azureContainerAppMultiple.scenario';
import { scenario as multipleUndone } from './azureContainerAppMultipleUndone.scenario';
import { scenario as single } from './azureContainerAppSingle.scenario';
import { scenario as singleUndone } from './azureContainerAppSingleUndone.scenario';

// Each kill takes a process of its own.
jest.setTimeout(300_000);

describeKills(
  'azure-container-app',
  [
    {
      title: 'a rollback with multiple revisions',
      file: require.resolve('./azureContainerAppMultiple.scenario.ts'),
      scenario: multiple,
      database: 'SQLite',
      maxKills: 9,
      minKills: 7,
      takesItsTime: true,
    },
    {
      title: 'a rollback with multiple revisions that is undone',
      file: require.resolve('./azureContainerAppMultipleUndone.scenario.ts'),
      scenario: multipleUndone,
      database: 'PostgreSQL',
      end: 'failed, as-before',
      maxKills: 10,
      minKills: 8,
      takesItsTime: true,
    },
    {
      title: 'a rollback with a single revision',
      file: require.resolve('./azureContainerAppSingle.scenario.ts'),
      scenario: single,
      database: 'PostgreSQL',
      maxKills: 6,
      minKills: 4,
      takesItsTime: true,
    },
    {
      title: 'a rollback with a single revision that is undone',
      file: require.resolve('./azureContainerAppSingleUndone.scenario.ts'),
      scenario: singleUndone,
      database: 'SQLite',
      end: 'failed, as-before',
      maxKills: 7,
      minKills: 5,
      takesItsTime: true,
    },
  ],
  () => containerAppCalls.write('azure-container-app-kills'),
);
