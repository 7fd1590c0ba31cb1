import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { FeedbackClaim, FeedbackStore } from './FeedbackStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const repository = 'example-org/vvp';
const commit = 'a'.repeat(40);
const noon = new Date('2026-01-05T12:00:00.000Z');
const minutesLater = (minutes: number) =>
  new Date(noon.getTime() + minutes * 60_000);

describe.each(databases.eachSupportedId())(
  'FeedbackStore on %s',
  databaseId => {
    async function open() {
      const knex = await migratedDatabase(databases, databaseId);
      return { knex, store: new FeedbackStore(knex) };
    }

    async function claim(store: FeedbackStore, now = noon) {
      return (await store.claimNext(now)) as FeedbackClaim;
    }

    it('gives a task to one process only, however often it is wanted', async () => {
      const { store } = await open();
      await store.want(repository, { commit }, noon);
      await store.want(repository, { commit }, noon);
      await store.want(repository, { pullRequest: 7 }, noon);

      const claims = await Promise.all(
        [1, 2, 3, 4].map(() => store.claimNext(noon)),
      );

      const tasks = claims.flatMap(one => one?.task ?? []);
      expect(tasks).toHaveLength(2);
      expect(tasks).toEqual(
        expect.arrayContaining([{ commit }, { pullRequest: 7 }]),
      );
    });

    it('does a task once more that is wanted while it is under way', async () => {
      const { store } = await open();
      await store.want(repository, { commit }, noon);
      const first = await claim(store);
      await store.want(repository, { commit }, minutesLater(1));
      const meanwhile = await store.claimNext(minutesLater(1));

      await store.settle(first, minutesLater(2));

      expect(meanwhile).toBeUndefined();
      const second = await claim(store, minutesLater(2));
      expect(second.task).toEqual({ commit });
      await store.settle(second, minutesLater(3));
      expect(await store.claimNext(minutesLater(60))).toBeUndefined();
    });

    it('hands on what a process left lying, which then can do nothing more', async () => {
      const { store } = await open();
      await store.want(repository, { pullRequest: 7 }, noon);
      const dead = await claim(store);
      const early = await store.claimNext(minutesLater(4));

      const heir = await claim(store, minutesLater(6));

      expect(early).toBeUndefined();
      expect(heir).toMatchObject({ task: { pullRequest: 7 }, attempts: 2 });
      await expect(store.renew(dead, minutesLater(6))).rejects.toThrow(
        'Another process',
      );
      await expect(store.note(dead, { githubId: '1' })).rejects.toThrow(
        'Another process',
      );
      await store.settle(dead, minutesLater(6));
      await store.renew(heir, minutesLater(7));
    });

    it('lets a task rest that failed for good, however often it is wanted', async () => {
      const { store } = await open();
      await store.want(repository, { commit }, noon);
      await store.giveUp(await claim(store), noon);
      await store.want(repository, { commit }, minutesLater(59));
      const early = await store.claimNext(minutesLater(59));
      await store.want(repository, { commit }, minutesLater(61));

      const late = await store.claimNext(minutesLater(61));

      expect(early).toBeUndefined();
      expect(late).toMatchObject({ task: { commit }, attempts: 1 });
    });

    it('keeps a task that is renewed', async () => {
      const { store } = await open();
      await store.want(repository, { commit }, noon);
      const mine = await claim(store);
      await store.renew(mine, minutesLater(4));

      expect(await store.claimNext(minutesLater(8))).toBeUndefined();
    });

    it('remembers what a comment has become, from one claim to the next', async () => {
      const { store } = await open();
      await store.want(repository, { pullRequest: 7 }, noon);
      const first = await claim(store);
      await store.note(first, { githubId: '12', digest: 'd' });
      await store.settle(first, noon);
      await store.want(repository, { pullRequest: 7 }, noon);

      const second = await claim(store);

      expect(second).toMatchObject({
        githubId: '12',
        digest: 'd',
        attempts: 1,
      });
    });

    it('tells records by the beginning of their names', async () => {
      const { store } = await open();
      const other = 'b'.repeat(40);
      for (const [subject, digest] of [
        [`check:${commit}:a (x)`, '1'],
        [`check:${commit}:b%_`, '2'],
        [`check:${other}:a (x)`, '3'],
        [`status:${commit}:a (x)`, '4'],
      ]) {
        await store.record(repository, subject, { digest }, noon);
      }
      await store.record('example-org/x', `check:${commit}:c`, {}, noon);
      await store.record(
        repository,
        `check:${commit}:b%_`,
        { digest: '5' },
        noon,
      );

      const records = await store.records(repository, `check:${commit}:`);

      expect([...records].sort()).toEqual([
        ['a (x)', { digest: '1' }],
        ['b%_', { digest: '5' }],
      ]);
      expect(await store.claimNext(minutesLater(60))).toBeUndefined();
    });

    it('remembers for how long it likes that check runs were refused', async () => {
      const { store } = await open();
      await store.noteRefusal('example-org', noon);

      expect(await store.isRefused('example-org', minutesLater(-1))).toBe(true);
      expect(await store.isRefused('example-org', minutesLater(1))).toBe(false);
      expect(await store.isRefused('other-org', minutesLater(-1))).toBe(false);
    });

    it('forgets what is old and done, in bounded steps, but no comment', async () => {
      const { knex, store } = await open();
      for (let index = 0; index < 25; index++) {
        await store.record(repository, `check:${commit}:${index}`, {}, noon);
      }
      await store.want(repository, { commit }, noon);
      await store.want(repository, { pullRequest: 7 }, noon);
      const [one, other] = [await claim(store), await claim(store)];
      const comment = 'pullRequest' in one.task ? one : other;
      await store.settle(comment, noon);

      const none = await store.prune(minutesLater(-1), 10);
      const pruned = await store.prune(minutesLater(1), 10);

      expect([none, pruned]).toEqual([0, 25]);
      expect(
        (await knex('github_feedback').select('subject'))
          .map(row => row.subject)
          .sort(),
      ).toEqual(['comment:7', `commit:${commit}`]);
    });
  },
);
