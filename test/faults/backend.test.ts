import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import knexFactory, { Knex } from 'knex';
import { expectAwsValidated } from '../simulators/aws/testing';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import { saveKubernetesValidation } from '../targets/kubernetesValidation';
import { configOf, saveKills } from './describeKills';
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
  workflow,
} from './backend/platforms';
import {
  ended,
  fillHistory,
  orderFor,
  rollbackOf,
  until,
} from './backend/portal';
import { Replica } from './backend/Replica';

// A lease lasts for half a minute, and a backend takes its time to start.
jest.setTimeout(300_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

describe('whole backends', () => {
  let github: GithubSimulator;
  let platforms: Platform[] = [];
  let replicas: Replica[] = [];

  beforeAll(async () => {
    github = await startPastGithub();
    await addRepository(github, REPOSITORY);
  }, 240_000);

  afterEach(async () => {
    await Promise.all(replicas.map(replica => replica.kill()));
    await Promise.all(platforms.map(platform => platform.stop()));
    replicas = [];
    platforms = [];
  });

  afterAll(async () => {
    await containerAppCalls.write('azure-container-app-backends');
    await expectAwsValidated(ledger, 'ecs-backends');
    await saveKubernetesValidation(validator, 'kubernetes-backends');
    await expectNoViolations(github, 'backends');
    await github.stop();
  });

  /** Backends on one database, of which the first knows the history. */
  async function startReplicas(count: number) {
    const database = configOf(await migratedDatabase(databases, 'POSTGRES_15'));
    const order = orderFor(database, platforms, github);
    replicas = await Promise.all(
      Array.from({ length: count }, () => Replica.start(order)),
    );
    await fillHistory(replicas[0], platforms);
    return { database, order };
  }

  async function inDatabase<T>(
    database: Knex.Config,
    read: (knex: Knex) => Promise<T>,
  ): Promise<T> {
    const knex = knexFactory(database);
    try {
      return await read(knex);
    } finally {
      await knex.destroy();
    }
  }

  it('finish the rollback of a backend that is killed, on every target', async () => {
    platforms = await Promise.all([
      virtualMachine(1_500),
      containerApp(5_000),
      ecs(500),
      kubernetes(300),
      workflow(github),
    ]);
    const { database, order } = await startReplicas(1);
    const [victim] = replicas;
    const started = await Promise.all(
      platforms.map(platform =>
        victim.post('/rollbacks', rollbackOf(platform)),
      ),
    );
    expect(started).toEqual(
      platforms.map(() => ({ status: 202, body: { id: expect.any(String) } })),
    );
    const ids = started.map(({ body }) => body.id as string);

    await until(async () => {
      const counts = await Promise.all(platforms.map(each => each.changes()));
      return counts.every(count => count > 0);
    });
    await victim.kill();
    // On a machine that stands still for a while one may be through already.
    const left = await inDatabase(database, knex =>
      knex('operations').where({ status: 'running' }).pluck('id'),
    );
    await Promise.all(platforms.map(platform => platform.proceed?.()));
    const heir = await Replica.start(order);
    replicas.push(heir);
    const operations = await Promise.all(ids.map(id => ended(heir, id)));

    expect(left.length).toBeGreaterThan(1);
    for (const [index, platform] of platforms.entries()) {
      const { name, previous } = platform;
      expect({ name, ...pick(operations[index]) }).toEqual({
        name,
        status: 'succeeded',
        outcome: 'done',
      });
      expect(await platform.serving()).toBe(previous);
      const { body } = await heir.get(
        `/services/component/default/${name}/deployments`,
      );
      const rolledBack = body.items
        .filter((item: Item) => item.status === 'rolled_back')
        .map((item: Item) => item.release.commit);
      // The workload of Kubernetes does not tell its commit, so that nothing is known of a release.
      expect({ name, rolledBack }).toEqual({
        name,
        rolledBack: [platform.currentCommit].flatMap(commit => commit ?? []),
      });
    }
    const fences = await inDatabase(database, knex =>
      knex('operations').whereIn('id', ids).select('id', 'fence'),
    );
    expect(
      Object.fromEntries(fences.map(({ id, fence }) => [id, Number(fence)])),
    ).toEqual(
      Object.fromEntries(ids.map(id => [id, left.includes(id) ? 2 : 1])),
    );
    await saveKills(
      'whole backends',
      platforms.map((platform, index) => ({
        title: `${platform.target.type}, all by one kill of a backend`,
        kills: 1,
        outcomes: {
          [`${operations[index].status}, ${operations[index].outcome}`]: 1,
        },
      })),
    );
  });
});

interface Item {
  status: string;
  release: { commit: string };
}

function pick({ status, outcome }: { status: string; outcome: string }) {
  return { status, outcome };
}
