import { TestDatabases } from '@backstage/backend-test-utils';
import { describeTarget } from '@vvp/backstage-plugin-deploy-node/testUtils';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import { startGithubWorkflowHarness } from './githubWorkflowHarness';
import { startWorkflowGithub } from './githubWorkflowWorld';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

describe('the kit', () => {
  let github: GithubSimulator;

  beforeAll(async () => {
    github = await startWorkflowGithub();
  }, 60_000);

  afterAll(async () => {
    await expectNoViolations(github, 'workflow-kit');
    await github.stop();
  });

  describeTarget(
    'github-workflow',
    async () =>
      startGithubWorkflowHarness(github, await databases.init('SQLITE_3')),
    // Octokit leaves a second between two changes.
    { stepLimitMs: 30_000, testTimeoutMs: 300_000 },
  );
});
