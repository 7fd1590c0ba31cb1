import { describeKills } from '../faults/describeKills';
import { expectNoViolations } from '../simulators/github/testing';
import { scenario as rollback } from './githubWorkflowRollback.scenario';
import { sharedGithub } from './githubWorkflowScenario';
import { scenario as undone } from './githubWorkflowUndone.scenario';

// Each kill takes a process of its own.
jest.setTimeout(300_000);

describeKills(
  'github-workflow',
  [
    {
      title: 'a rollback by a workflow',
      file: require.resolve('./githubWorkflowRollback.scenario.ts'),
      scenario: rollback,
      database: 'SQLite',
      maxKills: 10,
      minKills: 8,
      takesItsTime: true,
    },
    {
      title: 'a rollback by a workflow that is undone',
      file: require.resolve('./githubWorkflowUndone.scenario.ts'),
      scenario: undone,
      database: 'PostgreSQL',
      end: 'failed, as-before',
      maxKills: 12,
      minKills: 10,
      takesItsTime: true,
    },
  ],
  async () => {
    const github = await sharedGithub();
    await expectNoViolations(github, 'workflow-kills');
    await github.stop();
  },
);
