import { TestDatabases } from '@backstage/backend-test-utils';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { FIRST, SECOND, startVerifier } from './__testUtils__/startVerifier';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const STRICT =
  '{ approvals: [{ from: [group:default/platform-team], required: 1 }] }';
const LAX = '{ approvals: [], selfApproval: true, order: none }';

/** Never deployed by anything that the portal saw. */
const FORGED = 'f'.repeat(40);

interface SeenCondition {
  id: string;
  kind: string;
  state: string;
  reason: string;
  overridable: boolean;
}

describe.each(oneDatabase(databases))(
  'rules of promotions that somebody walks around, on %s',
  databaseId => {
    let world: Awaited<ReturnType<typeof startVerifier>>;
    let specUrl: string;
    let strictText: string;

    beforeAll(async () => {
      world = await startVerifier({ databases, databaseId, promotion: STRICT });
      [specUrl] = [...world.backend.files.keys()];
      strictText = world.backend.files.get(specUrl)!;
    });

    afterEach(async () => {
      await world.backend
        .knex('promotions')
        .whereNull('finished_at')
        .update({ finished_at: '2026-01-06', status: 'cancelled' });
      await world.backend.knex('freezes').delete();
    });

    afterAll(() => world.backend.stop());

    /** What a push leaves on the default branch. */
    async function push(text: string) {
      world.backend.files.set(specUrl, text);
      await world.backend.run('spec-refresh');
    }

    const lax = () => strictText.replace(STRICT, LAX);

    /** Looks at promotions until something is so. */
    async function until(isSo: () => Promise<boolean>) {
      const end = Date.now() + 180_000;
      while (!(await isSo())) {
        if (Date.now() > end) {
          throw new Error('It did not come to be so');
        }
        await world.backend
          .knex('promotions')
          .whereNull('finished_at')
          .update({ due_at: '2026-01-01' });
        await world.backend.run('promotions');
      }
    }

    const conditionsOf = async (id: string): Promise<SeenCondition[]> =>
      (await world.get(`/promotions/${id}`)).body.readiness.conditions;

    const changeOf = async (id: string) =>
      (await conditionsOf(id)).find(each => each.id.startsWith('spec:policy-'));

    const override = (id: string, conditions: string[]) =>
      world.post(`/promotions/${id}/override`, 'omar', {
        reason: 'The shop cannot take payments',
        conditions,
      });

    it('ask for those of the earlier policy, whatever the same push says', async () => {
      await push(lax().replace('tier: production\n', 'tier: development\n'));

      const { body } = await world.ask();
      const { body: seen } = await world.get(`/promotions/${body.id}`);
      const own = await world.approve(body.id, 'dana');

      expect(seen).toMatchObject({
        status: 'awaiting_approval',
        requiredApprovals: 1,
      });
      expect(await changeOf(body.id)).toMatchObject({
        state: 'unmet',
        reason: expect.stringMatching(
          /approvals \(1 of group:default\/platform-team before, none now\).*selfApproval/,
        ),
        clearedBy: {
          permission: 'deploy.override',
          people: ['group:default/platform-team'],
        },
      });
      expect(own.status).toBe(403);
    });

    it('let the new policy hold alone where somebody overrides, and only that one', async () => {
      await push(lax());
      const { body } = await world.ask();
      const change = await changeOf(body.id);

      const overridden = await override(body.id, [change!.id]);
      await push(
        lax().replace(
          'selfApproval: true',
          'selfApproval: true, automatic: true',
        ),
      );
      const again = await changeOf(body.id);

      expect(overridden.body.status).toBe('approved');
      expect(again?.id).not.toBe(change!.id);
      expect(again?.state).toBe('unmet');
    });

    it('do not believe a deployment that somebody recorded at GitHub', async () => {
      await push(strictText);
      const repository = { full_name: 'example-org/vvp' };
      const deployment = {
        id: 4711,
        sha: FORGED,
        ref: 'main',
        environment: 'staging',
        creator: { login: 'dana' },
        created_at: '2026-01-05T12:00:00Z',
        updated_at: '2026-01-05T12:00:00Z',
      };
      await world.backend.deliver('deployment', {
        action: 'created',
        repository,
        deployment,
      });
      await world.backend.deliver('deployment_status', {
        action: 'created',
        repository,
        deployment,
        deployment_status: {
          id: 1,
          state: 'success',
          environment: 'staging',
          // It names a run and a job, of which nobody saw anything.
          log_url:
            'https://github.example.test/example-org/vvp/actions/runs/99/job/990',
          created_at: '2026-01-05T12:30:00Z',
          updated_at: '2026-01-05T12:30:00Z',
        },
      });

      const { body } = await world.ask('dana', {}, FORGED);
      const order = (await conditionsOf(body.id)).find(
        ({ id }) => id === 'order',
      );

      expect(order).toMatchObject({
        state: 'unmet',
        reason: expect.stringContaining('only recorded at GitHub'),
        overridable: true,
        clearedBy: { permission: 'deploy.override' },
      });
    });

    it('leave the deployment of a job where it is, whatever status names the job', async () => {
      await push(strictText);
      const deployment = {
        id: 4712,
        sha: FIRST,
        ref: 'main',
        environment: 'production',
        creator: { login: 'dana' },
        created_at: '2026-01-05T11:00:00Z',
        updated_at: '2026-01-05T11:00:00Z',
      };
      await world.backend.deliver('deployment_status', {
        action: 'created',
        repository: { full_name: 'example-org/vvp' },
        deployment,
        deployment_status: {
          id: 2,
          state: 'success',
          environment: 'production',
          creator: { login: 'dana' },
          performed_via_github_app: null,
          // Of the job that deployed to staging.
          log_url:
            'https://github.example.test/example-org/vvp/actions/runs/1/job/10',
          created_at: '2026-01-05T12:45:00Z',
          updated_at: '2026-01-05T12:45:00Z',
        },
        check_run: null,
        workflow_run: null,
      });

      const { body } = await world.ask('dana', {}, FIRST);
      const conditions = await conditionsOf(body.id);

      expect(conditions).toContainEqual(
        expect.objectContaining({ id: 'order', state: 'met' }),
      );
      expect(conditions).toContainEqual(
        expect.objectContaining({ id: 'outdated', state: 'met' }),
      );
    });

    it('do not let a later window of a freeze pass with the one before', async () => {
      await push(strictText);
      const from = new Date(Date.now() - 1_000).toISOString();
      const hours = (count: number) =>
        new Date(Date.now() + count * 3_600_000).toISOString();
      const freeze = await world.post('/freezes', 'omar', {
        title: 'Weekend',
        reason: 'Nobody is there to look at it',
        scope: {},
        window: { from, to: hours(1) },
      });
      const { body } = await world.ask();
      const frozen = async () =>
        (await conditionsOf(body.id)).find(({ kind }) => kind === 'freeze');
      const first = await frozen();
      await override(body.id, [first!.id]);
      const waived = await frozen();
      // The next weekend comes.
      await world.backend
        .knex('freezes')
        .where({ id: freeze.body.id })
        .update({
          window: JSON.stringify({ from, to: hours(100) }),
          ends_at: hours(100),
        });

      const next = await frozen();

      expect([first?.state, waived?.state, next?.state]).toEqual([
        'unmet',
        'waived',
        'unmet',
      ]);
    });

    it('take the new policy once those of the earlier one let a release in under both', async () => {
      await push(lax());
      const { body } = await world.ask();
      const approved = await world.approve(body.id, 'omar');
      const met = await changeOf(body.id);
      await world.jobAsks(7, FIRST);
      await until(
        async () =>
          (await world.get(`/promotions/${body.id}`)).body.status ===
          'executing',
      );
      await world.inStaging(2, SECOND, 20);

      const next = await world.ask('dana', {}, SECOND);
      const conditions = await conditionsOf(next.body.id);

      expect(approved.body.status).toBe('approved');
      expect(met?.state).toBe('met');
      expect(
        conditions.filter(({ id }) => /^(approval|spec:policy)/.test(id)),
      ).toEqual([]);
    });
  },
);
