import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { LifeWorld } from './__testUtils__/life/LifeWorld';
import { PromotionStore } from './PromotionStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const open = { rules: [], order: 'none' as const };

describe.each(databases.eachSupportedId())(
  'the attempt that brought a release in, on %s',
  databaseId => {
    async function deployed() {
      const knex = await migratedDatabase(databases, databaseId);
      const world = await LifeWorld.create(knex, [open, open]);
      world.github.start({
        commit: 'c'.repeat(40),
        starter: 'paul',
        services: ['verifier'],
      });
      for (const webhook of world.github.outbox.splice(0)) {
        await world.replicas[0].take(webhook);
      }
      const { id } = await knex('deployments')
        .where({ environment_id: world.place('verifier').environmentId })
        .first('id');
      return { knex, id, store: new PromotionStore(knex) };
    }

    it('is told by its deployment, until the release was taken out again', async () => {
      const { knex, id, store } = await deployed();

      const before = await store.attemptOf({ deployment_id: id });
      await knex('deployments').where({ id }).update({ rolled_back: '{}' });
      const after = await store.attemptOf({ deployment_id: id });

      expect(before).toBe(1);
      expect(after).toBeUndefined();
    });

    it('is not known of what no job brought in', async () => {
      const { store } = await deployed();

      expect(await store.attemptOf({ deployment_id: null })).toBeUndefined();
    });
  },
);
