import { TestDatabases } from '@backstage/backend-test-utils';
import { ConfigurationComparison } from '@vvp/backstage-plugin-deploy-common';
import { expectNoViolations } from '../simulators/github/testing';
import {
  as,
  release,
  REPOSITORY,
  spec,
  startDispatchWorld,
} from './dispatchWorld';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const CONTENT = 'repos/get-content';
const COMPARE = 'repos/compare-commits-with-basehead';
const PRODUCTION =
  '/services/component/default/vvp-verifier/environments/production';
const SECRET = 'a-value-that-nobody-is-told';

type World = Awaited<ReturnType<typeof startDispatchWorld>>;

describe.each(databases.eachSupportedId())(
  'what a release changes in the configuration, on %s',
  databaseId => {
    let world: World;
    let github: World['github'];
    let running: string;

    beforeAll(async () => {
      world = await startDispatchWorld(databases, databaseId, release());
      ({ github } = world);
    });

    afterEach(() => github.clearRestFaults());

    afterAll(async () => {
      await expectNoViolations(github, `configuration-${databaseId}`);
      await world.stop();
    });

    /** The id of a release, once its commit is known here. */
    const idOf = (sha: string) =>
      world.until(async () => {
        const row = await world.portal
          .knex('releases')
          .where({ commit_sha: sha })
          .first('id');
        return row?.id as string | undefined;
      });

    let count = 0;
    async function push(files: Record<string, string | null>) {
      count += 1;
      const { sha } = await github.push(REPOSITORY, {
        message: `Change ${count}`,
        files: {
          'services/verifier/app/main.py': `print(${count})\n`,
          ...files,
        },
      });
      return { commit: sha, id: await idOf(sha) };
    }

    async function compare(id: string) {
      const { status, body } = await world.portal.get(
        `${PRODUCTION}/configuration?release=${id}`,
        as('dana'),
      );
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(SECRET);
      return body as ConfigurationComparison;
    }

    const calls = async () => {
      const { rest } = await github.validation();
      return [CONTENT, COMPARE].map(operation => rest[operation] ?? 0);
    };

    it('is all of it where nothing runs yet', async () => {
      const { commit, id } = await world.ask();
      const waiting = await world.promotion(id);

      const compared = await compare(waiting.release.id);

      expect(compared).toMatchObject({ to: commit, state: 'known' });
      expect(compared).not.toHaveProperty('from');
      expect(compared.differences).toContainEqual({
        name: 'target workflow',
        change: 'added',
      });

      await world.approve(id);
      const ended = await world.endOf(id);
      expect(ended.status).toBe('succeeded');
      running = commit;
      expect(await compare(waiting.release.id)).toEqual({
        from: commit,
        to: commit,
        state: 'known',
        differences: [],
      });
    });

    it('is nothing where only code comes in', async () => {
      const { commit, id } = await push({});

      expect(await compare(id)).toEqual({
        from: running,
        to: commit,
        state: 'known',
        differences: [],
      });
    });

    it('names settings and files, and asks GitHub once', async () => {
      const { commit, id } = await push({
        'deploy.yaml': spec.replace(
          'rollback: { checks: 1',
          `verify: { path: /${SECRET} }\n          rollback: { checks: 2`,
        ),
        '.github/workflows/release.yml': `# ${SECRET}\n${release()}`,
        'services/verifier/settings.env': SECRET,
      });

      const first = await compare(id);
      const asked = await calls();
      const again = await compare(id);

      expect(first).toEqual({
        from: running,
        to: commit,
        state: 'known',
        differences: [
          { name: 'health path', change: 'added' },
          { name: 'rollback checks', change: 'changed' },
          { name: 'file .github/workflows/release.yml', change: 'changed' },
        ],
      });
      expect(again).toEqual(first);
      expect(await calls()).toEqual(asked);
    });

    it('is not known in full where a deploy.yaml is not valid, or gone', async () => {
      const invalid = await push({ 'deploy.yaml': 'kind: Nonsense\n' });
      const gone = await push({ 'deploy.yaml': null });
      const large = await push({
        'deploy.yaml': `${spec}# ${'x'.repeat(1024 * 1024)}\n`,
      });
      const whole = await push({ 'deploy.yaml': spec });

      expect(await compare(invalid.id)).toMatchObject({
        state: 'partial',
        message: expect.stringContaining('is not valid'),
      });
      expect(await compare(gone.id)).toMatchObject({
        state: 'partial',
        message: expect.stringMatching(
          /^There is no deploy\.yaml at [0-9a-f]{7}\./,
        ),
      });
      expect(await compare(large.id)).toMatchObject({
        state: 'partial',
        message: expect.stringContaining('is not valid'),
      });
      expect(await compare(whole.id)).toMatchObject({ state: 'known' });
    });

    it('is not known where GitHub does not answer, and asked for again', async () => {
      const { id } = await push({});
      await github.failRest(CONTENT, { status: 503, times: 1 });

      const failed = await compare(id);
      const after = await compare(id);

      expect(failed).toMatchObject({
        message: expect.stringContaining('GitHub does not answer'),
      });
      expect(failed.state).not.toBe('known');
      expect(after.state).toBe('known');
    });

    it('is refused of a release that is not there', async () => {
      const { status, body } = await world.portal.get(
        `${PRODUCTION}/configuration?release=nothing`,
        as('dana'),
      );

      expect(status).toBe(404);
      expect(body.error.message).toMatch(/has no release nothing/);
    });
  },
);
