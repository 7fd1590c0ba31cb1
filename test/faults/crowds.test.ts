import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import knexFactory, { Knex } from 'knex';
import { expectAwsValidated } from '../simulators/aws/testing';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import { saveKubernetesValidation } from '../targets/kubernetesValidation';
import {
  addRepository,
  containerApp,
  containerAppCalls,
  ecs,
  kubernetes,
  ledger,
  Platform,
  REPOSITORY,
  startPastGithub,
  validator,
  virtualMachine,
} from './backend/platforms';
import {
  ended,
  fillHistory,
  orderFor,
  rollbackOf,
  until,
} from './backend/portal';
import { Answer, Replica } from './backend/Replica';
import { configOf } from './describeKills';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const CLIENTS = 5;
const REQUESTS = 50;

describe('three backends on one database', () => {
  let github: GithubSimulator;
  let replicas: Replica[] = [];
  let database: Knex;
  let machine: Awaited<ReturnType<typeof virtualMachine>>;
  let app: Awaited<ReturnType<typeof containerApp>>;
  let service: Platform;
  let workload: Platform;

  beforeAll(async () => {
    github = await startPastGithub();
    await addRepository(github, REPOSITORY);
    [machine, app, service, workload] = await Promise.all([
      virtualMachine(50),
      containerApp(500),
      ecs(100),
      kubernetes(20),
    ]);
    const platforms = [
      machine,
      machine.neighbour,
      app,
      app.neighbour,
      service,
      workload,
    ];
    const config = configOf(await migratedDatabase(databases, 'POSTGRES_15'));
    database = knexFactory(config);
    const order = orderFor(config, platforms, github);
    replicas = await Promise.all(
      Array.from({ length: 3 }, () => Replica.start(order)),
    );
    await fillHistory(replicas[0], platforms);
  });

  afterAll(async () => {
    await Promise.all(replicas.map(replica => replica.kill()));
    await database.destroy();
    await Promise.all(
      [machine, app, service, workload].map(platform => platform.stop()),
    );
    await containerAppCalls.write('azure-container-app-crowds');
    await expectAwsValidated(ledger, 'ecs-crowds');
    await saveKubernetesValidation(validator, 'kubernetes-crowds');
    await expectNoViolations(github, 'crowds');
    await github.stop();
  });

  /** Each client asks its share of times, each time another replica, and all at once. */
  function askAtOnce(
    platform: Platform,
    headersOf: (client: number) => Record<string, string>,
  ): Promise<Answer[]> {
    return Promise.all(
      Array.from({ length: REQUESTS }, (_, index) =>
        replicas[index % replicas.length].post(
          '/rollbacks',
          rollbackOf(platform),
          headersOf(index % CLIENTS),
        ),
      ),
    );
  }

  async function hasDone(id: string, name: string): Promise<boolean> {
    const { body } = await replicas[1].get(`/operations/${id}`);
    const step = body.steps.find((one: { name: string }) => one.name === name);
    return step?.status === 'succeeded';
  }

  async function operationsOf(platform: Platform) {
    return database('operations')
      .join('services', 'services.id', 'operations.service_id')
      .where('entity_ref', `component:default/${platform.name}`)
      .select('operations.*');
  }

  it('run one of 50 rollbacks that 5 people ask for at once, and refuse the others', async () => {
    const answers = await askAtOnce(workload, client => ({
      authorization: mockCredentials.user.header(
        `user:default/client-${client}`,
      ),
    }));
    const started = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 409);
    const { id } = started[0].body;
    const operation = await ended(replicas[1], id);

    expect(started).toHaveLength(1);
    expect(refused).toHaveLength(REQUESTS - 1);
    for (const { body } of refused) {
      expect(body.error.message).toContain(id);
    }
    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(await operationsOf(workload)).toHaveLength(1);
    expect(await workload.serving()).toBe(workload.previous);
    expect(await workload.changes()).toBe(1);
  });

  it('answer 50 requests with one idempotency key with one id', async () => {
    const answers = await askAtOnce(service, () => ({
      'idempotency-key': 'one-and-the-same',
    }));
    const ids = new Set(answers.map(({ body }) => body.id));
    const operation = await ended(replicas[1], [...ids][0]);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(ids.size).toBe(1);
    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(await operationsOf(service)).toHaveLength(1);
    expect(await service.serving()).toBe(service.previous);
    expect(await service.changes()).toBe(1);
  });

  it('change two services on one machine one after the other, and two apps at once', async () => {
    const platforms = [machine, machine.neighbour, app, app.neighbour];
    const started = await Promise.all(
      platforms.map((platform, index) =>
        replicas[index % replicas.length].post(
          '/rollbacks',
          rollbackOf(platform),
        ),
      ),
    );
    const [signer, verifier, issuer, neighbour] = await Promise.all(
      started.map(({ body }) => ended(replicas[0], body.id)),
    );

    for (const [index, operation] of [
      signer,
      verifier,
      issuer,
      neighbour,
    ].entries()) {
      expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
      expect(await platforms[index].serving()).toBe(platforms[index].previous);
    }
    const runs = machine.runs();
    expect(
      runs.filter(
        (run, index) =>
          index > 0 && run.startedAt < (runs[index - 1].finishedAt ?? Infinity),
      ),
    ).toEqual([]);
    expect(overlap(signer, verifier)).toBe(false);
    expect(overlap(issuer, neighbour)).toBe(true);
  });

  it.each([
    {
      what: 'a task definition that is on its way',
      platformOf: () => service,
      isMiddle: async (_id: string, before: number) =>
        (await service.changes()) > before,
    },
    {
      what: 'a release that a machine runs and was found well',
      platformOf: () => machine,
      isMiddle: (id: string) => hasDone(id, 'await-healthy'),
    },
  ])(
    'put $what back in place when a pipeline displaces it',
    async ({ platformOf, isMiddle }) => {
      const platform = platformOf();
      const before = await platform.changes();
      const { status, body } = await replicas[0].post(
        '/rollbacks',
        rollbackOf(platform, platform.older),
      );
      await until(() => isMiddle(body.id, before));

      const pushed = platform.push!();
      const operation = await ended(replicas[2], body.id);
      await pushed;

      expect(status).toBe(202);
      expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
      expect(await platform.serving()).toBe(platform.older);
      expect(JSON.stringify(operation)).toContain('meanwhile');
    },
  );
});

interface Times {
  startedAt: string;
  finishedAt: string;
}

function overlap(one: Times, other: Times): boolean {
  return one.startedAt < other.finishedAt && other.startedAt < one.finishedAt;
}
