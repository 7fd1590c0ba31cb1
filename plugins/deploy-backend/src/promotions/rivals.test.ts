import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { LifeWorld } from './__testUtils__/life/LifeWorld';
import { userRef } from './__testUtils__/life/githubPayloads';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const open = { rules: [], order: 'none' as const };

const MAIN = 'a'.repeat(40);
/** Built on top of it, on a branch of its own. */
const FEATURE = 'b'.repeat(40);

describe.each(databases.eachSupportedId())(
  'a newer release that is never let in, on %s',
  databaseId => {
    let knex: Knex;
    let world: LifeWorld;

    beforeAll(async () => {
      knex = await migratedDatabase(databases, databaseId);
    });

    beforeEach(async () => {
      world = await LifeWorld.create(knex, [open, open]);
      world.place('verifier').refs = { branches: ['main'] };
      for (const sha of [MAIN, FEATURE]) {
        world.commits.push({ sha, author: 'paul' });
        world.github.start({
          commit: sha,
          starter: 'paul',
          services: ['verifier'],
        });
      }
      for (const webhook of world.github.outbox.splice(0)) {
        await world.replicas[0].take(webhook);
      }
      await knex('deployments')
        .whereIn(
          'release_id',
          knex('releases').where({ commit_sha: FEATURE }).select('id'),
        )
        .update({ ref: 'feature/faster' });
    });

    async function ask(
      commit: string,
      more: { runId?: string } = {},
      idempotency?: { key: string; request: string },
    ) {
      const place = world.place('verifier');
      const [replica] = world.replicas;
      const releases = await world.releases(place);
      const { id } = await replica.desk.request(
        {
          environment: (await replica.environments.find({
            id: place.environmentId,
          }))!,
          releaseId: releases.find(each => each.commit === commit)!.id,
          class: 'regular',
          by: userRef('dana'),
          ...more,
        },
        idempotency,
      );
      return id;
    }

    const runOf = (commit: string) => ({
      runId: String(
        [...world.github.runs.values()].find(run => run.commit === commit)!.id,
      ),
    });

    async function statusOf(id: string) {
      const { status } = await knex('promotions').where({ id }).first('status');
      return status;
    }

    it('turns no older one away that a run brings', async () => {
      const feature = await ask(FEATURE, runOf(FEATURE));

      const main = await ask(MAIN, runOf(MAIN));

      expect(await statusOf(feature)).toBe('gated');
      expect(await statusOf(main)).toBe('executing');
    });

    it('refuses no older one that a person asks for', async () => {
      await ask(FEATURE, runOf(FEATURE));

      expect(await statusOf(await ask(MAIN))).toBe('approved');
    });

    it('ends no older one', async () => {
      const main = await ask(MAIN);

      await ask(FEATURE, runOf(FEATURE));

      expect(await statusOf(main)).toBe('approved');
    });

    it('keeps an older one out once its branch is let in', async () => {
      world.place('verifier').refs = { branches: ['main', 'feature/*'] };
      await ask(FEATURE);

      await expect(ask(MAIN)).rejects.toThrow(
        'A newer release than aaaaaaa was asked for already',
      );
    });

    it('shares no key with another one that is asked for at the same moment', async () => {
      const answers = await Promise.allSettled([
        ask(FEATURE, {}, { key: 'pressed-once', request: 'the newer one' }),
        ask(MAIN, {}, { key: 'pressed-once', request: 'the older one' }),
      ]);

      expect(
        await knex('promotions').where({ idempotency: 'pressed-once' }),
      ).toHaveLength(1);
      expect(answers).toContainEqual({
        status: 'rejected',
        reason: expect.objectContaining({
          name: 'ConflictError',
          message: expect.stringMatching(/^Idempotency-Key: started promotion/),
        }),
      });
    });
  },
);
