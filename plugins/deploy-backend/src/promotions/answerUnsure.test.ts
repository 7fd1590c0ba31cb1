import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { LifeWorld } from './__testUtils__/life/LifeWorld';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const open = { rules: [], order: 'none' as const };

it.each(databases.eachSupportedId())(
  'nothing is let in while nobody knows whether a newer one runs there, on %s',
  async databaseId => {
    const knex = await migratedDatabase(databases, databaseId);
    const world = await LifeWorld.create(knex, [open, open]);
    const { github } = world;
    const [replica] = world.replicas;
    const look = async () => {
      for (const webhook of github.outbox.splice(0)) {
        await replica.take(webhook);
      }
      world.later(3_700);
      await replica.answer();
      await replica.progress();
    };
    const release = (sha: string) => {
      world.commits.push({ sha, author: 'paul' });
      return github.start({
        commit: sha,
        starter: 'paul',
        services: ['verifier'],
      });
    };
    const first = release('a'.repeat(40));
    await look();
    for (const job of first.jobs) {
      github.work(job, 'success');
      github.work(job, 'success');
    }
    await look();
    const second = release('b'.repeat(40));
    // It is let through, and GitHub does not take the answer yet.
    github.mood = 'denies';
    await look();
    const { status } = await knex('promotions')
      .where({ run_id: String(second.id) })
      .first('status');

    github.mood = 'well';
    world.comparable = false;
    await look();
    const unsure = github.told.filter(({ run }) => run === second);
    world.comparable = true;
    await look();

    expect(status).toBe('executing');
    expect(unsure).toEqual([]);
    expect(github.told.filter(({ run }) => run === second)).toEqual([
      expect.objectContaining({ state: 'approved' }),
    ]);
  },
);
