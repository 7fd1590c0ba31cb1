import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import knexFactory, { Knex } from 'knex';
import { KilledCase, saveKills } from '../faults/describeKills';
import { killEverywhere } from '../faults/killEverywhere';
import { expectAwsValidated } from '../simulators/aws/testing';
import { scenario as blueGreen } from './ecsBlueGreen.scenario';
import { scenario as rolling } from './ecsRolling.scenario';
import { ledger } from './ecsScenario';
import { scenario as undone } from './ecsUndone.scenario';

jest.setTimeout(300_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });
const MAX_KILLS = 12;

describe('a process that is killed while it drives ECS', () => {
  let directory: string;
  const kept: KilledCase[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'deploy-ecs-'));
  });

  afterAll(async () => {
    await rm(directory, { recursive: true });
    await saveKills('ecs', kept);
    await expectAwsValidated(ledger, 'ecs-kills');
  });

  async function sqlite(): Promise<Knex.Config> {
    const config: Knex.Config = {
      client: 'better-sqlite3',
      connection: { filename: join(directory, 'portal.sqlite') },
      useNullAsDefault: true,
    };
    const knex = knexFactory(config);
    await knex.raw('pragma journal_mode = wal');
    await applyMigrations(knex);
    await knex.destroy();
    return config;
  }

  async function postgres(): Promise<Knex.Config> {
    const knex = await databases.init('POSTGRES_15');
    await applyMigrations(knex);
    const { client, connection } = knex.client.config;
    // Knex hides the password from whoever copies what it is configured with.
    return {
      client,
      connection: { ...connection, password: connection.password },
    };
  }

  it.each([
    {
      title: 'a rolling rollback, on SQLite',
      file: require.resolve('./ecsRolling.scenario.ts'),
      scenario: rolling,
      database: sqlite,
      end: 'succeeded, done',
    },
    {
      title: 'a blue/green rollback, on PostgreSQL',
      file: require.resolve('./ecsBlueGreen.scenario.ts'),
      scenario: blueGreen,
      database: postgres,
      end: 'succeeded, done',
    },
    {
      title: 'a blue/green rollback that is undone, on PostgreSQL',
      file: require.resolve('./ecsUndone.scenario.ts'),
      scenario: undone,
      database: postgres,
      end: 'failed, as-before',
    },
  ])('leaves $title, to another one', async options => {
    const { kills, outcomes } = await killEverywhere({
      file: options.file,
      scenario: options.scenario,
      database: await options.database(),
      maxKills: MAX_KILLS,
    });

    kept.push({ title: options.title, kills, outcomes });
    expect(kills).toBe(MAX_KILLS);
    expect(outcomes).toEqual({ [options.end]: kills });
  });
});
