import { containerAppCalls } from '../targets/azureContainerAppHarness';
import { scenario as finish } from './canaryFinish.scenario';
import { scenario as start } from './canaryStart.scenario';
import { scenario as startUndone } from './canaryStartUndone.scenario';
import { describeKills } from './describeKills';

// Each kill takes a process of its own.
jest.setTimeout(300_000);

describeKills(
  'canary',
  [
    {
      title: 'the start of a canary',
      file: require.resolve('./canaryStart.scenario.ts'),
      scenario: start,
      database: 'PostgreSQL',
      maxKills: 6,
      minKills: 4,
      takesItsTime: true,
    },
    {
      title: 'the start of a canary that is undone',
      file: require.resolve('./canaryStartUndone.scenario.ts'),
      scenario: startUndone,
      database: 'SQLite',
      end: 'failed, as-before',
      maxKills: 6,
      minKills: 4,
      takesItsTime: true,
    },
    {
      title: 'what gives a canary all of the traffic',
      file: require.resolve('./canaryFinish.scenario.ts'),
      scenario: finish,
      database: 'SQLite',
      maxKills: 6,
      minKills: 4,
      takesItsTime: true,
    },
  ],
  () => containerAppCalls.write('canary-kills'),
);
