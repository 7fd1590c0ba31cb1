import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import { describeTarget } from '@vvp/backstage-plugin-deploy-node/testUtils';
import type { Knex } from 'knex';
import { deaths } from '../faults/sampling';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import { startGithubWorkflowHarness } from './githubWorkflowHarness';
import { startWorkflowGithub } from './githubWorkflowWorld';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

describe('the kit', () => {
  let github: GithubSimulator;
  let knex: Knex;

  beforeAll(async () => {
    github = await startWorkflowGithub();
    knex = await migratedDatabase(databases, 'SQLITE_3');
  }, 240_000);

  afterAll(async () => {
    await expectNoViolations(github, 'workflow-kit');
    await github.stop();
  });

  describeTarget(
    'github-workflow',
    () => startGithubWorkflowHarness(github, knex),
    // Octokit leaves a second between two changes.
    { ...deaths, stepLimitMs: 30_000, testTimeoutMs: 300_000 },
  );
});
