import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import {
  NewOperation,
  RunningOperation,
} from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import { OperationRequests } from '@vvp/backstage-plugin-deploy-backend/src/operations/requests/OperationRequests';
import { AdmissionDesk } from '@vvp/backstage-plugin-deploy-backend/src/restrictions/AdmissionDesk';
import { HoldStore } from '@vvp/backstage-plugin-deploy-backend/src/restrictions/HoldStore';
import { LockStore } from '@vvp/backstage-plugin-deploy-backend/src/restrictions/LockStore';
import { QuarantinedRevisionStore } from '@vvp/backstage-plugin-deploy-backend/src/restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '@vvp/backstage-plugin-deploy-backend/src/restrictions/QuarantineStore';
import { ReleaseHistory } from '@vvp/backstage-plugin-deploy-backend/src/rollbacks/ReleaseHistory';
import { TargetEnvironments } from '@vvp/backstage-plugin-deploy-backend/src/targets/TargetEnvironments';
import { TargetRegistry } from '@vvp/backstage-plugin-deploy-backend/src/targets/TargetRegistry';
import { WorkflowsRunner } from '@vvp/backstage-plugin-deploy-backend/src/workflows';
import { silentLogger } from '../faults/silentLogger';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import {
  GithubWorkflowWorld,
  startWorkflowGithub,
  TestStep,
} from './githubWorkflowWorld';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const caller = {
  by: 'user:default/dana',
  automatic: false,
  permission: { name: 'deploy.deploy', allowed: true },
};

describe.each(databases.eachSupportedId())(
  'a redeployment that only a workflow can do, on %s',
  databaseId => {
    let github: GithubSimulator;

    beforeAll(async () => {
      github = await startWorkflowGithub();
    });

    afterAll(async () => {
      await expectNoViolations(github, `workflow-redeploy-${databaseId}`);
      await github.stop();
    });

    it('puts back what was there before if its run fails half-way', async () => {
      const knex = await migratedDatabase(databases, databaseId);
      const world = new GithubWorkflowWorld(github, knex);
      const repository = await world.addRepository(
        `again-${databaseId.toLowerCase()}`,
      );
      const service = await world.addService(repository, 'again', {
        name: 'production',
        jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
        workflows: {
          deploy: { workflow: 'deploy.yml', releaseInput: 'release' },
        },
      });
      const old = await world.push(repository, 'first');
      const current = await world.push(repository, 'second');
      const quarantines = new QuarantineStore(knex);
      const quarantinedRevisions = new QuarantinedRevisionStore(knex);
      const environments = new TargetEnvironments({
        knex,
        registry: new TargetRegistry(),
        logger: silentLogger,
      });
      const submitted: NewOperation[] = [];
      const requests = new OperationRequests({
        environments,
        history: new ReleaseHistory({
          knex,
          quarantines,
          quarantinedRevisions,
        }),
        desk: new AdmissionDesk({
          knex,
          locks: new LockStore(knex),
          holds: new HoldStore(knex),
          quarantines,
          quarantinedRevisions,
          freezesOf: async () => [],
        }),
        askVersion: async () => ({}),
        findRepeated: async () => undefined,
        submit: async operation => {
          submitted.push(operation);
          return { id: 'operation-1', created: true };
        },
      });
      const known = await environments.find({ id: service.environmentId });
      await requests.redeploy(
        known!,
        {
          commit: old,
          reason: 'It worked better',
          confirm: known!.serviceName,
        },
        caller,
      );
      const operation: RunningOperation = {
        ...submitted[0],
        id: 'operation-1',
        createdAt: new Date().toISOString(),
      };
      const [plan] = operation.steps;
      const runner = new WorkflowsRunner(world.access);
      const step = new TestStep();
      await github.setOutcomes(repository, {
        [`*${old}*/deploy`]: { conclusion: 'failure' },
      });

      await expect(
        runner.execute(operation, plan, step.control()),
      ).rejects.toMatchObject({ kind: 'unhealthy' });
      await runner.compensate(operation, plan, step.control());

      expect(operation.from).toEqual({ commit: current });
      const runs = (await world.runs(repository))
        .filter(run => run.event === 'workflow_dispatch')
        .map(run => [run.display_title.split(' ')[1], run.conclusion]);
      expect(runs).toEqual([
        [current, 'success'],
        [old, 'failure'],
      ]);
    });
  },
);
