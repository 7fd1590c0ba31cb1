import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { REPOSITORY } from './__testUtils__/life/githubPayloads';
import { LifeWorld } from './__testUtils__/life/LifeWorld';
import { CarryOut } from './CarryOut';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const open = { rules: [], order: 'none' as const };

describe.each(databases.eachSupportedId())(
  'what came of a promotion, on %s',
  databaseId => {
    /** A run whose first job brought its release in, and whose later one is there. */
    async function outcomeOf(
      status: 'executing' | 'verifying',
      later: 'waiting' | 'cancelled' | 'failed',
    ) {
      const knex = await migratedDatabase(databases, databaseId);
      const world = await LifeWorld.create(knex, [open, open]);
      const { environmentId } = world.place('verifier');
      world.github.start({
        commit: 'c'.repeat(40),
        starter: 'paul',
        services: ['verifier'],
      });
      for (const webhook of world.github.outbox.splice(0)) {
        await world.replicas[0].take(webhook);
      }
      const row = await knex('deployments')
        .where({ environment_id: environmentId })
        .first();
      await knex('deployments')
        .where({ id: row.id })
        .update({ status: later, outcome: later });
      await knex('deployments').insert({
        ...row,
        id: 'of-the-first-job',
        source: `${row.source}0`,
        status: 'succeeded',
        outcome: 'succeeded',
        created_at: '2026-01-05T07:00:00.000Z',
        finished_at: world.now.toISOString(),
      });
      const carryOut = new CarryOut({
        knex,
        store: { commitOf: async () => undefined },
        dispatch: async () => ({ id: 'none' }),
        wakeAnswers: () => {},
        isWatched: () => true,
        now: () => world.now,
      });
      return carryOut.outcomeOf(
        {
          id: 'promotion-1',
          status,
          state: { decided: { at: world.now.toISOString() } },
          environment_id: environmentId,
          release_id: row.release_id,
          run_id: row.run_id,
          repository: REPOSITORY,
        } as never,
        {} as never,
      );
    }

    it.each(['waiting', 'cancelled', 'failed'] as const)(
      'is what is in place once it is, whatever a later job does: %s',
      async later => {
        expect(await outcomeOf('verifying', later)).toMatchObject({
          deploymentId: 'of-the-first-job',
          deployment: { status: 'succeeded' },
          watch: { state: 'watching' },
        });
      },
    );

    it('is that of the later job until then', async () => {
      expect(await outcomeOf('executing', 'failed')).toMatchObject({
        deployment: { status: 'failed' },
      });
    });
  },
);
