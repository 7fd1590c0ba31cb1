import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { isOneDatabase } from '../__testUtils__/oneDatabase';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { FakeRun } from './__testUtils__/life/githubPayloads';
import { LifeWorld } from './__testUtils__/life/LifeWorld';
import { Random } from './__testUtils__/life/random';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

/** Where nobody has to ask; somebody has to approve, so that what was asked for stays. */
describe.each(databases.eachSupportedId())(
  'promotions that ask for themselves, on %s',
  databaseId => {
    let knex: Knex;
    let world: LifeWorld;

    beforeAll(async () => {
      knex = await migratedDatabase(databases, databaseId);
    });

    beforeEach(async () => {
      const policy = {
        rules: [{ team: 'platform' as const, required: 1 }],
        order: 'previous' as const,
      };
      world = await LifeWorld.create(knex, [policy, policy]);
      world.automatic = true;
    });

    const place = () => world.place('verifier');

    const deliver = async () => {
      for (const webhook of world.github.outbox.splice(0)) {
        await world.replicas[0].take(webhook);
      }
    };

    /** A new release, which works in staging. */
    const release = async (
      end: 'success' | 'failure' = 'success',
    ): Promise<FakeRun> => {
      const sha = (world.commits.length + 1).toString(16).padStart(40, 'a');
      world.commits.push({ sha, author: 'paul' });
      const run = world.github.start({
        commit: sha,
        starter: 'paul',
        services: ['verifier'],
      });
      world.later(60);
      world.github.work(run.jobs[0], end);
      await deliver();
      world.later(60);
      return run;
    };

    const inProduction = async (run: FakeRun) => {
      world.github.review(run, 'approved', 'omar');
      world.later(60);
      world.github.work(run.jobs[1], 'success');
      await deliver();
      world.later(60);
    };

    const look = () => world.replicas[0].automatic();

    const asked = (): Promise<
      { commit: string; status: string; requested_by: string }[]
    > =>
      knex('promotions')
        .join('releases', 'releases.id', 'promotions.release_id')
        .orderBy('promotions.created_at')
        .select(
          'releases.commit_sha as commit',
          'promotions.status',
          'promotions.requested_by',
        );

    const releaseId = async ({ commit }: FakeRun): Promise<string> =>
      (await knex('releases').where({ commit_sha: commit }).first('id')).id;

    it('do so once a release is fit, and no second time', async () => {
      const run = await release();

      await look();
      await look();

      expect(await asked()).toEqual([
        {
          commit: run.commit,
          status: 'awaiting_approval',
          requested_by: 'automatic',
        },
      ]);
    });

    it('are one, whichever replica looks', async () => {
      await release();
      const random = new Random(7);

      await world.turns.race(
        world.replicas.map(process => ({
          process,
          run: () => process.automatic(),
        })),
        count => random.below(count),
      );

      expect(await asked()).toHaveLength(1);
    });

    it('follow a newer release', async () => {
      const first = await release();
      await look();
      const second = await release();

      await look();

      expect(await asked()).toEqual([
        expect.objectContaining({
          commit: first.commit,
          status: 'superseded',
        }),
        expect.objectContaining({
          commit: second.commit,
          status: 'awaiting_approval',
        }),
      ]);
    });

    it('do not for what failed before', async () => {
      await release('failure');

      await look();

      expect(await asked()).toEqual([]);
    });

    // What these ask of the database, the others ask of both.
    if (isOneDatabase(databases, databaseId)) {
      it('do not where the policy does not say so', async () => {
        world.automatic = false;
        await release();

        await look();

        expect(await asked()).toEqual([]);
      });

      it('do not for what is quarantined, until that is lifted', async () => {
        const run = await release();
        const subject = { id: await releaseId(run), commit: run.commit };
        await world.quarantine(place(), subject, true);

        await look();
        const during = await asked();
        await world.quarantine(place(), subject, false);
        await look();

        expect(during).toEqual([]);
        expect(await asked()).toHaveLength(1);
      });

      it('do not under a hold, until that is lifted', async () => {
        await release();
        await world.hold(place(), true);

        await look();
        const during = await asked();
        await world.hold(place(), false);
        await look();

        expect(during).toEqual([]);
        expect(await asked()).toHaveLength(1);
      });

      it('do not for what failed its gate, until it passes', async () => {
        const run = await release();
        const facts = world.facts(place(), run.commit);
        facts.gate = 'fail';

        await look();
        const during = await asked();
        facts.gate = 'pass';
        await look();

        expect(during).toEqual([]);
        expect(await asked()).toHaveLength(1);
      });

      it('do not for what is older than what runs there', async () => {
        const first = await release();
        const second = await release();
        await inProduction(second);
        // Staging is put back to the first.
        world.github.cancel(first);
        world.github.again(first);
        world.later(60);
        world.github.work(first.jobs.at(-2)!, 'success');
        await deliver();

        await look();

        expect(await asked()).toEqual([]);
      });

      it.each(['rejected', 'rolled_back', 'expired', 'failed'])(
        'do not for what was %s before',
        async status => {
          await release();
          await look();
          const row = await knex('promotions').first('state');
          await knex('promotions').update({
            status,
            state: JSON.stringify({ ...JSON.parse(row.state), status }),
          });

          await look();

          expect(await asked()).toEqual([expect.objectContaining({ status })]);
        },
      );
    }
  },
);
