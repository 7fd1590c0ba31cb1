import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import {
  configOf,
  createSqlite,
  KilledCase,
  saveKills,
} from '../faults/describeKills';
import { killEverywhere } from '../faults/killEverywhere';
import { sampled } from '../faults/sampling';
import { expectAwsValidated } from '../simulators/aws/testing';
import { scenario as blueGreen } from './ecsBlueGreen.scenario';
import { scenario as rolling } from './ecsRolling.scenario';
import { ledger } from './ecsScenario';
import { scenario as undone } from './ecsUndone.scenario';

jest.setTimeout(300_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });
const MAX_KILLS = sampled(12);

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

  const sqlite = () => createSqlite(join(directory, 'portal.sqlite'));
  const postgres = async () =>
    configOf(await migratedDatabase(databases, 'POSTGRES_15'));

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
