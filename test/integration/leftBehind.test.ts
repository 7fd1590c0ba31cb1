import { TestDatabases } from '@backstage/backend-test-utils';
import { RunningOperation } from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import { QuarantinedRevisionStore } from '@vvp/backstage-plugin-deploy-backend/src/restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '@vvp/backstage-plugin-deploy-backend/src/restrictions/QuarantineStore';
import { ReleaseHistory } from '@vvp/backstage-plugin-deploy-backend/src/rollbacks/ReleaseHistory';
import { WorkflowsRunner } from '@vvp/backstage-plugin-deploy-backend/src/workflows';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import {
  GithubWorkflowWorld,
  startWorkflowGithub,
  TestStep,
} from '../targets/githubWorkflowWorld';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

describe.each(databases.eachSupportedId())(
  'what a failed run left, on %s',
  databaseId => {
    let github: GithubSimulator;
    let count = 0;

    beforeAll(async () => {
      github = await startWorkflowGithub();
    });

    afterAll(async () => {
      await expectNoViolations(github, `left-behind-${databaseId}`);
      await github.stop();
    });

    /** A promotion of `commit` whose first job fails, so that the one that deploys is skipped; `before` serves. */
    async function failed() {
      count += 1;
      const world = await GithubWorkflowWorld.open(
        github,
        await databases.init(databaseId),
      );
      const { knex } = world;
      const repository = await world.addRepository(
        `left-${databaseId.toLowerCase()}-${count}`,
      );
      const service = await world.addService(repository, 'compose', {
        name: 'production',
        jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
      });
      const before = await world.push(repository, 'first');
      await github.setOutcomes(repository, {
        build: { conclusion: 'failure' },
      });
      const commit = await world.push(repository, 'second');
      const history = new ReleaseHistory({
        knex,
        quarantines: new QuarantineStore(knex),
        quarantinedRevisions: new QuarantinedRevisionStore(knex),
      });
      const operation: RunningOperation = {
        id: 'operation-1',
        serviceId: service.id,
        environmentId: service.environmentId,
        kind: 'promote',
        automatic: false,
        requestedBy: 'user:default/dana',
        context: {},
        createdAt: new Date().toISOString(),
        steps: [],
      };
      const plan = {
        runner: 'workflows',
        name: 'deploy',
        title: 'Deploy',
        input: {
          kind: 'run-workflow',
          workflow: 'deploy.yml',
          releaseInput: 'release',
          commit,
        },
      };
      const step = new TestStep();
      await expect(
        new WorkflowsRunner(world.access).execute(
          operation,
          plan,
          step.control(),
        ),
      ).rejects.toMatchObject({ kind: 'unhealthy' });
      return {
        knex,
        service,
        history,
        before,
        commit,
        step,
        /** `serving` is what the platform says, at each look. */
        undo: (...serving: string[]) =>
          new WorkflowsRunner({
            ...world.access,
            lookAtLeft: async id => {
              const known = await history.knownThere(id);
              return {
                environment: 'production',
                seen: serving
                  .splice(0, 1)
                  .map(one => ({ commit: one, by: 'The platform' })),
                ...(known && { known }),
              };
            },
          }).compensate(operation, plan, step.control()),
      };
    }

    it('is looked at although the job that deploys was not begun, and twice', async () => {
      const { undo, before, step } = await failed();

      await undo(before, before);

      expect(step.lines.at(-1)).toMatch(/as before/);
    });

    it('is not known where only the first look says that all is as before', async () => {
      const { undo, before, commit } = await failed();

      await expect(undo(before, commit)).rejects.toThrow(/the new release/);
    });

    it('is not known where nobody tells', async () => {
      const { undo } = await failed();

      await expect(undo()).rejects.toThrow(/is not known/);
    });

    it('is held against what the portal knows for sure alone', async () => {
      const { knex, service, history, before } = await failed();
      const known = await history.knownThere(service.environmentId);
      await knex('dispatched_runs').update({
        conclusion: 'success',
        finished_at: new Date(Date.now() + 3_600_000).toISOString(),
      });

      const unsure = await history.knownThere(service.environmentId);

      expect(known?.commit).toBe(before);
      expect(unsure).toBeUndefined();
    });
  },
);
