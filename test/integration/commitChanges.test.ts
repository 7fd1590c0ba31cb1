import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ScmIntegrations } from '@backstage/integration';
import { CommitChanges } from '@vvp/backstage-plugin-deploy-backend/src/changes/CommitChanges';
import { GithubClients } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubClients';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import {
  GithubSimulator,
  startGithubSimulator,
} from '../simulators/github/client';
import {
  expectNoViolations,
  REPOSITORIES,
  VVP,
} from '../simulators/github/testing';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const TOKEN = 'token-of-the-portal';
const COMPARE = 'repos/compare-commits-with-basehead';
const HOUR = 3_600_000;
const nobody = 'b'.repeat(40);

const signal = () => new AbortController().signal;

describe.each(databases.eachSupportedId())('changes on %s', databaseId => {
  let github: GithubSimulator;
  let start: string;
  let passed: number;

  beforeAll(async () => {
    github = await startGithubSimulator({
      examples: REPOSITORIES,
      tokens: { [TOKEN]: 'portal' },
    });
    start = await push({ 'start.txt': 'start\n' });
  });

  afterAll(async () => {
    await expectNoViolations(github, `changes-${databaseId}`);
    await github.stop();
  });

  beforeEach(() => {
    passed = 0;
  });

  async function push(
    files: Record<string, string | null>,
    branch = 'main',
  ): Promise<string> {
    const { sha } = await github.push(VVP, { message: 'Fix', files, branch });
    return sha;
  }

  async function open() {
    const knex = await databases.init(databaseId);
    await applyMigrations(knex);
    const logger = mockServices.logger.mock();
    const create = () =>
      new CommitChanges({
        knex,
        github: new GithubClients({
          integrations: ScmIntegrations.fromConfig(
            mockServices.rootConfig({
              data: {
                integrations: {
                  github: [
                    {
                      host: github.host,
                      apiBaseUrl: github.apiUrl,
                      token: TOKEN,
                    },
                  ],
                },
              },
            }),
          ),
          logger,
        }),
        services: {
          listPages: async () => [
            { repository: VVP, url: `${github.url}/${VVP}/blob/main/x.yaml` },
          ],
        },
        logger,
        now: () => new Date(Date.now() + passed),
      });
    return { knex, logger, create, changes: create() };
  }

  async function countCompares(work: () => Promise<unknown>) {
    const count = async () => (await github.validation()).rest[COMPARE] ?? 0;
    const before = await count();
    await work();
    return (await count()) - before;
  }

  it('asks GitHub once, and then knows files and lines', async () => {
    const { changes } = await open();
    const base = await push({
      'ünï code.txt': '1\n2\n3\n',
      'old name.txt': 'a\nb\nc\nd\ne\nf\n',
      'gone.txt': 'it goes away\n',
    });
    const head = await push({
      'ünï code.txt': '1\ntwo\n3\nfour\n',
      'old name.txt': null,
      'new name.txt': 'a\nb\nc\nd\ne\nf\ng\n',
      'gone.txt': null,
    });
    const before = await changes.get(VVP, base, head);

    const fetched = await changes.fetchDue(signal());
    const calls = await countCompares(() => changes.fetchNow(VVP, base, head));

    expect(before).toEqual({ state: 'unknown' });
    expect(fetched).toBe(1);
    expect(calls).toBe(0);
    const change = await changes.get(VVP, base, head);
    expect(change).toEqual({
      state: 'known',
      files: expect.arrayContaining([
        { path: 'ünï code.txt', addedLines: [2, 4] },
        {
          path: 'new name.txt',
          previousPath: 'old name.txt',
          addedLines: [7],
        },
        { path: 'gone.txt', addedLines: [] },
      ]),
    });
    expect('files' in change && change.files).toHaveLength(3);
  });

  it('asks at once when there is no time, also for the parent', async () => {
    const { changes } = await open();
    const head = await push({ 'now.txt': 'now\n' });

    const parent = await changes.fetchParentNow(VVP, head);
    const change = await changes.fetchNow(VVP, String(parent), head);

    expect(change).toEqual({
      state: 'known',
      files: [{ path: 'now.txt', addedLines: [1] }],
    });
    expect(await changes.parentOf(VVP, head)).toBe(parent);
  });

  it('knows that a first commit has no parent, and that a commit is as itself', async () => {
    const { changes } = await open();
    const first = String(await changes.fetchParentNow(VVP, start));

    const wanted = await changes.parentOf(VVP, first);
    const fetched = await changes.fetchDue(signal());

    // The parent of the first commit, and what `start` changed since its own.
    expect([wanted, fetched]).toEqual(['unknown', 2]);
    expect(await changes.get(VVP, first, start)).toMatchObject({
      state: 'known',
    });
    expect(first).toMatch(/^[0-9a-f]{40}$/);
    expect(await changes.parentOf(VVP, first)).toBeUndefined();
    expect(await changes.get(VVP, first, first)).toEqual({
      state: 'known',
      files: [],
    });
  });

  it('calls unrelated what is no ancestor, and tells what they have in common', async () => {
    const { changes } = await open();
    const branch = `side-${databaseId}`;
    const fork = await push({ 'fork.txt': '1\n' });
    const side = await push({ 'side.txt': '1\n' }, branch);
    const main = await push({ 'main.txt': '1\n' });

    const diverged = await changes.fetchNow(VVP, main, side);
    const behind = await changes.fetchNow(VVP, main, fork);

    expect(diverged).toEqual({ state: 'unrelated', mergeBase: fork });
    expect(behind).toEqual({ state: 'unrelated', mergeBase: fork });
    expect(await changes.fetchNow(VVP, fork, side)).toMatchObject({
      state: 'known',
    });
  });

  it('knows every file of a change of more than 300', async () => {
    const { changes } = await open();
    const base = await push({ 'many/start.txt': '1\n' });
    const names = Array.from(
      { length: 310 },
      (_, index) => `many/${index}.txt`,
    );
    const head = await push(
      Object.fromEntries(names.map(name => [name, `${name}\n`])),
    );

    const change = await changes.fetchNow(VVP, base, head);

    expect(change.state).toBe('known');
    expect(
      'files' in change && change.files.map(file => file.path).sort(),
    ).toEqual([...names].sort());
  });

  it('says that it does not know all of a change that is too large', async () => {
    const { changes } = await open();
    const base = await push({ 'large.txt': '' });
    const head = await push({ 'large.txt': 'x\n'.repeat(20_001) });

    const change = await changes.fetchNow(VVP, base, head);

    expect(change).toEqual({
      state: 'partial',
      files: [{ path: 'large.txt' }],
    });
  });

  it('asks again later and later for what GitHub does not know, then once a day', async () => {
    const { changes, logger } = await open();
    const asked: number[] = [];
    const ask = async () =>
      asked.push(await countCompares(() => changes.fetchDue(signal())));
    await changes.get(VVP, start, nobody);
    await ask();
    await ask();
    passed += 31_000;
    await ask();
    passed += 31_000;
    await ask();
    for (let attempt = 3; attempt <= 9; attempt++) {
      passed += HOUR;
      await ask();
    }
    await changes.get(VVP, start, nobody);
    await ask();
    passed += 25 * HOUR;
    await changes.get(VVP, start, nobody);

    await ask();

    expect(asked).toEqual([1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(await changes.get(VVP, start, nobody)).toEqual({ state: 'unknown' });
  });

  it('waits where GitHub limits requests, without asking for the rest', async () => {
    const { changes } = await open();
    const heads = [await push({ 'a.txt': 'a' }), await push({ 'a.txt': 'b' })];
    await github.failRest(COMPARE, {
      status: 429,
      message: 'Too many requests',
      headers: { 'retry-after': '600' },
    });
    await changes.get(VVP, start, heads[0]);
    await changes.get(VVP, start, heads[1]);

    const limited = await countCompares(() => changes.fetchDue(signal()));
    passed += 11 * 60_000;
    const later = await changes.fetchDue(signal());

    expect(limited).toBe(0);
    expect(later).toBe(2);
  });

  it('asks once, however many replicas are at it', async () => {
    const { changes, create } = await open();
    const heads: string[] = [];
    for (const content of ['1', '2', '3', '4']) {
      heads.push(await push({ 'shared.txt': content }));
    }
    for (const head of heads) {
      await changes.get(VVP, start, head);
    }

    const fetched: number[] = [];
    const calls = await countCompares(async () => {
      fetched.push(
        ...(await Promise.all(
          [1, 2, 3].map(() => create().fetchDue(signal())),
        )),
      );
    });

    expect(fetched.reduce((sum, count) => sum + count)).toBe(4);
    // Each in JSON and as a diff.
    expect(calls).toBe(8);
  });

  it('asks for nothing that is no commit, and of nobody it does not know', async () => {
    const { changes, knex } = await open();
    await changes.get(VVP, 'main', start);
    await changes.get(VVP, start, '../../../user');
    await changes.parentOf(VVP, 'HEAD');
    await changes.get('example-org/elsewhere', start, nobody);

    const calls = await countCompares(() => changes.fetchDue(signal()));

    expect(calls).toBe(0);
    expect(await knex('changes').select('repository', 'head')).toEqual([
      { repository: 'example-org/elsewhere', head: nobody },
    ]);
  });

  it('forgets what was asked long ago, and asks anew', async () => {
    const { changes, knex } = await open();
    const base = await push({ 'forget.txt': '1\n' });
    const head = await push({ 'forget.txt': '2\n' });
    await changes.fetchNow(VVP, base, head);
    await changes.fetchParentNow(VVP, head);

    const none = await changes.prune(new Date(Date.now() - HOUR));
    const pruned = await changes.prune(new Date(Date.now() + HOUR));

    expect([none, pruned]).toEqual([0, 2]);
    expect(await knex('parents')).toEqual([]);
    expect(await changes.fetchNow(VVP, base, head)).toMatchObject({
      state: 'known',
    });
  });
});
