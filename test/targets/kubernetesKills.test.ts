import { describeKills } from '../faults/describeKills';
import { scenario as deployment } from './kubernetesDeployment.scenario';
import { validator } from './kubernetesScenario';
import { saveKubernetesValidation } from './kubernetesValidation';
import { scenario as undone } from './kubernetesUndone.scenario';

// Each kill takes a process of its own.
jest.setTimeout(300_000);

describeKills(
  'kubernetes',
  [
    {
      title: 'a rollback of a Deployment',
      file: require.resolve('./kubernetesDeployment.scenario.ts'),
      scenario: deployment,
      database: 'SQLite',
      maxKills: 9,
      minKills: 7,
      takesItsTime: true,
    },
    {
      title: 'a rollback of a Deployment that is undone',
      file: require.resolve('./kubernetesUndone.scenario.ts'),
      scenario: undone,
      database: 'PostgreSQL',
      end: 'failed, as-before',
      maxKills: 11,
      minKills: 9,
      takesItsTime: true,
    },
  ],
  () => saveKubernetesValidation(validator, 'kubernetes-kills'),
);
