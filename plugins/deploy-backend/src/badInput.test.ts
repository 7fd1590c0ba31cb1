import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { isOneDatabase } from './__testUtils__/oneDatabase';
import { component } from './__testUtils__/entities';
import { workflowJob, workflowRun } from './__testUtils__/github';
import {
  startDeployBackend,
  TestBackend,
} from './__testUtils__/startDeployBackend';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const verifier = component('vvp-verifier', {
  annotations: { 'deploy.vvp.io/jobs': 'production=deploy-verifier' },
});

const good = () => workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' });

describe.each(databases.eachSupportedId())('bad input on %s', databaseId => {
  let backend: TestBackend;

  beforeEach(async () => {
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities: [verifier],
    });
    await backend.deliver('workflow_job', good());
  });

  afterEach(() => backend.stop());

  async function problems() {
    const { body } = await backend.get('/ingest/problems');
    return body.items;
  }

  /** The one good deployment is still there, and nothing beside it. */
  async function expectOnlyTheGoodOne() {
    const { body } = await backend.get(
      '/services/component/default/vvp-verifier/deployments',
    );
    expect(body.items).toEqual([
      expect.objectContaining({
        source: 'github:example-org/vvp:100:1:1',
        status: 'succeeded',
      }),
    ]);
  }

  it.each([
    [
      'an unknown repository',
      'workflow_job',
      workflowJob({
        id: 2,
        runId: 101,
        name: 'deploy-verifier',
        repository: 'someone/else',
      }),
      { kind: 'unknown-repository', repository: 'someone/else' },
    ],
    [
      'an unmapped job',
      'workflow_job',
      workflowJob({ id: 2, runId: 101, name: 'deploy-elsewhere' }),
      { kind: 'unmapped-job', subject: 'deploy-elsewhere' },
    ],
    [
      'a payload without its object',
      'workflow_job',
      { action: 'completed', repository: { full_name: 'example-org/vvp' } },
      {
        kind: 'malformed-payload',
        message: expect.stringContaining('workflow_job: '),
      },
    ],
    [
      'a payload of other types',
      'workflow_run',
      {
        ...workflowRun({ id: 5 }),
        workflow_run: { id: [], head_sha: 7, created_at: {}, status: null },
      },
      {
        kind: 'malformed-payload',
        message: expect.stringContaining('workflow_run.id'),
      },
    ],
    [
      'a short commit',
      'workflow_job',
      workflowJob({ id: 2, runId: 101, name: 'deploy-verifier', sha: 'abc' }),
      {
        kind: 'malformed-payload',
        message: expect.stringContaining('workflow_job.head_sha'),
      },
    ],
    [
      'a clock hours ahead',
      'workflow_job',
      workflowJob({
        id: 2,
        runId: 101,
        name: 'deploy-verifier',
        start: minutesFromNow(300),
      }),
      { kind: 'clock-skew', repository: 'example-org/vvp' },
    ],
  ])(
    'counts %s, logs it once, and keeps what is there',
    async (_case, event, payload, expected) => {
      backend.logger.warn.mockClear();

      await backend.deliver(event, payload);
      await backend.deliver(event, { ...payload, again: true });

      expect(await problems()).toEqual([
        expect.objectContaining({ count: 2, ...expected }),
      ]);
      expect(
        backend.logger.warn.mock.calls.map(([message]) => message),
      ).toEqual(['Event could not be used']);
      await expectOnlyTheGoodOne();
    },
  );

  it('takes a payload of nearly 5 MB', async () => {
    const large = {
      ...workflowJob({ id: 2, runId: 101, name: 'deploy-verifier', start: 20 }),
      filler: 'x'.repeat(4_900_000),
    };

    expect((await backend.deliver('workflow_job', large)).status).toBe(202);

    const { body } = await backend.get(
      '/services/component/default/vvp-verifier/deployments',
    );
    expect(body.items).toHaveLength(2);
  });

  it('takes up the events of a repository when its entity is registered', async () => {
    await backend.deliver(
      'workflow_job',
      workflowJob({
        id: 2,
        runId: 101,
        name: 'deploy-late',
        repository: 'example-org/late',
      }),
    );
    backend.entities.push(
      component('late', {
        repository: 'example-org/late',
        annotations: { 'deploy.vvp.io/jobs': 'production=deploy-late' },
      }),
    );

    await backend.run('catalog-sync');
    await backend.run('event-retry');

    const { body } = await backend.get(
      '/services/component/default/late/deployments',
    );
    expect(body.items).toHaveLength(1);
  });

  it('lets an event of the future wait until its time has come', async () => {
    const start = minutesFromNow(60);
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 2, runId: 101, name: 'deploy-verifier', start }),
    );
    await backend.run('event-retry');
    await expectOnlyTheGoodOne();

    jest.useFakeTimers({
      now: Date.now() + 120 * 60_000,
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'],
    });
    try {
      await backend.run('event-retry');
    } finally {
      jest.useRealTimers();
    }

    const { body } = await backend.get(
      '/services/component/default/vvp-verifier',
    );
    expect(body.environments[0].currentDeployment.source).toBe(
      'github:example-org/vvp:101:1:2',
    );
  });

  it('makes nothing of events for an entity that was removed', async () => {
    backend.entities.splice(0);
    await backend.run('catalog-sync');

    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 2, runId: 101, name: 'deploy-verifier', start: 20 }),
    );

    expect(await problems()).toEqual([
      expect.objectContaining({ kind: 'removed-entity', count: 1 }),
    ]);
    const gone = await backend.get('/services/component/default/vvp-verifier');
    expect(gone.status).toBe(404);

    backend.entities.push(verifier);
    await backend.run('catalog-sync');
    await backend.run('event-retry');
    const { body } = await backend.get(
      '/services/component/default/vvp-verifier/deployments',
    );
    expect(body.items).toHaveLength(2);
  });

  it('keeps the history of an entity that is renamed', async () => {
    backend.entities[0] = component('vvp-checker', {
      annotations: { 'deploy.vvp.io/jobs': 'production=deploy-verifier' },
    });
    await backend.run('catalog-sync');

    const { body } = await backend.get(
      '/services/component/default/vvp-checker/deployments',
    );
    expect(body.items).toHaveLength(1);
    const former = await backend.get(
      '/services/component/default/vvp-verifier',
    );
    expect(former.status).toBe(404);
  });

  it('prunes raw events after their retention, and keeps what they said', async () => {
    await backend.knex('events').update({
      received_at: new Date(Date.now() - 91 * 86_400_000).toISOString(),
    });

    await backend.run('event-prune');

    expect(await backend.knex('events')).toEqual([]);
    await expectOnlyTheGoodOne();
    await backend.deliver('workflow_job', good());
    await expectOnlyTheGoodOne();
  });

  // What these ask of the database, the others ask of both.
  if (isOneDatabase(databases, databaseId)) {
    it.each([
      ['truncated', JSON.stringify(good()).slice(0, 200)],
      ['empty', ''],
      ['no JSON', 'payload=%7B%7D'],
    ])(
      'refuses a body that is %s: counted, logged once, nothing stored',
      async (_case, body) => {
        backend.logger.warn.mockClear();

        const answers = [
          await backend.deliver('workflow_job', body),
          await backend.deliver('workflow_job', body),
        ];

        expect(answers.map(({ status }) => status)).toEqual([400, 400]);
        expect(await problems()).toEqual([
          expect.objectContaining({
            kind: 'unreadable-body',
            subject: 'github',
            count: 2,
          }),
        ]);
        expect(
          backend.logger.warn.mock.calls.map(([message]) => message),
        ).toEqual(['Event could not be used']);
        expect(await backend.knex('events')).toHaveLength(1);
        await expectOnlyTheGoodOne();
      },
    );

    it('refuses a body of more than 5 MiB', async () => {
      const large = JSON.stringify({
        ...good(),
        filler: 'x'.repeat(5_500_000),
      });

      const { status } = await backend.deliver('workflow_job', large);

      expect(status).toBe(413);
      expect(await backend.knex('events')).toHaveLength(1);
      await expectOnlyTheGoodOne();
    });

    it('shows an annotation that cannot be read, and goes on', async () => {
      backend.entities[0] = component('vvp-verifier', {
        annotations: { 'deploy.vvp.io/jobs': 'deploy-verifier' },
      });
      await backend.run('catalog-sync');

      expect(await problems()).toEqual([
        expect.objectContaining({
          kind: 'invalid-annotation',
          subject: 'component:default/vvp-verifier',
          message: expect.stringContaining('production=deploy-verifier'),
        }),
      ]);
    });

    it.each([
      '/services?limit=0',
      '/services?limit=many',
      '/services?cursor=nonsense',
      '/services?sort=colour',
      '/services?tier=moon',
      '/services?unknown=1',
      '/services/component/default/vvp-verifier/deployments?status=great',
      '/services/component/default/vvp-verifier/deployments?commit=zz',
      '/services/component/default/vvp-verifier/deployments?from=yesterday',
      '/services/component/default/vvp-verifier/deployments?cursor=WzFd',
      '/deployments/not-an-id',
      '/ingest/problems?cursor=%00',
    ])('refuses GET %s with what is wrong', async path => {
      const { status, body } = await backend.get(path);

      expect(status).toBe(400);
      expect(body.error.message).toMatch(/\w{3}/);
    });
  }
});

describe('problems', () => {
  it('are for administrators', async () => {
    const backend = await startDeployBackend({
      databases,
      databaseId: 'SQLITE_3',
      decide: permission => ({
        result:
          permission === 'deploy.administer'
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });

    const { status, body } = await backend.get(
      '/ingest/problems',
      mockCredentials.user.header(),
    );
    await backend.stop();

    expect(status).toBe(403);
    expect(body.error.message).toContain('deploy.administer');
  });
});

function minutesFromNow(minutes: number): number {
  const noon = Date.UTC(2026, 0, 5, 12);
  return Math.ceil((Date.now() - noon) / 60_000) + minutes;
}
