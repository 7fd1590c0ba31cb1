import { TestDatabases } from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { LifeWorld } from './__testUtils__/life/LifeWorld';
import { userRef } from './__testUtils__/life/githubPayloads';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const open = { rules: [], order: 'none' as const };
const guarded = {
  rules: [{ team: 'platform' as const, required: 1 }],
  order: 'none' as const,
};
const DANA = userRef('dana');

describe.each(databases.eachSupportedId())(
  'promotions that are dispatched, on %s',
  databaseId => {
    /** A release whose promotion Dana asks for; `dispatch` is what happens when it is let through. */
    async function ask(
      policy: typeof open | typeof guarded,
      dispatch: (world: LifeWorld, id: string) => Promise<void>,
      isDispatched = true,
    ) {
      const knex = await migratedDatabase(databases, databaseId);
      const world = await LifeWorld.create(knex, [policy, policy]);
      const place = world.place('verifier');
      const dispatched: string[] = [];
      world.automatic = isDispatched;
      world.dispatch = async id => {
        dispatched.push(id);
        await dispatch(world, id);
        await world.operate(place, true);
        return knex('operations').first('id');
      };
      const [replica] = world.replicas;
      world.commits.push({ sha: 'c'.repeat(40), author: 'paul' });
      world.github.start({
        commit: 'c'.repeat(40),
        starter: 'paul',
        services: ['verifier'],
      });
      for (const webhook of world.github.outbox.splice(0)) {
        await replica.take(webhook);
      }
      const { id } = await replica.desk.request({
        environment: (await replica.environments.find({
          id: place.environmentId,
        }))!,
        releaseId: (await world.releases(place))[0].id,
        class: 'regular',
        by: DANA,
      });
      return {
        world,
        id,
        dispatched,
        knex,
        row: () => knex('promotions').where({ id }).first(),
        /** Time goes by, and another replica looks. */
        async look() {
          world.later(61);
          await world.replicas[1].progress();
        },
      };
    }

    it('are not cancelled once their operation is on its way', async () => {
      const refusals: unknown[] = [];

      const { row, dispatched } = await ask(open, async (world, id) => {
        await world.replicas[1].desk
          .cancel(id, { by: DANA })
          .catch(error => refusals.push(error));
      });

      expect(refusals).toEqual([expect.any(ConflictError)]);
      expect(await row()).toMatchObject({
        status: 'executing',
        operation_id: expect.any(String),
      });
      expect(dispatched).toHaveLength(1);
    });

    it('are cancelled as long as admission holds them up', async () => {
      const { world, id, row, look, dispatched } = await ask(open, async () => {
        throw new ConflictError('It is locked.');
      });

      await world.replicas[1].desk.cancel(id, { by: DANA });
      await look();

      expect((await row()).status).toBe('cancelled');
      expect(dispatched).toHaveLength(1);
    });

    it('are dispatched by another process where one died before', async () => {
      let isDead = true;
      const { world, id, row, look, dispatched, knex } = await ask(
        open,
        async () => {
          if (isDead) {
            throw new Error('It died');
          }
        },
      );
      // As a process that died leaves it.
      await knex('promotions')
        .where({ id })
        .update({ go_ahead_at: world.now.toISOString() });
      isDead = false;

      await look();
      await look();

      expect(dispatched).toHaveLength(2);
      expect((await row()).operation_id).toEqual(expect.any(String));
    });

    it('are not cancelled since another process started them, whatever this one could not', async () => {
      const { world, id, row } = await ask(open, async ({ knex, now }) => {
        await knex('promotions').update({
          operation_id: 'of-the-other',
          go_ahead_at: now.toISOString(),
        });
        throw new ConflictError('A promote is under way here.');
      });

      const cancelled = world.replicas[1].desk.cancel(id, { by: DANA });

      await expect(cancelled).rejects.toThrow(ConflictError);
      expect(await row()).toMatchObject({
        status: 'executing',
        operation_id: 'of-the-other',
        go_ahead_at: expect.any(String),
      });
    });

    it('are so although the policy said otherwise when they were asked for', async () => {
      const { world, row, look, dispatched } = await ask(
        open,
        async () => {},
        false,
      );
      const before = await row();
      world.automatic = true;

      await look();

      expect(before).toMatchObject({
        status: 'approved',
        seam: 'protection-rule',
      });
      expect(dispatched).toHaveLength(1);
      expect(await row()).toMatchObject({
        status: 'executing',
        seam: 'dispatch',
        operation_id: expect.any(String),
      });
    });

    it('end where a run waits for them, and the policy says by now that the portal starts one', async () => {
      const { world, id, row, look, dispatched, knex } = await ask(
        open,
        async () => {},
        false,
      );
      await knex('promotions').where({ id }).update({ run_id: '99' });
      world.automatic = true;

      await look();

      expect(dispatched).toEqual([]);
      expect(await row()).toMatchObject({
        status: 'cancelled',
        seam: 'protection-rule',
        operation_id: null,
      });
    });

    it('are not dispatched since somebody let a job in at GitHub', async () => {
      const { world, id, row, look, dispatched } = await ask(
        guarded,
        async () => {},
      );

      await world.replicas[0].desk.tell(id, {
        type: 'bypass',
        at: world.now.toISOString(),
        text: 'eve at GitHub let the job in without asking the portal.',
      });
      await look();

      expect((await row()).status).toBe('executing');
      expect(dispatched).toEqual([]);
    });
  },
);
