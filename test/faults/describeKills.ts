import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import knexFactory, { Knex } from 'knex';
import { FaultScenario } from './FaultScenario';
import { killEverywhere } from './killEverywhere';
import { sampled } from './sampling';

/** Where the counts are left that are printed after all tests. */
const folder = resolve(__dirname, '..', '..', '.test', 'kills');

/** What processes are killed in. */
export interface KillCase {
  /** What they do, such as `a rollback that is undone`. */
  title: string;
  /** File that exports `scenario`. */
  file: string;
  scenario: FaultScenario;
  database: 'SQLite' | 'PostgreSQL';
  /** How all of them have to end; default `succeeded, done`. */
  end?: string;
  maxKills: number;
  /** Fewer, and something is wrong with the test; default `maxKills`. */
  minKills?: number;
  takesItsTime?: boolean;
}

/**
 * Kills processes that drive a target in each of the cases, and leaves the number of kills for the summary
 * of all tests.
 *
 * @param target - type of the target, such as `azure-vm`
 */
export function describeKills(
  target: string,
  cases: KillCase[],
  end: () => Promise<void> = async () => {},
): void {
  const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

  describe(`a process that is killed while it drives ${target}`, () => {
    let directory: string;
    const kept: KilledCase[] = [];

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'deploy-kills-'));
    });

    afterAll(async () => {
      await rm(directory, { recursive: true });
      await saveKills(target, kept);
      await end();
    });

    it.each(cases)(
      'leaves $title, on $database, to another one',
      async options => {
        const { title, takesItsTime = false } = options;
        const maxKills = sampled(options.maxKills);
        const minKills = Math.min(
          options.minKills ?? options.maxKills,
          // One may come to nothing where the platform was quicker this time.
          takesItsTime ? maxKills - 1 : maxKills,
        );
        const database =
          options.database === 'SQLite'
            ? await createSqlite(join(directory, `${kept.length}.sqlite`))
            : configOf(await migratedDatabase(databases, 'POSTGRES_15'));

        const { kills, outcomes } = await killEverywhere({
          ...options,
          maxKills,
          database,
        });

        kept.push({ title, kills, outcomes });
        expect(outcomes).toEqual({ [options.end ?? 'succeeded, done']: kills });
        expect(kills).toBeGreaterThanOrEqual(minKills);
      },
    );
  });
}

/** What came of the kills in one case. */
export interface KilledCase {
  title: string;
  kills: number;
  /** How the operations ended, and how often. */
  outcomes: Record<string, number>;
}

/** Leaves them for the summary that is printed after all tests. */
export async function saveKills(
  target: string,
  cases: readonly KilledCase[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, `${target}.json`),
    JSON.stringify({ target, cases }, undefined, 2),
  );
}

/** A migrated database in a file, which several processes may open. */
export async function createSqlite(filename: string): Promise<Knex.Config> {
  const config: Knex.Config = {
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
  };
  const knex = knexFactory(config);
  await knex.raw('pragma journal_mode = wal');
  await applyMigrations(knex);
  await knex.destroy();
  return config;
}

/** What another process needs to open the database. */
export function configOf(knex: Knex): Knex.Config {
  const { client, connection } = knex.client.config;
  // Knex hides the password from whoever copies what it is configured with.
  return {
    client,
    connection: { ...connection, password: connection.password },
  };
}
