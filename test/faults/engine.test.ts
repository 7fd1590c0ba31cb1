import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import knexFactory, { Knex } from 'knex';
import { scenario as failingFiles } from './failingFiles.scenario';
import { scenario as files } from './files.scenario';
import { KilledCase, saveKills } from './describeKills';
import { killEverywhere } from './killEverywhere';

// Each kill takes a process of its own: a third of a second on a machine that is not busy.
jest.setTimeout(300_000);

const MAX_KILLS = 32;

const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const scenarios = [
  {
    title: 'a rollback',
    file: require.resolve('./files.scenario.ts'),
    scenario: files,
    end: 'succeeded, done',
  },
  {
    title: 'a rollback that fails and is undone',
    file: require.resolve('./failingFiles.scenario.ts'),
    scenario: failingFiles,
    end: 'failed, as-before',
  },
];

describe('an engine that is killed', () => {
  let directory: string;
  const kept: KilledCase[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'deploy-faults-'));
  });

  afterAll(async () => {
    await rm(directory, { recursive: true });
    await saveKills('engine', kept);
  });

  async function sqlite(name: string): Promise<Knex.Config> {
    const config: Knex.Config = {
      client: 'better-sqlite3',
      connection: { filename: join(directory, `${name}.sqlite`) },
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
    // Knex hides the password from whoever copies the connection.
    const { password } = connection;
    return { client, connection: { ...connection, password } };
  }

  it.each(scenarios)(
    'leaves $title to another one, on both databases',
    async ({ title, file, scenario, end }) => {
      const reports = await Promise.all([
        sqlite(title).then(database =>
          killEverywhere({ file, scenario, database, maxKills: MAX_KILLS }),
        ),
        postgres().then(database =>
          killEverywhere({ file, scenario, database, maxKills: MAX_KILLS }),
        ),
      ]);

      for (const [index, name] of ['SQLite', 'PostgreSQL'].entries()) {
        const { kills, outcomes } = reports[index];
        kept.push({ title: `${title}, on ${name}`, kills, outcomes });
        expect(kills).toBeGreaterThan(20);
        expect(outcomes).toEqual({ [end]: kills });
      }
    },
  );
});
