import { TestDatabases } from '@backstage/backend-test-utils';
import { workflowJob } from '../__testUtils__/github';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { startVerifier } from './__testUtils__/startVerifier';

jest.setTimeout(240_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15'],
});

const PAST = '2026-01-02T00:00:00.000Z';

/** One backend for all: each has a release of its own, and nothing runs in production before the last. */
describe.each(oneDatabase(databases))(
  'what is said of a promotion too late, on %s',
  databaseId => {
    let world: Awaited<ReturnType<typeof startVerifier>>;
    let count = 10;

    beforeAll(async () => {
      world = await startVerifier({ databases, databaseId });
    });

    afterAll(() => world.backend.stop());

    afterEach(async () => {
      jest.restoreAllMocks();
      // What was let in must not keep out the next.
      await world.backend
        .knex('promotions')
        .where({ status: 'executing' })
        .update({ status: 'failed' });
    });

    const read = async (id: string) =>
      (await world.get(`/promotions/${id}`, 'omar')).body;

    /** What must stay as it is. */
    const kept = async (id: string) => {
      const { status, approvals, events } = await read(id);
      return { status, approvals, events };
    };

    /** Looks at what is due and what is not, until something is so. */
    const until = async (isSo: () => Promise<boolean>) => {
      const end = Date.now() + 180_000;
      while (!(await isSo())) {
        if (Date.now() > end) {
          throw new Error('It did not come to be so');
        }
        await world.backend.knex('promotions').update({ due_at: PAST });
        await world.backend.knex('protection_callbacks').update({
          due_at: PAST,
        });
        await world.backend.run('promotions');
      }
    };

    /** A release that works in staging, and that Dana asks production for. */
    const ask = async (artifact?: string) => {
      count += 1;
      const run = count;
      const commit = count.toString(16).padStart(40, 'd');
      await world.inStaging(run, commit, count);
      if (artifact) {
        await world.backend
          .knex('releases')
          .where({ commit_sha: commit })
          .update({ artifact });
      }
      const { body } = await world.ask('dana', {}, commit);
      return { id: body.id as string, commit, run };
    };

    /** Lets it in: it is approved, and its run waits. */
    const letIn = async () => {
      const { id, commit, run } = await ask();
      await world.approve(id, 'omar');
      await world.jobAsks(run, commit);
      await until(async () => (await read(id)).status === 'executing');
      return { id, commit, run };
    };

    /** Another job of a run waits at production and asks. Gives the question. */
    const laterJobAsks = async (run: number, commit: string) => {
      const deployment = {
        id: run * 100 + 98,
        sha: commit,
        ref: 'main',
        environment: 'production',
        creator: { login: 'dana' },
        created_at: '2026-01-05T12:00:00Z',
        updated_at: '2026-01-05T12:00:00Z',
      };
      await world.backend.deliver(
        'workflow_job',
        workflowJob({
          id: run * 10 + 8,
          runId: run,
          name: 'deploy-production',
          sha: commit,
          status: 'waiting',
        }),
      );
      await world.backend.deliver('deployment_protection_rule', {
        action: 'requested',
        environment: 'production',
        event: 'push',
        repository: { full_name: 'example-org/vvp' },
        deployment_callback_url: `https://api.github.example.test/repos/example-org/vvp/actions/runs/${run}/deployment_protection_rule`,
        deployment,
      });
      return () =>
        world.backend
          .knex('protection_callbacks')
          .where({ deployment: String(deployment.id) })
          .first('attempts');
    };

    it('is refused once its time is over, looked at or not', async () => {
      const { id } = await ask();
      const { seen } = await read(id);
      const row = await world.backend
        .knex('promotions')
        .where({ id })
        .first('state');
      await world.backend
        .knex('promotions')
        .where({ id })
        .update({
          state: JSON.stringify({ ...JSON.parse(row.state), expiresAt: PAST }),
        });
      const before = await kept(id);

      const unseen = await world.post(`/promotions/${id}/approve`, 'omar', {
        seen,
      });
      const between = await kept(id);
      await until(async () => (await read(id)).status === 'expired');
      const over = await kept(id);
      const late = await world.post(`/promotions/${id}/approve`, 'omar', {
        seen,
      });

      expect([unseen.status, late.status]).toEqual([409, 409]);
      expect(unseen.body.error.message).toContain('expired');
      expect(between).toEqual(before);
      expect(over.approvals).toEqual([]);
      expect(await kept(id)).toEqual(over);
    });

    it('is refused once it was let in', async () => {
      const { id } = await letIn();
      const { seen } = await read(id);
      const before = await kept(id);

      const late = await world.post(`/promotions/${id}/approve`, 'ida', {
        seen: seen || 'nothing',
      });

      expect(late.status).toBe(409);
      expect(late.body.error.message).toContain('was let through');
      expect(await kept(id)).toEqual(before);
    });

    it('does not count from who left the group', async () => {
      const { id } = await ask();
      const { seen } = await read(id);
      const team = world.people.find(
        ({ metadata }) => metadata.name === 'platform-team',
      )!;
      const { relations } = team;
      team.relations = relations!.filter(
        ({ targetRef }) => targetRef !== 'user:default/ida',
      );
      // What the catalog says is kept for some seconds.
      const now = Date.now();
      jest.spyOn(Date, 'now').mockImplementation(() => now + 20_000);
      const before = await kept(id);

      const answer = await world.post(`/promotions/${id}/approve`, 'ida', {
        seen,
      });
      const after = await kept(id);
      team.relations = relations;
      jest.spyOn(Date, 'now').mockImplementation(() => now + 40_000);
      const again = await world.post(`/promotions/${id}/approve`, 'ida', {
        seen,
      });

      expect(answer.status).toBe(403);
      expect(answer.body.error.message).toContain('no longer');
      expect(after).toEqual(before);
      expect([again.status, again.body.status]).toEqual([200, 'approved']);
    });

    it('does not count for another artifact than the one that was seen', async () => {
      const { id, commit } = await ask('sha256:one');
      const { seen } = await read(id);
      await world.approve(id, 'omar');
      const approved = await read(id);
      await world.backend
        .knex('releases')
        .where({ commit_sha: commit })
        .update({ artifact: 'sha256:two' });

      const stale = await world.post(`/promotions/${id}/approve`, 'ida', {
        seen,
      });
      await until(async () => (await read(id)).status !== 'approved');

      expect(approved.status).toBe('approved');
      expect(stale.status).toBe(409);
      const after = await read(id);
      expect(after.status).toBe('gated');
      expect(after.approvals).toEqual([
        expect.objectContaining({
          by: 'user:default/omar',
          lapsed: expect.anything(),
        }),
      ]);
      expect(after.readiness.conditions).toContainEqual(
        expect.objectContaining({ kind: 'artifact', state: 'unmet' }),
      );
    });

    it('takes nothing back when it is a question that nobody asks any more', async () => {
      const { id, commit, run } = await letIn();
      // Another job of the run asked, and was skipped: nobody waits for that answer.
      const deployment = {
        id: run * 100 + 99,
        sha: commit,
        ref: 'main',
        environment: 'production',
        creator: { login: 'dana' },
        created_at: '2026-01-05T12:00:00Z',
        updated_at: '2026-01-05T12:00:00Z',
      };
      const repository = { full_name: 'example-org/vvp' };
      const job = run * 10 + 9;
      await world.backend.deliver('deployment_status', {
        repository,
        deployment,
        deployment_status: {
          id: run,
          state: 'waiting',
          environment: 'production',
          created_at: '2026-01-05T12:00:00Z',
        },
        check_run: { id: job },
        workflow_run: { id: run, run_attempt: 1 },
      });
      await world.backend.deliver(
        'workflow_job',
        workflowJob({
          id: job,
          runId: run,
          name: 'announce-production',
          sha: commit,
          conclusion: 'skipped',
        }),
      );
      await world.backend.deliver('deployment_protection_rule', {
        action: 'requested',
        environment: 'production',
        event: 'push',
        repository,
        deployment_callback_url: `https://api.github.example.test/repos/example-org/vvp/actions/runs/${run}/deployment_protection_rule`,
        deployment,
      });
      await until(async () => {
        const row = await world.backend
          .knex('protection_callbacks')
          .where({ deployment: String(deployment.id) })
          .first('state');
        return row?.state === 'gone';
      });

      expect((await read(id)).status).toBe('executing');
    });

    it('is refused once it succeeded, and no later job of its run asks for another', async () => {
      const { id, commit, run } = await letIn();
      const { seen } = await read(id);
      await world.backend.deliver(
        'workflow_job',
        workflowJob({
          id: run * 10 + 1,
          runId: run,
          name: 'deploy-production',
          sha: commit,
        }),
      );
      await until(async () => (await read(id)).status === 'succeeded');
      const before = await kept(id);

      const late = await world.post(`/promotions/${id}/approve`, 'ida', {
        seen: seen || 'nothing',
      });

      const question = await laterJobAsks(run, commit);
      // GitHub is not there to say who else waits.
      await until(async () => (await question())?.attempts > 0);
      const asked = await world.backend
        .knex('promotions')
        .where({ run_id: String(run) })
        .pluck('id');

      expect(late.status).toBe(409);
      expect(late.body.error.message).toContain('was carried out');
      expect(asked).toEqual([id]);
      expect(await kept(id)).toEqual(before);
    });
  },
);
