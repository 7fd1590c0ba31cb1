import { TestDatabases } from '@backstage/backend-test-utils';
import { OperationKind } from '@vvp/backstage-plugin-deploy-common';
import {
  NewStep,
  RunningOperation,
} from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import {
  runsInFlight,
  sameRunServices,
  WorkflowsRunner,
  WorkflowsStepInput,
} from '@vvp/backstage-plugin-deploy-backend/src/workflows';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import {
  GithubWorkflowWorld,
  startWorkflowGithub,
  TestStep,
  WorldService,
} from '../targets/githubWorkflowWorld';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const job = (name: string) => ({
  workflow: 'monorepo.yml',
  job: name,
  commit: 'run' as const,
});

describe.each(databases.eachSupportedId())('workflows on %s', databaseId => {
  let github: GithubSimulator;
  let count = 0;

  beforeAll(async () => {
    github = await startWorkflowGithub();
  });

  afterEach(() => github.clearRestFaults());

  afterAll(async () => {
    await expectNoViolations(github, `workflows-${databaseId}`);
    await github.stop();
  });

  /** A monorepo whose pipeline deploys two services. */
  async function open() {
    count += 1;
    const world = await GithubWorkflowWorld.open(
      github,
      await databases.init(databaseId),
    );
    const repository = await world.addRepository(
      `mono-${databaseId.toLowerCase()}-${count}`,
    );
    const shop = await world.addService(repository, 'shop', {
      name: 'production',
      jobs: [job('deploy-shop')],
    });
    const other = await world.addService(repository, 'other', {
      name: 'production',
      jobs: [job('deploy-other')],
    });
    const runner = new WorkflowsRunner(world.access);
    const operationOf = (
      service: WorldService,
      kind: OperationKind,
      step: TestStep,
    ): RunningOperation => ({
      id: step.operationId,
      serviceId: service.id,
      environmentId: service.environmentId,
      kind,
      automatic: false,
      requestedBy: 'user:default/dana',
      context: {},
      createdAt: new Date().toISOString(),
      steps: [],
    });
    const newStep = (input: WorkflowsStepInput): NewStep => ({
      runner: 'workflows',
      name: input.kind,
      title: input.kind,
      input: JSON.parse(JSON.stringify(input)),
    });
    return {
      world,
      repository,
      shop,
      other,
      execute: (
        input: WorkflowsStepInput,
        step = new TestStep(),
        service = shop,
        kind: OperationKind = 'rerun-tests',
      ) =>
        runner.execute(
          operationOf(service, kind, step),
          newStep(input),
          step.control(),
        ),
      compensate: (
        input: WorkflowsStepInput,
        step: TestStep,
        kind: OperationKind = 'rerun-tests',
      ) =>
        runner.compensate(
          operationOf(shop, kind, step),
          newStep(input),
          step.control(),
        ),
      /** A push that the monorepo's pipeline takes up. */
      push: async (
        message: string,
        outcomes: Record<string, { hold?: boolean }> = {},
      ) => {
        const { runs } = await github.push(repository, {
          branch: 'mono',
          message,
          files: { 'README.md': `${message}\n` },
          outcomes,
        });
        await world.ingest(repository);
        return String(runs[0]);
      },
      conclusionOf: async (runId: string) => {
        const run = await github.run(repository, Number(runId));
        const { status, conclusion } = run.attempts[run.attempts.length - 1];
        return conclusion ?? status;
      },
    };
  }

  describe('running a workflow', () => {
    const smoke = { kind: 'run-workflow', workflow: 'smoke.yml' } as const;

    it('ends well with its run', async () => {
      const { execute, conclusionOf } = await open();

      const { output } = await execute(smoke);

      expect(output).toMatchObject({ conclusion: 'success' });
      expect(await conclusionOf(String(output?.runId))).toBe('success');
    });

    it('fails with the names of the jobs that failed', async () => {
      const { execute, repository } = await open();
      await github.setOutcomes(repository, {
        second: { conclusion: 'failure' },
      });

      await expect(execute(smoke)).rejects.toMatchObject({
        kind: 'unhealthy',
        message: expect.stringMatching(/second \(failure\).*http/),
      });
    });

    it('hands the commit to the input that takes it', async () => {
      const { execute, world, repository } = await open();
      const commit = 'c'.repeat(40);

      await execute({
        kind: 'run-workflow',
        workflow: 'deploy.yml',
        releaseInput: 'release',
        inputs: { size: 'large' },
        commit,
      });

      const [run] = await world.runs(repository);
      expect(run.display_title).toContain(commit);
    });

    it('takes what a forced deployment brings for deployed, not the head of the branch', async () => {
      const { execute, world, repository } = await open();
      const commit = 'c'.repeat(40);
      const deployed = await world.addService(repository, 'compose', {
        name: 'production',
        jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
      });

      await execute(
        {
          kind: 'run-workflow',
          workflow: 'deploy.yml',
          releaseInput: 'release',
          commit,
        },
        new TestStep(),
        deployed,
        'force-deploy',
      );
      await world.ingest(repository);

      const rows = await world
        .knex('deployments')
        .join('releases', 'releases.id', 'release_id')
        .where({ environment_id: deployed.environmentId })
        .select('commit_sha', 'outcome');
      expect(rows).toEqual([{ commit_sha: commit, outcome: 'succeeded' }]);
    });

    it('puts right what was folded before the run was known to be its own', async () => {
      const { execute, world, repository } = await open();
      const commit = 'c'.repeat(40);
      const deployed = await world.addService(repository, 'compose', {
        name: 'production',
        jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
      });
      const step = new TestStep();
      const input = {
        kind: 'run-workflow',
        workflow: 'deploy.yml',
        releaseInput: 'release',
        commit,
      } as const;
      step.dieBeforeRemembering(memory =>
        Boolean((memory.run as { runId?: number }).runId),
      );
      await expect(
        execute(input, step, deployed, 'force-deploy'),
      ).rejects.toThrow('SIGKILL');
      await world.ingest(repository);

      await execute(input, step, deployed, 'force-deploy');

      const rows = await world
        .knex('deployments')
        .join('releases', 'releases.id', 'release_id')
        .where({ environment_id: deployed.environmentId })
        .select('commit_sha');
      expect(rows).toEqual([{ commit_sha: commit }]);
    });

    it('is stopped when it is undone', async () => {
      const { execute, compensate, world, repository } = await open();
      await github.setOutcomes(repository, { smoke: { hold: true } });
      const step = new TestStep();
      step.onWait = async () => step.abort();
      await expect(execute(smoke, step)).rejects.toThrow('has ended the step');
      const undo = new TestStep();
      await undo.control().remember(step.memory);

      await compensate(smoke, undo);

      const [run] = await world.runs(repository);
      expect(run).toMatchObject({ name: 'Smoke', conclusion: 'cancelled' });
    });
  });

  describe('running failed jobs again', () => {
    async function failed() {
      const opened = await open();
      await github.setOutcomes(opened.repository, {
        second: { conclusion: 'failure' },
      });
      const { run } = await github.start(opened.repository, {
        workflow: 'smoke.yml',
        event: 'workflow_dispatch',
      });
      return { ...opened, runId: String(run) };
    }

    it('follows the new attempt to its end', async () => {
      const { execute, repository, runId } = await failed();
      await github.setOutcomes(repository, {});

      await execute({ kind: 'rerun-failed-jobs', runId });

      const run = await github.run(repository, Number(runId));
      expect(run.attempts.map(one => one.conclusion)).toEqual([
        'failure',
        'success',
      ]);
    });

    it('asks for one attempt, however the answer got lost', async () => {
      const { execute, repository, runId } = await failed();
      await github.setOutcomes(repository, {});
      await github.failRest('actions/re-run-workflow-failed-jobs', {
        status: 500,
        cut: true,
        carriedOut: true,
      });
      const step = new TestStep();
      const input = { kind: 'rerun-failed-jobs', runId } as const;
      await expect(execute(input, step)).rejects.toMatchObject({
        kind: 'transient',
      });

      await execute(input, step);

      const run = await github.run(repository, Number(runId));
      expect(run.attempts).toHaveLength(2);
    });

    it('fails when they fail again', async () => {
      const { execute, runId } = await failed();

      await expect(
        execute({ kind: 'rerun-failed-jobs', runId }),
      ).rejects.toMatchObject({ kind: 'unhealthy' });
    });

    it('refuses a run without failed jobs', async () => {
      const { execute, repository } = await open();
      const { run } = await github.start(repository, {
        workflow: 'smoke.yml',
        event: 'workflow_dispatch',
      });

      await expect(
        execute({ kind: 'rerun-failed-jobs', runId: String(run) }),
      ).rejects.toMatchObject({ kind: 'invalid' });
    });
  });

  describe('stopping runs', () => {
    const stop = { kind: 'stop-runs' } as const;

    it('ends a run that deploys here, and says which services end with it', async () => {
      const { execute, push, conclusionOf, ...rest } = await open();
      const runId = await push('both', {
        'deploy-shop': { hold: true },
        'deploy-other': { hold: true },
      });
      const step = new TestStep();
      const preview = await runsInFlight(
        rest.world.knex,
        rest.shop.environmentId,
      );

      const result = await execute(stop, step);

      expect(preview).toMatchObject([
        { runId, workflowName: 'Monorepo', status: 'in_progress' },
      ]);
      expect(result).toEqual({ output: { stopped: 1 }, skipped: false });
      expect(await conclusionOf(runId)).toBe('cancelled');
      expect(step.lines).toContainEqual(
        expect.stringContaining('component:default/other to production'),
      );
      await rest.world.ingest(rest.repository);
      expect(
        await runsInFlight(rest.world.knex, rest.shop.environmentId),
      ).toEqual([]);
    });

    it('leaves a run alone that deploys other services only', async () => {
      const { execute, push, conclusionOf, ...rest } = await open();
      const runId = await push('only other', {
        'deploy-other': { hold: true },
      });
      const step = new TestStep();

      const preview = await runsInFlight(
        rest.world.knex,
        rest.shop.environmentId,
      );
      const result = await execute(stop, step);

      expect(preview).toEqual([]);
      expect(result).toEqual({ output: { stopped: 0 }, skipped: true });
      expect(await conclusionOf(runId)).toBe('in_progress');
      expect(step.lines).toContainEqual(
        expect.stringContaining('it deploys nothing here any more'),
      );
    });

    it('leaves a run alone that has deployed here already', async () => {
      const { execute, push, conclusionOf } = await open();
      const runId = await push('both', { 'deploy-other': { hold: true } });

      const result = await execute(stop);

      expect(result.skipped).toBe(true);
      expect(await conclusionOf(runId)).toBe('in_progress');
    });

    it('leaves a run alone that deploys others, too, where it is told to', async () => {
      const { execute, push, conclusionOf } = await open();
      const runId = await push('both', {
        'deploy-shop': { hold: true },
        'deploy-other': { hold: true },
      });

      await execute({ ...stop, keepShared: true });

      expect(await conclusionOf(runId)).toBe('in_progress');
    });

    it('ends a run that has not got as far as deploying', async () => {
      const { execute, push, conclusionOf, ...rest } = await open();
      const runId = await push('early', { test: { hold: true } });

      const preview = await runsInFlight(
        rest.world.knex,
        rest.shop.environmentId,
      );
      await execute(stop);

      expect(preview).toMatchObject([{ runId }]);
      expect(await conclusionOf(runId)).toBe('cancelled');
    });

    it('ends a run that only GitHub knows of yet', async () => {
      const { execute, conclusionOf, world, repository, shop } = await open();
      const { runs } = await github.push(repository, {
        branch: 'mono',
        message: 'untold',
        files: { 'README.md': 'untold\n' },
        outcomes: { 'deploy-shop': { hold: true } },
      });

      const known = await runsInFlight(world.knex, shop.environmentId);
      await execute(stop);

      expect(known).toEqual([]);
      expect(await conclusionOf(String(runs[0]))).toBe('cancelled');
    });

    it('ends a run that waits to be let into the environment', async () => {
      const { execute, world, repository } = await open();
      const compose = await world.addService(repository, 'compose', {
        name: 'production',
        jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
      });
      await github.setEnvironment(repository, 'production', {
        customRule: true,
      });
      await world.push(repository, 'waits');

      const preview = await runsInFlight(world.knex, compose.environmentId);
      await execute(stop, new TestStep(), compose);

      expect(preview).toMatchObject([{ status: 'waiting' }]);
      const [run] = await world.runs(repository);
      expect(run.conclusion).toBe('cancelled');
    });

    it('leaves the runs alone that operations dispatched for other environments', async () => {
      const { execute, world, repository } = await open();
      const services: WorldService[] = [];
      for (const name of ['one', 'two']) {
        services.push(
          await world.addService(repository, name, {
            name: 'production',
            jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
          }),
        );
      }
      await github.setOutcomes(repository, { deploy: { hold: true } });
      const deploying = new TestStep('operation-of-two');
      deploying.onWait = async () => deploying.abort();
      await expect(
        execute(
          {
            kind: 'run-workflow',
            workflow: 'deploy.yml',
            releaseInput: 'release',
            commit: 'c'.repeat(40),
          },
          deploying,
          services[1],
          'force-deploy',
        ),
      ).rejects.toThrow('has ended the step');

      const step = new TestStep('operation-of-one');
      const result = await execute(stop, step, services[0]);

      expect(result.skipped).toBe(true);
      expect(step.lines).toContainEqual(
        expect.stringContaining('for another environment'),
      );
    });

    it('says which permission is missing, and stops nothing', async () => {
      const { execute, push, conclusionOf } = await open();
      const runId = await push('both', { 'deploy-shop': { hold: true } });
      await github.failRest('changes', {
        status: 403,
        message: 'Resource not accessible by integration',
        times: 100,
      });

      await expect(execute(stop)).rejects.toMatchObject({
        kind: 'denied',
        remedy: expect.stringContaining('Actions: write'),
      });
      expect(await conclusionOf(runId)).toBe('in_progress');
    });

    it('is done when it is done again', async () => {
      const { execute, push } = await open();
      await push('both', { 'deploy-shop': { hold: true } });
      const step = new TestStep();
      await execute(stop, step);

      const result = await execute(stop, step);

      expect(result.skipped).toBe(true);
    });
  });

  it('tells which other services the same run deployed', async () => {
    const { push, world, shop } = await open();
    await push('both');
    const deployment = await world
      .knex('deployments')
      .where({ environment_id: shop.environmentId })
      .first('id');

    const services = await sameRunServices(world.knex, deployment.id);

    expect(services).toEqual([
      { entityRef: 'component:default/other', environment: 'production' },
    ]);
    expect(await sameRunServices(world.knex, 'gone')).toEqual([]);
    expect(await runsInFlight(world.knex, 'gone')).toEqual([]);
  });
});
