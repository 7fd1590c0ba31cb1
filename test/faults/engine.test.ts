import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import { scenario as failingFiles } from './failingFiles.scenario';
import { scenario as files } from './files.scenario';
import { configOf, createSqlite, KilledCase, saveKills } from './describeKills';
import { killEverywhere } from './killEverywhere';
import { sampled } from './sampling';

// Each kill takes a process of its own: a third of a second on a machine that is not busy.
jest.setTimeout(300_000);

const MAX_KILLS = sampled(32, 8);

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

  const sqlite = (name: string) =>
    createSqlite(join(directory, `${name}.sqlite`));
  const postgres = async () =>
    configOf(await migratedDatabase(databases, 'POSTGRES_15'));

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
        expect(kills).toBeGreaterThanOrEqual(Math.min(20, MAX_KILLS));
        expect(outcomes).toEqual({ [end]: kills });
      }
    },
  );
});
