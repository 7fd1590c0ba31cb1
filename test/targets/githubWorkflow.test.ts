import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import { createGithubWorkflowTarget } from '@vvp/backstage-plugin-deploy-backend/src/workflows';
import { GithubWorkflowSpec } from '@vvp/backstage-plugin-deploy-backend/src/workflows/planWorkflowRollback';
import {
  PlannedStep,
  TargetEnvironment,
} from '@vvp/backstage-plugin-deploy-node';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import {
  APP_TOKEN,
  GithubWorkflowWorld,
  REVIEWER_TOKEN,
  startWorkflowGithub,
  TestStep,
} from './githubWorkflowWorld';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const signal = () => new AbortController().signal;
const DISPATCH = 'actions/create-workflow-dispatch';

describe.each(databases.eachSupportedId())(
  'github-workflow on %s',
  databaseId => {
    let github: GithubSimulator;
    let count = 0;

    beforeAll(async () => {
      github = await startWorkflowGithub();
    });

    afterEach(async () => {
      await github.clearRestFaults();
      await github.setDispatches({ runDetails: true, hiddenFromLists: 0 });
    });

    afterAll(async () => {
      await expectNoViolations(github, `workflow-target-${databaseId}`);
      await github.stop();
    });

    /** Three releases in production, the last one current. */
    async function open(target: Partial<GithubWorkflowSpec> = {}) {
      count += 1;
      const world = new GithubWorkflowWorld(
        github,
        await migratedDatabase(databases, databaseId),
      );
      const repository = await world.addRepository(
        `shop-${databaseId.toLowerCase()}-${count}`,
      );
      const service = await world.addService(repository, 'shop', {
        name: 'production',
        jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
      });
      const releases = await world.pushAll(
        repository,
        'first',
        'second',
        'third',
      );
      const environment: TargetEnvironment<GithubWorkflowSpec> = {
        entityRef: service.entityRef,
        repository,
        environment: 'production',
        tier: 'production',
        target: {
          type: 'github-workflow',
          workflow: 'deploy.yml',
          releaseInput: 'release',
          ...target,
        },
      };
      const workflowTarget = createGithubWorkflowTarget(world.access);
      return {
        world,
        repository,
        service,
        releases,
        environment,
        target: workflowTarget,
        plan: async (revision: string): Promise<PlannedStep> => {
          const { steps } = await workflowTarget.planRollback(
            environment,
            revision,
            signal(),
          );
          expect(steps).toHaveLength(1);
          return steps[0];
        },
        /** What runs of the workflow by hand were told to deploy, newest first, and how they ended. */
        dispatches: async () =>
          (await world.runs(repository))
            .filter(run => run.event === 'workflow_dispatch')
            .map(run => [
              run.display_title.split(' ')[1],
              run.conclusion ?? run.status,
            ]),
      };
    }

    it('knows the releases that succeeded here, the newest first', async () => {
      const { target, environment, releases, repository } = await open();

      const revisions = await target.revisions(environment, signal());
      const current = await target.currentRevision(environment, signal());

      expect(revisions.map(({ id, current: is }) => [id, is])).toEqual([
        [releases[2], true],
        [releases[1], false],
        [releases[0], false],
      ]);
      expect(revisions.every(one => one.unavailable === undefined)).toBe(true);
      expect(current?.id).toBe(releases[2]);
      expect(target.describe(environment)).toEqual({
        resource: `Workflow deploy.yml of ${repository}`,
        lockKey: `github-workflow:${repository}/deploy.yml/production`,
        canRestart: false,
      });
    });

    it('runs the workflow for the chosen release, and that is in place then', async () => {
      const { target, environment, releases, plan, dispatches, ...rest } =
        await open();
      const step = await plan(releases[0]);
      const run = new TestStep();

      const result = await target.executeStep(environment, step, run.control());

      expect(await dispatches()).toEqual([[releases[0], 'success']]);
      expect(result.output).toMatchObject({ conclusion: 'success' });
      const before = await target.verify(environment, releases[0], signal());
      expect(before).toMatchObject({ serving: releases[0], inPlace: true });
      await rest.world.ingest(rest.repository);
      const after = await target.verify(environment, releases[0], signal());
      expect(after).toMatchObject({ serving: releases[0], inPlace: true });
      const row = await rest.world
        .knex('environments')
        .join('deployments', 'deployments.id', 'current_deployment_id')
        .join('releases', 'releases.id', 'release_id')
        .first('commit_sha');
      expect(row).toEqual({ commit_sha: releases[0] });
      expect(run.lines).toEqual(
        expect.arrayContaining([
          'info: build: success',
          'info: deploy: success',
        ]),
      );
    });

    it('says that it is there already, and does nothing', async () => {
      const { target, environment, releases } = await open();

      const plan = await target.planRollback(
        environment,
        releases[2],
        signal(),
      );

      expect(plan).toMatchObject({ alreadyThere: true, steps: [] });
    });

    it.each(['d'.repeat(40), 'not-a-commit'])(
      'refuses %s, which never succeeded here',
      async revision => {
        const { target, environment } = await open();

        const planning = target.planRollback(environment, revision, signal());

        await expect(planning).rejects.toMatchObject({ kind: 'not-found' });
      },
    );

    it('says what to add where the workflow cannot be told a release', async () => {
      const { target, environment, releases } = await open({
        releaseInput: undefined,
      });

      const revisions = await target.revisions(environment, signal());
      const planning = target.planRollback(environment, releases[0], signal());

      expect(revisions[1].unavailable).toContain('target.releaseInput');
      await expect(planning).rejects.toMatchObject({
        kind: 'invalid',
        remedy: expect.stringContaining('target.releaseInput'),
      });
    });

    it('refuses an input that is fixed and takes the release', async () => {
      const { target, environment } = await open({
        inputs: { release: 'main' },
      });

      expect(() => target.describe(environment)).toThrow(
        /target\.inputs\.release/,
      );
    });

    describe('killed', () => {
      it.each([
        ['with the run id', { runDetails: true }],
        ['without', { runDetails: false }],
        ['without, and listed late', { runDetails: false, hiddenFromLists: 3 }],
      ])(
        'between dispatch and remembering, %s: finds its run again',
        async (_name, settings) => {
          const { target, environment, releases, plan, dispatches } =
            await open();
          const step = await plan(releases[1]);
          const run = new TestStep();
          await github.setDispatches(settings);
          run.dieBeforeRemembering(memory => {
            const { runId, accepted } = memory.run as {
              runId?: number;
              accepted?: boolean;
            };
            return runId !== undefined || accepted === true;
          });
          await expect(
            target.executeStep(environment, step, run.control()),
          ).rejects.toThrow('SIGKILL');

          await target.executeStep(environment, step, run.control());

          expect(await dispatches()).toEqual([[releases[1], 'success']]);
        },
      );

      it('before the dispatch: starts the run once', async () => {
        const { target, environment, releases, plan, dispatches } =
          await open();
        const step = await plan(releases[1]);
        const run = new TestStep();
        run.dieBeforeRemembering(() => true);
        await expect(
          target.executeStep(environment, step, run.control()),
        ).rejects.toThrow('SIGKILL');

        await target.executeStep(environment, step, run.control());

        expect(await dispatches()).toEqual([[releases[1], 'success']]);
      });

      it('after the run: starts no other', async () => {
        const { target, environment, releases, plan, dispatches } =
          await open();
        const step = await plan(releases[1]);
        const run = new TestStep();
        await target.executeStep(environment, step, run.control());

        await target.executeStep(environment, step, run.control());

        expect(await dispatches()).toEqual([[releases[1], 'success']]);
      });
    });

    it('brings the release back when something was deployed over it meanwhile', async () => {
      const { target, environment, releases, plan, dispatches, ...rest } =
        await open();
      const step = await plan(releases[1]);
      const run = new TestStep();
      await target.executeStep(environment, step, run.control());
      await rest.world.ingest(rest.repository);
      await rest.world.push(rest.repository, 'pushed meanwhile');
      const between = await target.verify(environment, releases[1], signal());

      await target.executeStep(environment, step, run.control());

      expect(between.inPlace).toBe(false);
      const after = await target.verify(environment, releases[1], signal());
      expect(after.inPlace).toBe(true);
      expect(await dispatches()).toEqual([
        [releases[1], 'success'],
        [releases[1], 'success'],
      ]);
    });

    it('finds the run where an answer was lost with the connection', async () => {
      const { target, environment, releases, plan, dispatches } = await open();
      const step = await plan(releases[0]);
      const run = new TestStep();
      await github.failRest(DISPATCH, {
        status: 500,
        cut: true,
        carriedOut: true,
      });
      await expect(
        target.executeStep(environment, step, run.control()),
      ).rejects.toMatchObject({ kind: 'transient' });

      await target.executeStep(environment, step, run.control());

      expect(await dispatches()).toEqual([[releases[0], 'success']]);
    });

    it("takes nobody else's run for its own, whatever its title is", async () => {
      const { target, environment, releases, plan, dispatches, repository } =
        await open();
      const step = await plan(releases[0]);
      const run = new TestStep();
      await github.failRest(DISPATCH, { status: 502 });
      await expect(
        target.executeStep(environment, step, run.control()),
      ).rejects.toMatchObject({ kind: 'transient' });
      await github.start(repository, {
        workflow: 'deploy.yml',
        event: 'workflow_dispatch',
        actor: 'dana',
        inputs: {
          release: releases[1],
          correlation: `${run.operationId}/run`,
        },
      });

      await target.executeStep(environment, step, run.control());

      expect(await dispatches()).toContainEqual([releases[0], 'success']);
    });

    it('starts the run again where the dispatch never arrived', async () => {
      const { target, environment, releases, plan, dispatches } = await open();
      const step = await plan(releases[0]);
      const run = new TestStep();
      await github.failRest(DISPATCH, { status: 502 });
      await expect(
        target.executeStep(environment, step, run.control()),
      ).rejects.toMatchObject({ kind: 'transient' });

      await target.executeStep(environment, step, run.control());

      expect(await dispatches()).toEqual([[releases[0], 'success']]);
    });

    it.each([
      [401, {}, 'Bad credentials', { kind: 'credentials' }],
      [
        403,
        {},
        'Resource not accessible by integration',
        {
          kind: 'denied',
          remedy: expect.stringContaining('"Actions: write"'),
        },
      ],
      [
        429,
        { 'retry-after': '7' },
        'Too many requests',
        { kind: 'transient', retryAfterMs: 7_000 },
      ],
      [
        403,
        { 'retry-after': '60' },
        'You have exceeded a secondary rate limit',
        { kind: 'transient', retryAfterMs: 60_000 },
      ],
      [503, {}, 'Unavailable', { kind: 'transient' }],
      [
        422,
        {},
        "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
        {
          kind: 'invalid',
          message: expect.stringContaining('on a disabled workflow'),
        },
      ],
    ])(
      'tells by %s %j what it is, and starts nothing',
      async (status, headers, message, expected) => {
        const { target, environment, releases, plan, dispatches } =
          await open();
        const step = await plan(releases[0]);
        await github.failRest(DISPATCH, { status, headers, message });

        const executing = target.executeStep(
          environment,
          step,
          new TestStep().control(),
        );

        await expect(executing).rejects.toMatchObject(expected);
        expect(await dispatches()).toEqual([]);
      },
    );

    it('goes on following a run that GitHub does not tell of for a while', async () => {
      const { target, environment, releases, plan, dispatches } = await open();
      const step = await plan(releases[0]);
      await github.failRest('actions/get-workflow-run', {
        status: 502,
        times: 3,
      });

      await target.executeStep(environment, step, new TestStep().control());

      expect(await dispatches()).toEqual([[releases[0], 'success']]);
    });

    it.each([
      ['an app', { customRule: true }],
      ['a reviewer', { reviewers: ['omar'] }],
    ])(
      'says that a run waits for the go-ahead of %s, and goes on with it',
      async (_name, protection) => {
        const { target, environment, releases, plan, repository } =
          await open();
        const step = await plan(releases[0]);
        const { id } = await github.setEnvironment(
          repository,
          'production',
          protection,
        );
        const run = new TestStep();
        run.onWait = async () => {
          const { runId } = run.memory.run as { runId: number };
          const path = `/repos/${repository}/actions/runs/${runId}`;
          const decision = { state: 'approved', comment: '' };
          await ('customRule' in protection
            ? github.rest('POST', `${path}/deployment_protection_rule`, {
                token: APP_TOKEN,
                body: { ...decision, environment_name: 'production' },
              })
            : github.rest('POST', `${path}/pending_deployments`, {
                token: REVIEWER_TOKEN,
                body: { ...decision, environment_ids: [id] },
              }));
        };

        await target.executeStep(environment, step, run.control());

        expect(run.lines).toContainEqual(
          expect.stringMatching(
            '^warn: The run waits for a go-ahead of production: http',
          ),
        );
      },
    );

    describe('undone', () => {
      it('puts back what was there before a run that failed half-way', async () => {
        const { target, environment, releases, plan, dispatches, repository } =
          await open();
        const step = await plan(releases[0]);
        const run = new TestStep();
        await github.setOutcomes(repository, {
          [`*${releases[0]}*/deploy`]: { conclusion: 'failure' },
        });
        await expect(
          target.executeStep(environment, step, run.control()),
        ).rejects.toMatchObject({
          kind: 'unhealthy',
          message: expect.stringContaining('deploy (failure)'),
        });

        await target.compensateStep(environment, step, run.control());
        await target.compensateStep(environment, step, run.control());

        expect(await dispatches()).toEqual([
          [releases[2], 'success'],
          [releases[0], 'failure'],
        ]);
        const verified = await target.verify(
          environment,
          releases[2],
          signal(),
        );
        expect(verified.inPlace).toBe(true);
      });

      it('puts back what was there before after a run that succeeded', async () => {
        const { target, environment, releases, plan, dispatches } =
          await open();
        const step = await plan(releases[0]);
        const run = new TestStep();
        await target.executeStep(environment, step, run.control());

        await target.compensateStep(environment, step, run.control());

        expect(await dispatches()).toEqual([
          [releases[2], 'success'],
          [releases[0], 'success'],
        ]);
        const verified = await target.verify(
          environment,
          releases[2],
          signal(),
        );
        expect(verified.inPlace).toBe(true);
      });

      it('goes on with what is being put back where a process died over it', async () => {
        const { target, environment, releases, plan, repository, ...rest } =
          await open();
        const step = await plan(releases[0]);
        const run = new TestStep();
        await target.executeStep(environment, step, run.control());
        await github.setOutcomes(repository, {
          [`*${releases[2]}*/deploy`]: { hold: true },
        });
        run.onWait = async () => {
          throw new Error('SIGKILL');
        };
        await expect(
          target.compensateStep(environment, step, run.control()),
        ).rejects.toThrow('SIGKILL');
        const [{ id }] = await rest.world.runs(repository);
        run.onWait = async () => {
          const { attempts } = await github.run(repository, id);
          const held = attempts[0].jobs.find(({ name }) => name === 'deploy');
          await github.completeJob(repository, held!.id);
        };

        await target.compensateStep(environment, step, run.control());

        expect(await rest.dispatches()).toEqual([
          [releases[2], 'success'],
          [releases[0], 'success'],
        ]);
      });

      it('cancels a run that goes on, by force if it does not listen', async () => {
        const { target, environment, releases, plan, repository, ...rest } =
          await open();
        const step = await plan(releases[0]);
        const run = new TestStep();
        await github.setOutcomes(repository, {
          [`*${releases[0]}*/build`]: { hold: true },
        });
        run.onWait = async () => run.abort();
        await expect(
          target.executeStep(environment, step, run.control()),
        ).rejects.toThrow('The test has ended the step.');
        const undo = new TestStep();
        await undo.control().remember(run.memory);
        await github.failRest('actions/cancel-workflow-run', {
          status: 409,
          message: 'Cannot cancel',
        });

        await target.compensateStep(environment, step, undo.control());

        expect(await rest.dispatches()).toEqual([
          [releases[2], 'success'],
          [releases[0], 'cancelled'],
        ]);
        expect(undo.lines).toContainEqual(
          expect.stringContaining('stopping it by force'),
        );
      });

      it('does nothing where no job of the run was begun', async () => {
        const { target, environment, releases, plan, repository, ...rest } =
          await open();
        const step = await plan(releases[0]);
        const run = new TestStep();
        await github.setOutcomes(repository, { build: { hold: true } });
        const { runs } = await github.push(repository, {
          message: 'holds the group',
          files: {},
        });
        run.onWait = async () => run.abort();
        await github.override('actions/list-jobs-for-workflow-run', {
          total_count: 0,
          jobs: [],
        });
        await expect(
          target.executeStep(environment, step, run.control()),
        ).rejects.toThrow('The test has ended the step.');
        const undo = new TestStep();
        await undo.control().remember(run.memory);

        await target.compensateStep(environment, step, undo.control());
        await github.override('actions/list-jobs-for-workflow-run');

        expect(runs).toHaveLength(1);
        expect(await rest.dispatches()).toEqual([[releases[0], 'cancelled']]);
        expect(undo.lines).toContainEqual(
          expect.stringContaining('there is nothing to undo'),
        );
      });

      it('does nothing where no run was started', async () => {
        const { target, environment, releases, plan, dispatches } =
          await open();
        const step = await plan(releases[0]);
        const run = new TestStep();

        await target.compensateStep(environment, step, run.control());

        expect(await dispatches()).toEqual([]);
      });
    });

    describe('a workflow that tells nothing of who dispatched it', () => {
      const plain = { workflow: 'plain.yml' };

      it('is found by who dispatched it and when', async () => {
        const { target, environment, releases, plan, world, repository } =
          await open(plain);
        const step = await plan(releases[1]);
        await github.setDispatches({ runDetails: false, hiddenFromLists: 2 });
        await github.start(repository, {
          workflow: 'plain.yml',
          event: 'workflow_dispatch',
          actor: 'dana',
        });
        const run = new TestStep();

        const result = await target.executeStep(
          environment,
          step,
          run.control(),
        );

        const [newest] = await world.runs(repository);
        expect(result.output?.runId).toBe(String(newest.id));
      });

      it('is not guessed where two runs fit', async () => {
        const { target, environment, releases, plan, repository } = await open(
          plain,
        );
        const step = await plan(releases[1]);
        const run = new TestStep();
        await github.failRest(DISPATCH, {
          status: 500,
          cut: true,
          carriedOut: true,
        });
        await expect(
          target.executeStep(environment, step, run.control()),
        ).rejects.toMatchObject({ kind: 'transient' });
        await github.start(repository, {
          workflow: 'plain.yml',
          event: 'workflow_dispatch',
          actor: 'portal',
        });

        const executing = target.executeStep(environment, step, run.control());

        await expect(executing).rejects.toMatchObject({
          kind: 'invalid',
          remedy: expect.stringContaining('correlation'),
        });
      });
    });

    it.each<[string, Partial<GithubWorkflowSpec>, object]>([
      [
        'an input that the workflow does not have',
        { inputs: { colour: 'blue' } },
        { kind: 'invalid', message: expect.stringContaining('inputs.colour') },
      ],
      [
        'a choice that is none',
        { inputs: { size: 'huge' } },
        { kind: 'invalid', message: expect.stringContaining('small, large') },
      ],
      [
        'a boolean that is none',
        { inputs: { 'dry-run': 'yes' } },
        { kind: 'invalid', message: expect.stringContaining('inputs.dry-run') },
      ],
      [
        'a number that is none',
        { inputs: { replicas: 'many' } },
        {
          kind: 'invalid',
          message: expect.stringContaining('inputs.replicas'),
        },
      ],
      [
        'a required input that is missing',
        { workflow: 'plain.yml', releaseInput: 'releaze' },
        { kind: 'invalid', message: expect.stringContaining('inputs.release') },
      ],
      [
        'a workflow that cannot be dispatched',
        { workflow: 'push-only.yml' },
        {
          kind: 'invalid',
          remedy: expect.stringContaining('workflow_dispatch'),
        },
      ],
      [
        'a workflow that is not there',
        { workflow: 'gone.yml' },
        { kind: 'not-found', message: expect.stringContaining('gone.yml') },
      ],
      [
        'a branch that is gone',
        { ref: 'gone' },
        { kind: 'not-found', message: expect.stringContaining('gone') },
      ],
    ])('refuses %s before GitHub is asked', async (_name, spec, expected) => {
      const { target, environment, releases, plan, dispatches } = await open();
      const changed = { ...environment.target, ...spec };
      const step = await plan(releases[0]);
      const { ref, workflow, inputs = {}, releaseInput } = changed;

      const planning = target.planRollback(
        { ...environment, target: changed },
        releases[0],
        signal(),
      );
      const executing = target.executeStep(
        environment,
        {
          ...step,
          input: {
            ...step.input,
            ...(ref && { ref }),
            workflow,
            inputs,
            releaseInput: String(releaseInput),
          },
        },
        new TestStep().control(),
      );

      const results = await Promise.allSettled([planning, executing]);
      expect(results).toEqual([
        { status: 'rejected', reason: expect.objectContaining(expected) },
        { status: 'rejected', reason: expect.objectContaining(expected) },
      ]);
      expect(await dispatches()).toEqual([]);
    });

    it('says that a workflow is disabled', async () => {
      const { target, environment, releases, plan, repository } = await open();
      const step = await plan(releases[0]);
      await github.enableWorkflow(repository, 'deploy.yml', false);

      const executing = target.executeStep(
        environment,
        step,
        new TestStep().control(),
      );

      await expect(executing).rejects.toMatchObject({
        kind: 'invalid',
        message: expect.stringContaining('disabled'),
      });
    });

    it('waits for credentials where no integration has the host', async () => {
      const { world, environment, releases, plan } = await open();
      const step = await plan(releases[0]);
      const target = createGithubWorkflowTarget({
        ...world.access,
        github: { forUrl: async () => undefined },
      });

      const executing = target.executeStep(
        environment,
        step,
        new TestStep().control(),
      );

      await expect(executing).rejects.toMatchObject({ kind: 'credentials' });
    });

    it('tells the last runs, and what cannot be read', async () => {
      const { target, environment } = await open();

      const good = await target.diagnostics(environment, signal());
      await github.failRest('actions/get-workflow', { status: 403 });
      const bad = await target.diagnostics(environment, signal());

      expect(good.facts).toContainEqual({ label: 'State', value: 'active' });
      expect(good.events).toHaveLength(3);
      expect(good.problems).toEqual([]);
      expect(bad.problems).toEqual([
        expect.stringContaining('GitHub does not let the portal'),
      ]);
    });
  },
);
