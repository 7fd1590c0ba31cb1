import { TestDatabases } from '@backstage/backend-test-utils';
import { component } from '../__testUtils__/entities';
import { minute, SHA } from '../__testUtils__/github';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

/** Where nobody listens: whoever answers is not what this is about. */
const HOST = '127.0.0.1:1';
const API = `http://${HOST}/api/v3`;

function asked(more: object = {}): object {
  return {
    action: 'requested',
    environment: 'production',
    event: 'push',
    deployment_callback_url: `${API}/repos/Example-Org/vvp/actions/runs/100/deployment_protection_rule`,
    deployment: {
      id: 50,
      sha: SHA,
      ref: 'main',
      environment: 'production',
      creator: { login: 'dana' },
      created_at: minute(1),
      updated_at: minute(1),
    },
    pull_requests: [],
    repository: { full_name: 'Example-Org/vvp' },
    sender: { login: 'dana' },
    ...more,
  };
}

describe.each(oneDatabase(databases))('what GitHub asks, on %s', databaseId => {
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startDeployBackend({
      databases,
      databaseId,
      config: {
        integrations: {
          github: [{ host: HOST, apiBaseUrl: API }],
        },
      },
    });
  });

  beforeEach(async () => {
    await backend.knex('events').delete();
    await backend.knex('ingest_problems').delete();
    await backend.knex('protection_callbacks').delete();
  });

  afterAll(() => backend.stop());

  const kept = () => backend.knex('protection_callbacks');

  const problems = async (): Promise<{ kind: string; message: string }[]> =>
    (await backend.get('/ingest/problems')).body.items.filter(
      (one: { kind: string }) => one.kind !== 'protection-rule',
    );

  it('is kept until the catalog knows the repository, then taken up once', async () => {
    await backend.deliver('deployment_protection_rule', asked());
    const before = await kept();

    backend.entities.push(
      component('vvp-verifier', {
        key: 'verifier',
        location: `http://${HOST}/example-org/vvp/blob/main/catalog-info.yaml`,
      }),
    );
    await backend.run('catalog-sync');
    await backend.run('event-retry');
    await backend.deliver('deployment_protection_rule', asked());
    await backend.deliver(
      'deployment_protection_rule',
      asked({ sender: { login: 'omar' } }),
    );

    expect(before).toEqual([]);
    expect(await kept()).toEqual([
      expect.objectContaining({
        repository: 'example-org/vvp',
        run_id: '100',
        environment: 'production',
        deployment: '50',
        commit_sha: SHA,
        ref: 'main',
        creator: 'dana',
      }),
    ]);
  });

  it.each([
    [
      'another host',
      'https://elsewhere.example.test/repos/example-org/vvp/actions/runs/100/deployment_protection_rule',
      'foreign-callback',
      /apiBaseUrl/,
    ],
    [
      'a host that begins like GitHub’s',
      'http://127.0.0.1:1.example.test/api/v3/repos/example-org/vvp/actions/runs/100/deployment_protection_rule',
      'foreign-callback',
      /apiBaseUrl/,
    ],
    [
      'another repository',
      `${API}/repos/example-org/other/actions/runs/100/deployment_protection_rule`,
      'malformed-payload',
      /deployment_callback_url: names another repository/,
    ],
    [
      'no run',
      `${API}/repos/example-org/vvp/actions/runs/`,
      'malformed-payload',
      /deployment_callback_url: names no run/,
    ],
    [
      'more than the run',
      `${API}/repos/example-org/vvp/actions/runs/100/deployment_protection_rule?to=x`,
      'malformed-payload',
      /deployment_callback_url: names no run/,
    ],
  ])(
    'is refused, and reported, when its callback names %s',
    async (_name, url, kind, message) => {
      await backend.deliver(
        'deployment_protection_rule',
        asked({ deployment_callback_url: url }),
      );

      expect(await kept()).toEqual([]);
      expect(await problems()).toEqual([
        expect.objectContaining({
          kind,
          message: expect.stringMatching(message),
        }),
      ]);
    },
  );
});
