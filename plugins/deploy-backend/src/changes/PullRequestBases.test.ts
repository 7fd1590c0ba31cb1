import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { GithubClient } from '../github/GithubClients';
import { CommitChanges } from './CommitChanges';
import { PullRequestBases } from './PullRequestBases';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const REPOSITORY = 'example-org/vvp';
const HEAD = 'a'.repeat(40);
const BASE = 'b'.repeat(40);
const FORK = 'c'.repeat(40);
const PARENT = 'd'.repeat(40);

describe.each(databases.eachSupportedId())(
  'where pull requests began, on %s',
  databaseId => {
    async function open(
      change: Awaited<ReturnType<CommitChanges['fetchNow']>>,
    ) {
      const knex = await migratedDatabase(databases, databaseId);
      const get = jest.fn(async () => ({ data: { base: { sha: BASE } } }));
      const client = { rest: { pulls: { get } } } as unknown as GithubClient;
      const github = { forUrl: async () => client };
      const services = {
        listPages: async () => [
          {
            repository: REPOSITORY,
            url: 'https://github.example.test/example-org/vvp/x',
          },
        ],
      };
      const logger = mockServices.logger.mock();
      const changes = new CommitChanges({ knex, github, services, logger });
      jest.spyOn(changes, 'fetchNow').mockResolvedValue(change);
      const bases = new PullRequestBases({
        knex,
        changes,
        github,
        services,
        logger,
      });
      return { knex, changes, bases, get };
    }

    it('are not taken for the parent of the release that has the same commit', async () => {
      const { knex, changes, bases } = await open({
        state: 'known',
        files: [],
      });
      await knex('parents').insert({
        repository: REPOSITORY,
        commit_sha: HEAD,
        parent_sha: PARENT,
      });

      await bases.note(REPOSITORY, 9, HEAD);

      expect(await changes.parentOf(REPOSITORY, HEAD)).toBe(PARENT);
      expect(await bases.baseOf(REPOSITORY, 9, HEAD)).toBe(BASE);
      expect(await bases.baseOf(REPOSITORY, 10, HEAD)).toBe('unknown');
    });

    it('are where both branches were one, if the base has moved on', async () => {
      const { bases } = await open({ state: 'unrelated', mergeBase: FORK });

      await bases.note(REPOSITORY, 9, HEAD);

      expect(await bases.baseOf(REPOSITORY, 9, HEAD)).toBe(FORK);
    });

    it('are asked for once', async () => {
      const { bases, get } = await open({ state: 'known', files: [] });

      await bases.note(REPOSITORY, 9, HEAD);
      await bases.note(REPOSITORY, 9, HEAD);

      expect(get).toHaveBeenCalledTimes(1);
    });
  },
);
