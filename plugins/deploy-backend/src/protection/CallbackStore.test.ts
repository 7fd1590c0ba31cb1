import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import {
  CallbackClaim,
  CallbackLostError,
  CallbackStore,
} from './CallbackStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const repository = 'example-org/vvp';
const asked = {
  repository,
  runId: '100',
  environment: 'production',
  deploymentId: '50',
  commit: 'a'.repeat(40),
  ref: 'r'.repeat(2_000),
  actor: 'dana',
};
const noon = new Date('2026-01-05T12:00:00.000Z');
const minutesLater = (minutes: number) =>
  new Date(noon.getTime() + minutes * 60_000);

describe.each(databases.eachSupportedId())(
  'CallbackStore on %s',
  databaseId => {
    async function open() {
      const knex = await migratedDatabase(databases, databaseId);
      return { knex, store: new CallbackStore(knex) };
    }

    async function claim(store: CallbackStore, now = noon) {
      return (await store.claimNext(now)) as CallbackClaim;
    }

    it('keeps a callback once, however often it comes', async () => {
      const { store } = await open();

      const kept = await Promise.all(
        [1, 2, 3].map(() => store.record(asked, noon)),
      );

      expect(kept.filter(Boolean)).toHaveLength(1);
      expect(await store.listOpen({ repository })).toEqual([
        expect.objectContaining({ runId: '100', creator: 'dana' }),
      ]);
      expect(await store.listOpen({ repository, runIds: ['1'] })).toEqual([]);
      expect(await store.askingEnvironments(repository)).toEqual([
        'production',
      ]);
    });

    it('gives all callbacks of a question to one process', async () => {
      const { store } = await open();
      await store.record(asked, noon);
      await store.record({ ...asked, deploymentId: '51' }, minutesLater(1));
      await store.record({ ...asked, runId: '101' }, noon);

      const claims = await Promise.all(
        [1, 2, 3, 4].map(() => store.claimNext(minutesLater(1))),
      );

      const taken = claims.flatMap(one => (one ? [one] : []));
      expect(
        taken.map(one => `${one.runId}: ${one.callbacks.length}`).sort(),
      ).toEqual(['100: 2', '101: 1']);
    });

    it('keeps a callback back that comes while its question is answered', async () => {
      const { store } = await open();
      await store.record(asked, noon);
      const first = await claim(store);
      await store.record({ ...asked, deploymentId: '51' }, noon);

      const between = await store.claimNext(noon);
      await store.settle(first, 'approved', noon);
      const second = await claim(store);

      expect(between).toBeUndefined();
      expect(second.callbacks.map(one => one.deploymentId)).toEqual(['51']);
    });

    it('gives a question to another process when one is silent, and takes it from the first', async () => {
      const { store } = await open();
      await store.record(asked, noon);
      const silent = await claim(store);
      await store.noteDecision(silent, 'approved', 'Told', noon);

      const early = await store.claimNext(minutesLater(1));
      const next = await claim(store, minutesLater(3));

      expect(early).toBeUndefined();
      expect(next.callbacks[0]).toMatchObject({
        decision: 'approved',
        told: 'Told',
      });
      await expect(store.renew(silent, minutesLater(3))).rejects.toThrow(
        CallbackLostError,
      );
      await expect(
        store.noteDecision(silent, 'rejected', '', minutesLater(3)),
      ).rejects.toThrow(CallbackLostError);
      await expect(
        store.settle(silent, 'rejected', minutesLater(3)),
      ).rejects.toThrow(CallbackLostError);
      await store.postpone(silent, { dueAt: noon, failed: false });
      await store.renew(next, minutesLater(3));
    });

    it('looks again at once at what changed meanwhile, but not sooner after a failure', async () => {
      const { store } = await open();
      await store.record(asked, noon);
      const later = { dueAt: minutesLater(60), failed: false };
      const first = await claim(store);
      await store.touch({ repository, runIds: ['100'] }, noon);
      await store.postpone(first, later);

      const second = await claim(store);
      await store.touch({ repository }, noon);
      await store.postpone(second, {
        ...later,
        failed: true,
        problem: 'p'.repeat(300),
      });
      await store.touch({ repository }, noon);

      expect(await store.claimNext(minutesLater(59))).toBeUndefined();
      const third = await claim(store, minutesLater(60));
      expect(third.callbacks[0]).toMatchObject({
        attempts: 1,
        problem: 'p'.repeat(255),
      });
    });

    it('counts a comment before it is given', async () => {
      const { store } = await open();
      await store.record(asked, noon);
      const first = await claim(store);
      await store.noteComment(first, 'One', noon);

      const second = await claim(store, minutesLater(3));

      expect(second.callbacks[0]).toMatchObject({ comments: 1, told: 'One' });
    });

    it.each<
      [string, (store: CallbackStore, one: CallbackClaim) => Promise<void>]
    >([
      ['renewed', (store, one) => store.renew(one, minutesLater(1))],
      [
        'commented',
        (store, one) => store.noteComment(one, 'Told', minutesLater(1)),
      ],
      [
        'about to be answered',
        (store, one) =>
          store.noteDecision(one, 'approved', 'Told', minutesLater(1)),
      ],
    ])('keeps a question for longer that is %s', async (_case, keep) => {
      const { store } = await open();
      await store.record(asked, noon);
      const first = await claim(store);

      await keep(store, first);

      expect(await store.claimNext(minutesLater(2.5))).toBeUndefined();
      expect(await store.claimNext(minutesLater(3))).toBeDefined();
    });

    it('takes no question that was put off after somebody saw it due', async () => {
      const { knex, store } = await open();
      await store.record(asked, noon);
      let isPutOff = false;
      const slow = new CallbackStore(
        new Proxy(knex, {
          get: (target, name) =>
            name === 'transaction'
              ? async (...given: Parameters<typeof knex.transaction>) => {
                  if (!isPutOff) {
                    isPutOff = true;
                    await store.postpone(await claim(store), {
                      dueAt: minutesLater(60),
                      failed: false,
                    });
                  }
                  return target.transaction(...given);
                }
              : Reflect.get(target, name),
        }),
      );

      expect(await slow.claimNext(noon)).toBeUndefined();
      expect(isPutOff).toBe(true);
      expect(await store.claimNext(minutesLater(60))).toBeDefined();
    });

    it('gives its callbacks as they came, whoever looks', async () => {
      const { store } = await open();
      for (const minutes of [3, 1, 4, 0, 2]) {
        await store.record(
          { ...asked, deploymentId: `${minutes}` },
          minutesLater(minutes),
        );
      }

      const { callbacks } = await claim(store, minutesLater(5));

      expect(callbacks.map(one => one.deploymentId)).toEqual([
        ...['0', '1', '2', '3', '4'],
      ]);
    });

    it('lets nobody wait behind those that others are at, however many', async () => {
      const { store } = await open();
      for (let run = 0; run < 22; run++) {
        await store.record({ ...asked, runId: `${run}` }, noon);
        await claim(store);
      }
      await store.touch({ repository }, noon);
      await store.record({ ...asked, runId: '99' }, minutesLater(1));

      const next = await store.claimNext(minutesLater(1));

      expect(next?.runId).toBe('99');
    });

    it('counts how often in a row a look failed', async () => {
      const { store } = await open();
      await store.record(asked, noon);
      const counts: number[] = [];
      for (const failed of [true, true, true, false, true]) {
        const next = await claim(store);
        await store.postpone(next, { dueAt: noon, failed });
        const [{ attempts }] = await store.listOpen({ repository });
        counts.push(attempts);
      }

      expect(counts).toEqual([1, 2, 3, 0, 1]);
    });

    it('asks the portal too where a person is asked, and settles the two apart', async () => {
      const { knex, store } = await open();
      const person = { ...asked, runId: '101' };
      await store.record(asked, noon, 'review');
      await store.record(person, noon, 'review');

      const isNew = await store.record(asked, noon, 'rule');
      await store.record(person, noon, 'review');
      for (const { runId, environment } of [asked, person]) {
        await store.settleReviewed(
          { repository, runId, environment },
          'approved',
          noon,
        );
      }

      expect(isNew).toBe(false);
      expect(
        await knex('protection_callbacks')
          .orderBy('run_id')
          .select('kind', 'state'),
      ).toEqual([
        { kind: 'rule', state: 'pending' },
        { kind: 'review', state: 'approved' },
      ]);
    });

    it('asks the portal although a person approved before it was heard of, and once', async () => {
      const { store } = await open();
      await store.record(asked, noon, 'review');
      await store.settleReviewed(asked, 'approved', noon);

      const isNew = await store.record(asked, minutesLater(1));
      const question = await claim(store, minutesLater(1));
      await store.settle(question, 'approved', minutesLater(1));
      const again = await store.record(asked, minutesLater(2));

      expect(isNew).toBe(true);
      expect(question.callbacks).toEqual([
        expect.objectContaining({ kind: 'rule', askedAt: noon.toISOString() }),
      ]);
      expect(question.callbacks[0].answeredAt).toBeUndefined();
      expect(again).toBe(false);
      expect(await store.listOpen({ repository })).toEqual([]);
    });

    it.each<[string, (store: CallbackStore) => Promise<void>]>([
      [
        'that a person rejected',
        store => store.settleReviewed(asked, 'rejected', noon),
      ],
      [
        'that nobody waits for',
        async store => store.settle(await claim(store), 'gone', noon),
      ],
      [
        'that the portal answered with others',
        async store => {
          const one = await claim(store);
          await store.noteDecision(one, 'approved', 'Told', noon);
          await store.settle(one, 'approved', noon);
        },
      ],
    ])('asks nothing again %s', async (_, settle) => {
      const { store } = await open();
      await store.record(asked, noon, 'review');
      await settle(store);

      const isNew = await store.record(asked, minutesLater(1));

      expect(isNew).toBe(false);
      expect(await store.listOpen({ repository })).toEqual([]);
    });

    it('takes a question from who is at it once a person answered a part of it', async () => {
      const { store } = await open();
      await store.record(asked, noon, 'review');
      await store.record({ ...asked, deploymentId: '51' }, noon, 'rule');
      const first = await claim(store);

      await store.settleReviewed(asked, 'rejected', noon);

      await expect(store.renew(first, noon)).rejects.toThrow(CallbackLostError);
      const { callbacks } = await claim(store, minutesLater(5));
      expect(callbacks.map(one => one.deploymentId)).toEqual(['51']);
    });

    it('forgets what was decided long ago, and nothing that is open', async () => {
      const { store, knex } = await open();
      await store.record(asked, noon);
      await store.record({ ...asked, runId: '101' }, minutesLater(1));
      await store.settle(await claim(store), 'gone', noon);

      const pruned = await store.prune(minutesLater(5), 1);

      expect(pruned).toBe(1);
      expect(await knex('protection_callbacks').pluck('run_id')).toEqual([
        '101',
      ]);
    });
  },
);
