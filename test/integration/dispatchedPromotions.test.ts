import { TestDatabases } from '@backstage/backend-test-utils';
import { expectNoViolations } from '../simulators/github/testing';
import {
  as,
  release,
  REPOSITORY,
  startDispatchWorld,
  TOKEN,
} from './dispatchWorld';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const DISPATCH = 'actions/create-workflow-dispatch';

type World = Awaited<ReturnType<typeof startDispatchWorld>>;

describe.each(databases.eachSupportedId())(
  'promotions that the portal carries out itself, on %s',
  databaseId => {
    let world: World;
    let github: World['github'];
    let portal: World['portal'];

    beforeAll(async () => {
      world = await startDispatchWorld(databases, databaseId, release());
      ({ github, portal } = world);
    });

    afterEach(async () => {
      await github.clearRestFaults();
      await github.setOutcomes(REPOSITORY, {});
    });

    afterAll(async () => {
      await expectNoViolations(github, `dispatched-promotions-${databaseId}`);
      await world.stop();
    });

    it('go from the request over the approval and the run to their end', async () => {
      const { commit, id } = await world.ask();
      const waiting = await world.promotion(id);
      const before = await world.dispatchesOf(commit);

      await world.approve(id);
      const ended = await world.endOf(id);

      expect(waiting.status).toBe('awaiting_approval');
      expect(before).toEqual([]);
      expect(ended).toMatchObject({
        status: 'succeeded',
        release: { commit },
      });
      expect(await world.dispatchesOf(commit)).toEqual([
        expect.objectContaining({ conclusion: 'success' }),
      ]);
      await world.until(async () => {
        const { body } = await portal.get(
          '/services/component/default/vvp-verifier',
        );
        const { currentDeployment } = body.environments.find(
          ({ name }: { name: string }) => name === 'production',
        );
        return currentDeployment?.release.commit === commit || undefined;
      });
    });

    it('fail with the workflow', async () => {
      const { commit, id } = await world.ask({
        'deploy-production': { conclusion: 'failure' },
      });

      await world.approve(id);
      const ended = await world.endOf(id);

      const operation = await world.operationOf(id);
      const [run] = await world.dispatchesOf(commit);

      // What a job did that deploys, and failed, only the environment could tell: deploy.yaml names no address of it.
      expect(ended).toMatchObject({
        status: 'failed',
        run: { runId: String(run.id) },
        failure: {
          message: expect.stringMatching(
            /deploy-production \(failure\).*What the run \d+ left in production is not known/,
          ),
          remedy: expect.stringContaining(`/actions/runs/${run.id}`),
        },
      });
      expect(operation.outcome).toBe('unclear');
      expect(await world.dispatchesOf(commit)).toHaveLength(1);
    });

    it('leave all as it was where the run fails before it deploys', async () => {
      const { commit, id } = await world.ask({
        check: { conclusion: 'failure' },
      });

      await world.approve(id);
      const ended = await world.endOf(id);
      const operation = await world.operationOf(id);
      const [run] = await world.dispatchesOf(commit);

      expect(ended).toMatchObject({
        status: 'failed',
        failure: {
          message: expect.stringMatching(
            new RegExp(`check \\(failure\\).*/actions/runs/${run.id}`),
          ),
        },
      });
      expect(operation.outcome).toBe('as-before');
    });

    it('dispatch once, whoever asks again', async () => {
      const { commit, id } = await world.ask({
        'deploy-production': { hold: true },
      });
      await world.approve(id);
      const run = await world.until(
        async () => (await world.dispatchesOf(commit))[0],
      );

      // As a crash leaves it between the start of the operation and the note of it.
      const forget = () =>
        portal
          .knex('promotions')
          .where({ id })
          .update({ go_ahead_at: null, operation_id: null });
      await forget();
      await world.look();
      const during = await world.promotion(id);
      const { attempts } = await github.run(REPOSITORY, run.id);
      const job = attempts[0].jobs.find(
        ({ name }) => name === 'deploy-production',
      );
      await github.completeJob(REPOSITORY, job!.id);
      await forget();
      const ended = await world.endOf(id);

      expect(during.status).toBe('executing');
      expect(ended.status).toBe('succeeded');
      expect(await world.dispatchesOf(commit)).toHaveLength(1);
      expect(
        await portal
          .knex('operations')
          .whereLike('context', `%${id}%`)
          .select('status'),
      ).toEqual([{ status: 'succeeded' }]);
    });

    const lockPath =
      '/services/component/default/vvp-verifier/environments/production/lock';

    const lock = () =>
      portal.post(lockPath, { reason: 'The database is moved' }, as('omar'));

    it('wait for a lock that was set after the approval', async () => {
      const { commit, id } = await world.ask();
      const freeze = await portal.post(
        '/freezes',
        {
          title: 'Inventory',
          reason: 'Nobody changes production now',
          scope: { environments: ['production'] },
          window: {
            from: new Date(Date.now() - 60_000).toISOString(),
            to: new Date(Date.now() + 3_600_000).toISOString(),
          },
        },
        as('omar'),
      );
      await world.approve(id);
      const frozen = await world.promotion(id);

      await lock();
      await portal.delete(`/freezes/${freeze.body.id}`, as('omar'));
      await world.look();
      const locked = await world.promotion(id);
      const before = await world.dispatchesOf(commit);
      await portal.delete(lockPath, as('omar'));
      const ended = await world.endOf(id);

      expect(frozen.status).toBe('approved');
      expect(locked.status).toBe('approved');
      expect(locked.readiness.conditions).toContainEqual(
        expect.objectContaining({ kind: 'lock', state: 'unmet' }),
      );
      expect(before).toEqual([]);
      expect(ended.status).toBe('succeeded');
      expect(await world.dispatchesOf(commit)).toHaveLength(1);
    });

    it('are held up by a lock that was set once they were let through', async () => {
      const { commit, id } = await world.ask();
      await lock();
      await world.approve(id);
      // As a process leaves it that dies before it dispatches what it let through.
      const row = await portal.knex('promotions').where({ id }).first('state');
      await portal
        .knex('promotions')
        .where({ id })
        .update({
          status: 'executing',
          state: JSON.stringify({
            ...JSON.parse(row.state),
            status: 'executing',
            decided: { at: new Date().toISOString() },
          }),
        });

      await world.look();
      const during = await world.promotion(id);
      const before = await world.dispatchesOf(commit);
      await portal.delete(lockPath, as('omar'));
      const ended = await world.endOf(id);

      expect(during.status).toBe('executing');
      expect(during.operationId).toBeUndefined();
      expect(before).toEqual([]);
      expect(ended.status).toBe('succeeded');
      expect(await world.dispatchesOf(commit)).toHaveLength(1);
    });

    it('end when their run is cancelled at GitHub', async () => {
      const { commit, id } = await world.ask({
        'deploy-production': { hold: true },
      });
      await world.approve(id);
      const run = await world.until(
        async () => (await world.dispatchesOf(commit))[0],
      );

      await github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/runs/${run.id}/force-cancel`,
        { token: TOKEN },
      );
      const ended = await world.endOf(id);
      const operations = await world.until(async () => {
        const rows = await portal
          .knex('operations')
          .whereLike('context', `%${id}%`)
          .select('status');
        return rows.every(({ status }) => status !== 'running')
          ? rows
          : undefined;
      });

      expect(ended).toMatchObject({
        status: 'cancelled',
        release: { commit },
      });
      expect(operations).toEqual([{ status: 'failed' }]);
      expect(await world.dispatchesOf(commit)).toEqual([
        expect.objectContaining({ conclusion: 'cancelled' }),
      ]);
    });

    it('get through an outage of GitHub, and are dispatched once', async () => {
      const { commit, id } = await world.ask();
      // What is asked is done, and the answer is lost.
      await github.failRest(DISPATCH, { status: 502, carriedOut: true });

      await world.approve(id);
      const ended = await world.endOf(id);

      expect(ended.status).toBe('succeeded');
      expect(await world.dispatchesOf(commit)).toHaveLength(1);
    });

    it('do not begin by a tag that is named like the branch that is let in', async () => {
      const { id } = await world.ask({}, 'stray');

      await world.look();
      const { status, readiness } = await world.promotion(id);

      expect(status).toBe('gated');
      expect(readiness.conditions).toContainEqual(
        expect.objectContaining({
          kind: 'ref',
          state: 'unmet',
          reason: expect.stringContaining(
            'the tag main, and no branch of that name holds it',
          ),
        }),
      );
    });
  },
);
