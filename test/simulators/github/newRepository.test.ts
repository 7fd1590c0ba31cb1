import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startGithubSimulator, type GithubSimulator } from './client';
import {
  eventsOf,
  expectNoViolations,
  REPOSITORIES,
  START,
  TOKEN,
  TOKENS,
} from './testing';

jest.setTimeout(240_000);

const SHOP = 'example-org/shop';
const AUTHOR = ['-c', 'user.name=Dana', '-c', 'user.email=d@example.test'];
const run = promisify(execFile);

describe('a new repository', () => {
  let simulator: GithubSimulator;
  let folder: string;

  beforeAll(async () => {
    simulator = await startGithubSimulator({
      examples: REPOSITORIES,
      start: START,
      tokens: TOKENS,
    });
    folder = await mkdtemp(join(tmpdir(), 'new-repository-'));
    await cp(join(REPOSITORIES, 'vvp'), folder, { recursive: true });
    await git('init', '-q', '-b', 'main');
    await commit('initial commit');
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await expectNoViolations(simulator, 'new-repository');
    await simulator.stop();
  });

  function git(...commandLine: string[]) {
    return run('git', ['-C', folder, ...commandLine], {
      env: {
        ...process.env,
        GIT_TERMINAL_PROMPT: '0',
        GIT_CONFIG_GLOBAL: '/dev/null',
      },
    });
  }

  async function commit(message: string): Promise<string> {
    await git('add', '-A');
    await git(...AUTHOR, 'commit', '-q', '-m', message);
    return (await git('rev-parse', 'HEAD')).stdout.trim();
  }

  function push(token: string | undefined, ...what: string[]) {
    const credentials = Buffer.from(`x-access-token:${token}`);
    const header = `Authorization: Basic ${credentials.toString('base64')}`;
    return git(
      ...(token ? ['-c', `http.extraHeader=${header}`] : []),
      'push',
      `${simulator.url}/${SHOP}.git`,
      ...what,
    );
  }

  const ask = (method: string, path: string, body?: object) =>
    simulator.rest(method, path, { token: TOKEN, body });

  it('is made in an organization, once', async () => {
    const request = { name: 'shop', private: true, description: 'Sells' };
    const made = await ask('POST', '/orgs/example-org/repos', request);
    const again = await ask('POST', '/orgs/example-org/repos', request);
    const elsewhere = await ask('POST', '/orgs/nobody/repos', request);

    expect(made.status).toBe(201);
    expect(made.json()).toMatchObject({
      full_name: SHOP,
      clone_url: `${simulator.url}/${SHOP}.git`,
      private: true,
      size: 0,
    });
    expect(again.status).toBe(422);
    expect(again.text).toContain('name already exists on this account');
    expect(elsewhere.status).toBe(404);
  });

  it('is there for nobody without a token, as it is private', async () => {
    const answer = await simulator.rest('GET', `/repos/${SHOP}`);
    const clone = git('ls-remote', `${simulator.url}/${SHOP}.git`);

    expect(answer.status).toBe(404);
    await expect(clone).rejects.toThrow('could not read Username');
  });

  it('is empty', async () => {
    const commits = await ask('GET', `/repos/${SHOP}/commits`);
    const protection = await ask(
      'PUT',
      `/repos/${SHOP}/branches/main/protection`,
      {
        required_status_checks: null,
        enforce_admins: true,
        required_pull_request_reviews: null,
        restrictions: null,
      },
    );

    expect(commits.status).toBe(409);
    expect(protection.status).toBe(404);
  });

  it.each([
    ['without a token', undefined, 'could not read Username'],
    ['with a wrong token', 'wrong', '401|Authentication|could not read'],
  ])('takes no push %s', async (_, token, message) => {
    await expect(push(token, 'main')).rejects.toThrow(new RegExp(message));
  });

  it('takes the first push, tells of it and runs its workflows', async () => {
    await push(TOKEN, 'main');

    const { stdout } = await git('rev-parse', 'HEAD');
    const head = await ask('GET', `/repos/${SHOP}/commits/main`);
    expect(head.json()).toMatchObject({ sha: stdout.trim() });
    const runs = await ask('GET', `/repos/${SHOP}/actions/runs`);
    expect(runs.json()).toMatchObject({
      workflow_runs: [
        { event: 'push', head_branch: 'main', head_sha: stdout.trim() },
      ],
    });
    expect((await eventsOf(simulator, SHOP))[0]).toBe('push');
  });

  it('takes another branch and a tag', async () => {
    await git(...AUTHOR, 'tag', '-a', '-m', 'The first', 'v1.0.0');
    await push(TOKEN, 'main:topic', 'v1.0.0');

    const branches = await ask('GET', `/repos/${SHOP}/branches`);
    const tags = await ask('GET', `/repos/${SHOP}/tags`);
    expect(branches.json()).toMatchObject([
      { name: 'main' },
      { name: 'topic' },
    ]);
    const { stdout } = await git('rev-parse', 'HEAD');
    expect(tags.json()).toMatchObject([
      { name: 'v1.0.0', commit: { sha: stdout.trim() } },
    ]);
  });

  it('refuses pushes to a protected branch, and only to it', async () => {
    const protection = await ask(
      'PUT',
      `/repos/${SHOP}/branches/main/protection`,
      {
        required_status_checks: { strict: true, contexts: ['test'] },
        enforce_admins: true,
        required_pull_request_reviews: { required_approving_review_count: 2 },
        restrictions: null,
      },
    );
    await writeFile(join(folder, 'more.txt'), 'more\n');
    const sha = await commit('More');

    await expect(push(TOKEN, 'main')).rejects.toThrow('GH006');
    await push(TOKEN, 'main:topic');

    expect(protection.json()).toMatchObject({
      enforce_admins: { enabled: true },
      required_pull_request_reviews: { required_approving_review_count: 2 },
      required_status_checks: { strict: true, contexts: ['test'] },
    });
    const branches = await ask('GET', `/repos/${SHOP}/branches`);
    expect(branches.json()).toMatchObject([
      { name: 'main', protected: true },
      { name: 'topic', protected: false, commit: { sha } },
    ]);
  });

  it('deletes no branch over git', async () => {
    await expect(push(TOKEN, '--delete', 'topic')).rejects.toThrow(
      'deletion prohibited',
    );
  });
});
