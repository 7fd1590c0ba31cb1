import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ScmIntegrations } from '@backstage/integration';
import { CommitChanges } from '@vvp/backstage-plugin-deploy-backend/src/changes/CommitChanges';
import { CommitRanges } from '@vvp/backstage-plugin-deploy-backend/src/commits/CommitRanges';
import { migrationsBetween } from '@vvp/backstage-plugin-deploy-backend/src/commits/migrationsBetween';
import { GithubClients } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubClients';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import { CommitRange } from '@vvp/backstage-plugin-deploy-common';
import {
  GithubSimulator,
  startGithubSimulator,
} from '../simulators/github/client';
import {
  expectNoViolations,
  REPOSITORIES,
  VVP,
} from '../simulators/github/testing';
import { githubIntegration } from './loopbackGithub';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const TOKEN = 'token-of-the-portal';
const COMPARE = 'repos/compare-commits-with-basehead';
const COMMIT = 'repos/get-commit';
const PULLS = 'repos/list-pull-requests-associated-with-commit';
const HOUR = 3_600_000;

const issuer = {
  repository: VVP,
  paths: ['services/issuer/**'],
  sharedPaths: ['common/**'],
};
const whole = { repository: VVP, paths: [], sharedPaths: [] };

describe.each(databases.eachSupportedId())('ranges on %s', databaseId => {
  let github: GithubSimulator;
  let passed: number;

  beforeAll(async () => {
    github = await startGithubSimulator({
      examples: REPOSITORIES,
      tokens: { [TOKEN]: 'portal' },
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, `commit-ranges-${databaseId}`);
    await github.stop();
  });

  beforeEach(() => {
    passed = 0;
  });

  async function push(
    message: string,
    path: string,
    about: { branch?: string; at?: string; author?: string } = {},
  ): Promise<string> {
    const files = { [path]: `${message}\n` };
    const pushed = await github.push(VVP, {
      message,
      files,
      branch: 'main',
      ...about,
    });
    return pushed.sha;
  }

  async function open(
    options: { host?: string; limitMs?: number; page?: string } = {},
  ) {
    const knex = await databases.init(databaseId);
    await applyMigrations(knex);
    const logger = mockServices.logger.mock();
    const integrations = githubIntegration(options.host ?? github.host, TOKEN);
    const config = mockServices.rootConfig({ data: { integrations } });
    const clients = new GithubClients({
      integrations: ScmIntegrations.fromConfig(config),
      logger,
    });
    const page = `http://${
      options.host ?? github.host
    }/${VVP}/blob/main/x.yaml`;
    const services = {
      listPages: async () => [{ repository: VVP, url: options.page ?? page }],
    };
    const ranges = new CommitRanges({
      knex,
      github: clients,
      services,
      logger,
      limitMs: options.limitMs ?? 60_000,
      now: () => new Date(Date.now() + passed),
    });
    const changes = new CommitChanges({
      knex,
      github: clients,
      services,
      logger,
    });
    return { knex, logger, ranges, changes };
  }

  async function calls(work: () => Promise<unknown>) {
    const before = (await github.validation()).rest;
    await work();
    const after = (await github.validation()).rest;
    return [COMPARE, COMMIT, PULLS].map(
      operation => (after[operation] ?? 0) - (before[operation] ?? 0),
    );
  }

  const titles = (range: CommitRange) =>
    range.commits.map(commit => commit.title);

  const pullRequests = (range: CommitRange) =>
    range.commits.map(commit => commit.pullRequest);

  it('tells what a newer release brings and an older one takes out, and asks once', async () => {
    const { ranges } = await open();
    const from = await push('Start', 'services/issuer/a.py');
    await push('Issuer', 'services/issuer/b.py');
    await push('Verifier', 'services/verifier/b.py');
    const to = await push('Shared (#12)', 'common/c.py');

    const forward = await ranges.between({ service: issuer, from, to });
    const again = await calls(async () => {
      const backward = await ranges.between({
        service: issuer,
        from: to,
        to: from,
      });

      expect(backward).toEqual({
        ...forward,
        from: to,
        to: from,
        direction: 'backward',
      });
    });

    expect(forward).toMatchObject({ from, to, state: 'known' });
    expect(forward.direction).toBe('forward');
    expect(titles(forward)).toEqual(['Shared (#12)', 'Issuer']);
    expect(forward.commits[0]).toEqual({
      sha: to,
      title: 'Shared (#12)',
      author: expect.any(String),
      committedAt: expect.stringMatching(/^20.*Z$/),
      url: `http://${github.host}/${VVP}/commit/${to}`,
      pullRequest: {
        number: 12,
        url: `http://${github.host}/${VVP}/pull/12`,
      },
    });
    expect(again).toEqual([0, 0, 0]);
  });

  it('tells who wrote a service that runs nowhere yet, and asks once', async () => {
    const { ranges } = await open();
    const service = { ...whole, paths: ['services/new/**'] };
    await push('Other', 'services/verifier/b.py', { author: 'omar' });
    await push('New', 'services/new/a.py', { author: 'priya' });
    const to = await push('Newer', 'services/new/b.py', { author: 'dana' });

    const first = await ranges.peopleUpTo({ service, to });
    const before = (await github.validation()).rest['repos/list-commits'];
    const again = await ranges.peopleUpTo({ service, to });

    expect([...new Set(first.people.map(({ login }) => login))].sort()).toEqual(
      ['dana', 'priya'],
    );
    expect(first.complete).toBe(true);
    expect(again).toEqual(first);
    expect((await github.validation()).rest['repos/list-commits']).toBe(before);
    expect(
      await ranges.peopleUpTo({
        service: { ...service, repository: 'example-org/nowhere' },
        to,
      }),
    ).toEqual({ people: [], complete: false });
  });

  it('asks for an older release first as well', async () => {
    const { ranges, knex } = await open();
    const older = await push('Older', 'services/issuer/a.py');
    const newer = await push('Newer', 'services/issuer/a.py');

    const range = await ranges.between({
      service: issuer,
      from: newer,
      to: older,
    });

    expect(range).toMatchObject({ state: 'known', direction: 'backward' });
    expect(titles(range)).toEqual(['Newer']);
    expect(await knex('commit_ranges').select('base', 'head')).toEqual([
      { base: older, head: newer },
    ]);
  });

  it('asks for no paths where a service is the whole repository, and adds them for another', async () => {
    const { ranges } = await open();
    const from = await push('Start', 'services/issuer/a.py');
    await push('Docs (#3)', 'docs/x.md');
    const to = await push('Issuer (#4)', 'services/issuer/b.py');

    const first = await calls(async () => {
      const range = await ranges.between({ service: whole, from, to });

      expect(titles(range)).toEqual(['Issuer (#4)', 'Docs (#3)']);
    });
    const second = await calls(async () => {
      const range = await ranges.between({ service: issuer, from, to });

      expect(titles(range)).toEqual(['Issuer (#4)']);
    });

    expect([first, second]).toEqual([
      [1, 0, 0],
      [0, 2, 0],
    ]);
  });

  it('asks for the pull request where no title tells it', async () => {
    const { ranges } = await open();
    const from = await push('Start', 'services/issuer/a.py');
    const pull = await github.openPullRequest(VVP, {
      branch: `side-${databaseId}`,
      title: 'A feature',
      files: { 'services/issuer/f.py': 'feature\n' },
    });
    const unmerged = await ranges.between({
      service: issuer,
      from,
      to: pull.sha,
    });
    await github.mergePullRequest(VVP, pull.number);
    const to = await push('Pushed', 'services/issuer/a.py');
    const { ranges: others } = await open();

    const merged = await others.between({
      service: issuer,
      from,
      to: pull.sha,
    });
    const main = await others.between({ service: issuer, from, to });
    const again = await calls(() =>
      others.between({ service: issuer, from, to }),
    );

    const url = `http://${github.host}/${VVP}/pull/${pull.number}`;
    const expected = [{ number: pull.number, title: 'A feature', url }];
    expect(pullRequests(unmerged)).toEqual(expected);
    expect(pullRequests(merged)).toEqual(expected);
    expect(pullRequests(main)).toEqual([
      undefined,
      { number: pull.number, url },
    ]);
    expect(again).toEqual([0, 0, 0]);
  });

  it('says that two parted, and lists what the younger one has', async () => {
    const { ranges } = await open();
    const branch = `parted-${databaseId}`;
    await push('Fork', 'services/issuer/a.py');
    const side = await push('Side', 'services/issuer/side.py', {
      branch,
      at: '2031-01-05T10:00:00Z',
    });
    const main = await push('Main', 'services/issuer/main.py', {
      at: '2031-01-05T10:01:00Z',
    });

    const back = await ranges.between({
      service: issuer,
      from: main,
      to: side,
    });
    const on = await ranges.between({ service: issuer, from: side, to: main });

    expect(back).toMatchObject({
      state: 'unrelated',
      direction: 'backward',
      message:
        'The two commits parted: these are taken out, and 1 others of the repository come in.',
    });
    expect(titles(back)).toEqual(['Main']);
    expect(on).toMatchObject({ state: 'unrelated', direction: 'forward' });
    expect(titles(on)).toEqual(['Main']);
  });

  it('lists more commits than a page has, and asks for the paths of a bounded number', async () => {
    const { ranges } = await open();
    // No workflow runs on it.
    const branch = `many-${databaseId}`;
    const from = await push('Start', 'services/issuer/a.py', { branch });
    let to = from;
    for (let index = 1; index <= 105; index++) {
      to = await push(`Change ${index} (#${index})`, 'services/issuer/a.py', {
        branch,
      });
    }

    const all = await ranges.between({ service: whole, from, to });
    const asked = await calls(async () => {
      const range = await ranges.between({ service: issuer, from, to });

      expect(range.state).toBe('partial');
      expect(range.message).toBe(
        'Of 5 more commits it is not known whether they touch the service.',
      );
      expect(titles(range)).toHaveLength(100);
      expect(titles(range)[0]).toBe('Change 105 (#105)');
      expect(titles(range)[99]).toBe('Change 6 (#6)');
    });

    expect(all.state).toBe('known');
    expect(titles(all)).toHaveLength(105);
    expect(titles(all)[104]).toBe('Change 1 (#1)');
    expect(asked).toEqual([0, 100, 0]);
  });

  it('keeps what it knows when GitHub stops to answer, and asks for the rest later', async () => {
    const { ranges } = await open();
    const from = await push('Start', 'services/issuer/a.py');
    const to = await push('Issuer (#5)', 'services/issuer/b.py');
    await github.failRest(COMMIT, {
      status: 403,
      message: 'You have exceeded a secondary rate limit',
    });

    const limited = await ranges.between({ service: issuer, from, to });
    const asked = await calls(async () => {
      const later = await ranges.between({ service: issuer, from, to });

      expect(later.state).toBe('known');
      expect(titles(later)).toEqual(['Issuer (#5)']);
    });

    expect(limited).toMatchObject({ state: 'partial', commits: [] });
    expect(limited.message).toMatch(/GitHub limits requests until 20/);
    expect(asked).toEqual([0, 1, 0]);
  });

  it.each([
    [
      'a failure',
      { status: 502, message: 'Bad gateway' },
      'GitHub does not answer. Try again in a minute.',
    ],
    [
      'a refusal',
      { status: 403, message: 'Resource not accessible' },
      /read access to contents/,
    ],
  ])('says that nothing is known after %s, and asks anew', async (...row) => {
    const [, fault, message] = row;
    const { ranges, knex } = await open();
    const from = await push('Start', 'services/issuer/a.py');
    const to = await push('Issuer (#5)', 'services/issuer/b.py');
    await github.failRest(COMPARE, fault);

    const failed = await ranges.between({ service: issuer, from, to });
    const kept = await knex('commit_ranges');
    const later = await ranges.between({ service: issuer, from, to });

    expect(failed).toMatchObject({ state: 'unknown', commits: [] });
    expect(failed.message).toMatch(message);
    expect(kept).toEqual([]);
    expect(later.state).toBe('known');
  });

  it('does not wait for a GitHub that never answers', async () => {
    const server = createServer(() => {});
    await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const { ranges } = await open({ host: `127.0.0.1:${port}`, limitMs: 50 });

    const range = await ranges.between({
      service: issuer,
      from: 'a'.repeat(40),
      to: 'b'.repeat(40),
    });
    server.closeAllConnections();
    server.close();

    expect(range).toMatchObject({
      state: 'unknown',
      message:
        'GitHub did not answer within 0.05 seconds. Try again: what it told is kept.',
    });
  });

  it.each([
    ['main', 'a'.repeat(40), 'Only full commit SHAs can be compared.'],
    ['a'.repeat(40), '../../user', 'Only full commit SHAs can be compared.'],
    ['a'.repeat(40), 'b'.repeat(40), /does not know/],
  ])('knows nothing of %s and %s', async (from, to, message) => {
    const { ranges } = await open();

    const range = await ranges.between({ service: issuer, from, to });

    expect(range.state).toBe('unknown');
    expect(range.message).toMatch(message);
  });

  it('says that no integration has the host', async () => {
    const { ranges } = await open({
      page: 'https://elsewhere.example.test/example-org/vvp',
    });

    const range = await ranges.between({
      service: issuer,
      from: 'a'.repeat(40),
      to: 'b'.repeat(40),
    });

    expect(range.message).toMatch(/Add one to integrations.github/);
  });

  it('knows that a release is as itself', async () => {
    const { ranges } = await open();
    const same = 'a'.repeat(40);

    expect(
      await ranges.between({ service: issuer, from: same, to: same }),
    ).toMatchObject({ state: 'known', direction: 'same', commits: [] });
  });

  it('names the migrations on the way back, and those that cannot be undone', async () => {
    const { changes } = await open();
    const folder = 'services/issuer/alembic/versions';
    const to = await push('Start', `${folder}/0001_start.py`);
    await push('Add', `${folder}/0002_add.py`);
    await push('Code', 'services/issuer/a.py');
    const from = await push('Drop', `${folder}/0003_drop.py`);
    const query = {
      repository: VVP,
      migrations: {
        paths: [`${folder}/*.py`],
        irreversible: [`${folder}/*_drop.py`],
      },
      from,
      to,
    };

    const backward = await migrationsBetween(changes, query);
    const forward = await migrationsBetween(changes, {
      ...query,
      from: to,
      to: from,
    });

    expect(backward).toEqual({
      state: 'known',
      files: [`${folder}/0002_add.py`, `${folder}/0003_drop.py`],
      irreversible: [`${folder}/0003_drop.py`],
    });
    expect(forward).toEqual(backward);
  });

  it('forgets what was asked long ago', async () => {
    const { ranges, knex } = await open();
    const from = await push('Start', 'services/issuer/a.py');
    const to = await push('Issuer (#5)', 'services/issuer/b.py');
    await ranges.between({ service: issuer, from, to });

    const none = await ranges.prune(new Date(Date.now() - HOUR));
    const pruned = await ranges.prune(new Date(Date.now() + HOUR));

    expect([none, pruned]).toEqual([0, 1]);
    expect(await knex('commit_ranges')).toEqual([]);
  });

  it('tell which of a branch and a tag of one name has a commit', async () => {
    const { ranges } = await open();
    const commit = await push('On main', 'services/issuer/on-main.py');
    await push('Later on main', 'services/issuer/later.py');
    const stray = await push('Beside main', 'services/issuer/stray.py', {
      branch: 'stray',
    });
    const disguised = await push('No tag', 'services/issuer/no-tag.py', {
      branch: 'tags/v9',
    });
    const of = (name: string, sha: string) =>
      ranges.refOf({ repository: VVP, name, commit: sha });
    const before = await of('main', stray);
    await github.pushTag(VVP, { tag: 'main', ref: stray });
    passed += 2 * 60_000;

    const [onMain, tagged, known, neither] = [
      await of('main', commit),
      await of('main', stray),
      await calls(() => of('main', stray)),
      await of('gone', commit),
    ];
    const asTag = await of('v9', disguised);

    expect(before).toEqual({ branch: false, tag: false });
    expect(onMain).toEqual({ branch: true, tag: false });
    expect(tagged).toEqual({ branch: false, tag: true });
    expect(known).toEqual([0, 0, 0]);
    expect(neither).toEqual({ branch: false, tag: false });
    expect(asTag).toEqual({ branch: false, tag: false });
  });

  it('do not tell what a name is while GitHub is away', async () => {
    const { ranges } = await open();
    const commit = await push('Unseen', 'services/issuer/unseen.py');
    await github.failRest('git/get-ref', { status: 502, times: 2 });

    const away = await ranges.refOf({
      repository: VVP,
      name: 'main',
      commit,
    });
    await github.clearRestFaults();
    const back = await ranges.refOf({
      repository: VVP,
      name: 'main',
      commit,
    });

    expect(away).toBeUndefined();
    expect(back).toEqual({ branch: true, tag: false });
  });
});
