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

const IN_PRODUCTION = '\n    environment: production';

const LOCK =
  '/services/component/default/vvp-verifier/environments/production/lock';

type World = Awaited<ReturnType<typeof startDispatchWorld>>;

describe.each(databases.eachSupportedId())(
  'promotions that the portal starts itself and GitHub asks about, on %s',
  databaseId => {
    let world: World;
    let github: World['github'];
    let portal: World['portal'];

    beforeAll(async () => {
      world = await startDispatchWorld(
        databases,
        databaseId,
        release(IN_PRODUCTION),
      );
      ({ github, portal } = world);
      await github.setEnvironment(REPOSITORY, 'production', {
        customRule: true,
      });
    });

    afterEach(async () => {
      await github.setDispatches({});
    });

    afterAll(async () => {
      await expectNoViolations(github, `dispatched-protection-${databaseId}`);
      await world.stop();
    });

    const reportsOf = (run: number) => github.ruleReports(REPOSITORY, run);

    /** What GitHub was answered at production, without comments. */
    const answersOf = async (run: number) =>
      (await reportsOf(run)).flatMap(({ state }) => state ?? []);

    /** Once it has a comment or an answer that says something. */
    const told = (run: number, words: RegExp) =>
      world.until(async () =>
        (await reportsOf(run)).find(({ comment }) => words.test(comment)),
      );

    const countPromotions = async () =>
      Number(
        (await portal.knex('promotions').count('* as count').first())?.count,
      );

    /** So that what the workflow runs at is not what it deploys. */
    const moveOn = () =>
      github.push(REPOSITORY, {
        message: 'Something newer',
        files: { 'README.md': `Now ${Date.now()}\n` },
      });

    it('go in by their own approval, and make no other promotion', async () => {
      const { commit, id } = await world.ask();
      await moveOn();
      const before = await countPromotions();

      await world.approve(id);
      const ended = await world.endOf(id);
      const [run] = await world.dispatchesOf(commit);

      expect(ended).toMatchObject({
        status: 'succeeded',
        release: { commit },
        run: { runId: String(run.id) },
      });
      expect(run.conclusion).toBe('success');
      expect(await answersOf(run.id)).toEqual(['approved']);
      expect((await reportsOf(run.id)).at(-1)?.comment).toMatch(
        /Approved by user.*omar/,
      );
      expect(await countPromotions()).toBe(before);
    });

    it('let in no run that somebody else starts, and say what to do', async () => {
      const { commit, id } = await world.ask();
      const before = await countPromotions();

      const { run } = await github.start(REPOSITORY, {
        workflow: 'release.yml',
        event: 'workflow_dispatch',
        branch: 'main',
        inputs: { commit },
        actor: 'mallory',
      });
      const report = await told(run, /seam.*: dispatch/);
      await github.flush();
      const { attempts } = await github.run(REPOSITORY, run);
      await portal.post(`/promotions/${id}/cancel`, {}, as('dana'));

      expect(report).toMatchObject({
        state: 'rejected',
        comment: expect.stringContaining('Ask for the promotion in the portal'),
      });
      expect(attempts[0].jobs).toContainEqual(
        expect.objectContaining({
          name: 'deploy-production',
          conclusion: 'failure',
        }),
      );
      expect(await countPromotions()).toBe(before);
    });

    it('wait with a reason until it is known whose run it is', async () => {
      const { commit, id } = await world.ask();
      await moveOn();
      const before = await countPromotions();
      // An Enterprise Server that does not tell which run it starts, and does not list it at once.
      await github.setDispatches({ runDetails: false, hiddenFromLists: 2 });

      await world.approve(id);
      const run = await world.until(
        async () =>
          (
            await portal
              .knex('protection_callbacks')
              .where({ state: 'pending' })
              .orderBy('asked_at', 'desc')
              .first('run_id')
          )?.run_id as string | undefined,
      );
      await told(Number(run), /is starting a run at this moment/);
      const between = await answersOf(Number(run));
      const ended = await world.endOf(id);
      const dispatches = await world.dispatchesOf(commit);

      expect(between).toEqual([]);
      expect(ended).toMatchObject({ status: 'succeeded', release: { commit } });
      expect(dispatches.map(one => String(one.id))).toEqual([run]);
      expect(await answersOf(Number(run))).toEqual(['approved']);
      expect(await countPromotions()).toBe(before);
    });

    /** Approved and started, with a lock that came before its job asks. */
    async function locked() {
      const { commit, id } = await world.ask({ check: { hold: true } });
      await world.approve(id);
      const run = await world.until(
        async () => (await world.dispatchesOf(commit))[0],
      );
      await portal.post(LOCK, { reason: 'The database is moved' }, as('omar'));
      const { attempts } = await github.run(REPOSITORY, run.id);
      const check = attempts[0].jobs.find(({ name }) => name === 'check');
      await github.completeJob(REPOSITORY, check!.id);
      await told(run.id, /The database is moved/);
      return { id, run: run.id };
    }

    it('wait for a lock that came meanwhile', async () => {
      const { id, run } = await locked();
      const between = await answersOf(run);
      await portal.delete(LOCK, as('omar'));
      const ended = await world.endOf(id);

      expect(between).toEqual([]);
      expect(ended.status).toBe('succeeded');
      expect(await answersOf(run)).toEqual(['approved']);
    });

    it('end when their run is cancelled while it waits', async () => {
      const { id, run } = await locked();
      await github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/runs/${run}/force-cancel`,
        { token: TOKEN },
      );
      const ended = await world.endOf(id);
      await world.operationOf(id);
      await portal.delete(LOCK, as('omar'));

      expect(ended.status).toBe('cancelled');
      expect(await answersOf(run)).toEqual([]);
    });

    it('let in no other attempt once they are over', async () => {
      const { commit, id } = await world.ask({
        'deploy-production': { conclusion: 'failure' },
      });
      await world.approve(id);
      const ended = await world.endOf(id);
      await world.operationOf(id);
      const [run] = await world.dispatchesOf(commit);

      await github.rerun(REPOSITORY, run.id, { failedOnly: true });
      await github.setOutcomes(REPOSITORY, {});
      const report = await told(run.id, /that started this run is over/);

      expect(ended.status).toBe('failed');
      expect(report.state).toBe('rejected');
      expect(await answersOf(run.id)).toEqual(['approved', 'rejected']);
    });

    it('fail where a job waits beside them that nobody claims, and name it', async () => {
      const notify = `  notify:
    needs: check
    runs-on: ubuntu-latest${IN_PRODUCTION}
    steps:
      - run: "true"
`;
      await github.push(REPOSITORY, {
        message: 'Notify',
        files: {
          '.github/workflows/release.yml': release(IN_PRODUCTION, notify),
        },
      });
      const { commit, id } = await world.ask();

      await world.approve(id);
      const ended = await world.endOf(id);
      const operation = await world.operationOf(id);
      const [run] = await world.dispatchesOf(commit);
      await github.push(REPOSITORY, {
        message: 'Notify no more',
        files: { '.github/workflows/release.yml': release(IN_PRODUCTION) },
      });

      expect(ended).toMatchObject({
        status: 'failed',
        failure: {
          message: expect.stringMatching(
            /The job notify waits at production .*Map it in deploy.yaml/,
          ),
        },
      });
      expect(await answersOf(run.id)).toContain('rejected');
      expect(operation).toMatchObject({
        status: 'failed',
        outcome: 'as-before',
      });
    });

    it('go back by the run of a rollback, which nobody has to approve', async () => {
      const commits: string[] = [];
      for (const _ of ['first', 'second']) {
        const { commit, id } = await world.ask();
        await world.approve(id);
        await world.endOf(id);
        await world.operationOf(id);
        commits.push(commit);
      }
      const before = await countPromotions();

      const { body } = await portal.post(
        '/rollbacks',
        {
          entityRef: 'component:default/vvp-verifier',
          environment: 'production',
          revision: commits[0],
          reason: 'It is slow',
          confirm: 'vvp-verifier',
        },
        as('omar'),
      );
      expect(body).toEqual({ id: expect.any(String) });
      const operation = await world.until(async () => {
        const row = await portal
          .knex('operations')
          .where({ id: body.id })
          .first();
        return row?.finished_at ? row : undefined;
      });
      const run = (await world.dispatchesOf(commits[0])).at(-1)!;

      expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
      expect(await answersOf(run.id)).toEqual(['approved']);
      expect(await countPromotions()).toBe(before);
    });
  },
);
