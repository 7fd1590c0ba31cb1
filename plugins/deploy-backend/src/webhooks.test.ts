import { TestDatabases } from '@backstage/backend-test-utils';
import webhooks from '@octokit/webhooks-examples';
import { component } from './__testUtils__/entities';
import {
  signatureOf,
  startDeployBackend,
  TestBackend,
} from './__testUtils__/startDeployBackend';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

function examplesOf(event: string): {
  event: string;
  index: number;
  payload: { repository?: { full_name: string } };
}[] {
  const examples =
    webhooks.find(webhook => webhook.name === event)?.examples ?? [];
  return examples.map((payload, index) => ({
    event,
    index,
    payload: payload as { repository?: { full_name: string } },
  }));
}

const examples = [
  'deployment',
  'deployment_status',
  'workflow_run',
  'workflow_job',
].flatMap(examplesOf);

const repositories = [
  ...new Set(
    examples.map(({ payload }) => payload.repository?.full_name ?? ''),
  ),
];

describe.each(databases.eachSupportedId())(
  "GitHub's webhooks on %s",
  databaseId => {
    let backend: TestBackend;

    afterEach(() => backend.stop());

    it('stores and shows what GitHub publishes as examples', async () => {
      backend = await startDeployBackend({
        databases,
        databaseId,
        entities: repositories.map((repository, index) =>
          component(`service-${index}`, {
            repository,
            annotations: { 'deploy.vvp.io/jobs': 'production=*' },
          }),
        ),
      });

      for (const { event, payload } of examples) {
        const response = await backend.deliver(event, payload);
        expect(response.status).toBe(202);
      }

      const digests = new Set(
        examples.map(({ event, payload }) => JSON.stringify([event, payload])),
      );
      const events = await backend.knex('events').select('topic', 'state');
      expect(events).toHaveLength(digests.size);
      expect(events.filter(event => event.state !== 'done')).toEqual([]);
      const helloWorld = repositories.indexOf('Codertocat/Hello-World');
      const { body } = await backend.get(
        `/services/component/default/service-${helloWorld}/deployments`,
      );
      expect(body.items).toContainEqual(
        expect.objectContaining({
          source: 'github:codertocat/hello-world:2202229078:1:289782451',
          jobName: 'linters',
          // The examples say of this one job that it failed, and that it succeeded.
          status: 'succeeded',
        }),
      );
      const { body: overview } = await backend.get(
        `/services/component/default/service-${helloWorld}`,
      );
      expect(overview.environments).toContainEqual(
        expect.objectContaining({ name: 'production', tier: 'production' }),
      );
    });

    it('keeps one row of the same delivery sent twice', async () => {
      backend = await startDeployBackend({
        databases,
        databaseId,
        entities: [component('hello', { repository: repositories[0] })],
      });
      const [{ event, payload }] = examples;

      await backend.deliver(event, payload);
      await backend.deliver(event, payload);

      expect(await backend.knex('events')).toHaveLength(1);
      expect(await backend.knex('deployments')).toHaveLength(1);
    });

    it.each([
      ['a wrong secret', (body: string) => signatureOf(body, 'wrong')],
      ['another body', () => signatureOf('{}')],
      ['no signature', () => undefined],
      ['something else', () => 'sha256=nonsense'],
    ])('refuses %s, and stores nothing', async (_case, signature) => {
      backend = await startDeployBackend({
        databases,
        databaseId,
        entities: [component('hello', { repository: repositories[0] })],
      });

      for (const { event, payload } of examples.slice(0, 3)) {
        const response = await backend.deliver(event, payload, signature);
        expect([401, 403]).toContain(response.status);
      }

      expect(await backend.knex('events')).toEqual([]);
      expect(await backend.knex('deployments')).toEqual([]);
    });
  },
);

describe('the configuration of webhooks', () => {
  it.each([
    [{ http: { topics: ['github'] }, modules: { github: {} } }],
    [{ http: { topics: ['other', 'github'] }, modules: { github: {} } }],
    [{ http: { topics: ['github.workflow_job'] } }],
    [{ http: { topics: ['github.rest.run'] } }],
  ])(
    'is refused at start-up if it accepts unsigned posts: %j',
    async events => {
      await expect(
        startDeployBackend({
          databases,
          databaseId: 'SQLITE_3',
          config: { events },
        }),
      ).rejects.toThrow(/without a webhook secret|nobody checks signatures/);
    },
  );
});
