import { startGithubSimulator, type GithubSimulator } from './client';
import {
  expectNoViolations,
  REPOSITORIES,
  START,
  TOKEN,
  TOKENS,
  VVP,
} from './testing';

jest.setTimeout(240_000);

const REPO = `/repos/${VVP}`;

/** What an app signs with its key; the simulator looks at who issued it. */
const appToken = ['e30', btoa(JSON.stringify({ iss: '700123' })), 'x'].join(
  '.',
);

describe('checks, statuses and comments', () => {
  let simulator: GithubSimulator;
  let sha: string;
  let installation: string;

  beforeAll(async () => {
    simulator = await startGithubSimulator({
      examples: REPOSITORIES,
      start: START,
      tokens: TOKENS,
    });
    sha = (
      await simulator.push(VVP, {
        message: 'Verifier: check the chain',
        files: { 'services/verifier/app/main.py': 'print("chain")\n' },
      })
    ).sha;
    const [{ id }] = (
      await simulator.rest('GET', '/app/installations', { token: appToken })
    ).json<{ id: number }[]>();
    installation = (
      await simulator.rest('POST', `/app/installations/${id}/access_tokens`, {
        token: appToken,
      })
    ).json<{ token: string }>().token;
  });

  afterAll(async () => {
    await expectNoViolations(simulator, 'feedback');
    await simulator.stop();
  });

  function call(
    method: string,
    path: string,
    body?: unknown,
    token = installation,
  ) {
    return simulator.rest(method, `${REPO}${path}`, { token, body });
  }

  function annotations(count: number) {
    return Array.from({ length: count }, (_, index) => ({
      path: 'services/verifier/app/main.py',
      start_line: index + 1,
      end_line: index + 1,
      annotation_level: 'warning',
      message: 'Not covered',
    }));
  }

  function check(name: string, more: object = {}) {
    return { name, head_sha: sha, status: 'in_progress', ...more };
  }

  it('keeps check runs, adds annotations, and shows the newest of a name', async () => {
    const output = { title: 'Coverage', summary: 'Too low' };
    const created = await call('POST', '/check-runs', {
      ...check('coverage', { conclusion: 'failure', status: 'completed' }),
      output: { ...output, annotations: annotations(50) },
    });
    const { id } = created.json<{ id: number }>();

    const updated = await call('PATCH', `/check-runs/${id}`, {
      output: { ...output, annotations: annotations(3) },
    });
    await call('POST', '/check-runs', check('coverage'));

    const listed = await call(
      'GET',
      `/check-runs/${id}/annotations?per_page=100`,
    );
    const shown = await call('GET', `/commits/${sha}/check-runs`);
    const all = await call('GET', `/commits/${sha}/check-runs?filter=all`);
    expect([created.status, updated.status]).toEqual([201, 200]);
    expect(listed.json<unknown[]>()).toHaveLength(53);
    expect(shown.json<{ check_runs: object[] }>().check_runs).toEqual([
      expect.objectContaining({ name: 'coverage', status: 'in_progress' }),
    ]);
    expect(all.json<{ total_count: number }>().total_count).toBe(2);
  });

  it('has check runs for apps only', async () => {
    const created = await call('POST', '/check-runs', check('mine'), TOKEN);

    expect(created.status).toBe(403);
    expect(created.text).toContain('You must authenticate via a GitHub App.');
  });

  it.each([
    ['of no commit', { head_sha: 'b'.repeat(40) }, 'No commit found for SHA'],
    [
      'that ends without an end',
      { status: 'completed' },
      'Conclusion is required',
    ],
    [
      'with an annotation outside of the repository',
      {
        output: {
          title: 'a',
          summary: 'a',
          annotations: [{ ...annotations(1)[0], path: '/etc/passwd' }],
        },
      },
      'Invalid annotation',
    ],
  ])('refuses a check run %s', async (_name, more, message) => {
    const created = await call('POST', '/check-runs', check('bad', more));

    expect(created.status).toBe(422);
    expect(created.text).toContain(message);
  });

  it('takes 50 annotations in a request and no more', async () => {
    const created = await call('POST', '/check-runs', {
      ...check('many'),
      output: { title: 'a', summary: 'a', annotations: annotations(51) },
    });

    const { violations } = await simulator.validation();
    await simulator.resetValidation();
    expect(created.status).toBe(422);
    expect(violations).toHaveLength(1);
  });

  it('combines the newest status of each context', async () => {
    const path = `/statuses/${sha}`;
    const created = await call(
      'POST',
      path,
      { state: 'failure', context: 'a' },
      TOKEN,
    );
    await call(
      'POST',
      path,
      {
        state: 'success',
        context: 'b',
        target_url: 'https://portal.example.test/',
      },
      TOKEN,
    );
    const before = await call(
      'GET',
      `/commits/${sha}/status`,
      undefined,
      TOKEN,
    );
    await call('POST', path, { state: 'success', context: 'a' }, TOKEN);

    const after = await call('GET', `/commits/${sha}/status`, undefined, TOKEN);
    const all = await call('GET', `/commits/${sha}/statuses`, undefined, TOKEN);
    expect(created.status).toBe(201);
    expect(before.json()).toMatchObject({ state: 'failure', total_count: 2 });
    expect(after.json()).toMatchObject({ state: 'success', total_count: 2 });
    expect(all.json<unknown[]>()).toHaveLength(3);
  });

  it('takes 140 characters of a description and no more', async () => {
    const status = (length: number) => ({
      state: 'success',
      context: 'long',
      description: 'x'.repeat(length),
    });

    const fits = await call('POST', `/statuses/${sha}`, status(140), TOKEN);
    const exceeds = await call('POST', `/statuses/${sha}`, status(141), TOKEN);

    expect([fits.status, exceeds.status]).toEqual([201, 422]);
  });

  it('keeps comments on pull requests', async () => {
    const pull = await simulator.openPullRequest(VVP, {
      branch: 'topic',
      title: 'A topic',
      files: { 'topic.txt': 'topic\n' },
    });
    const path = `/issues/${pull.number}/comments`;
    const created = await call('POST', path, { body: 'First' });
    const { id } = created.json<{ id: number }>();

    const updated = await call('PATCH', `/issues/comments/${id}`, {
      body: '<b>',
    });
    const listed = await call('GET', path);
    const page = await fetch(`${simulator.url}/${VVP}/pull/${pull.number}`);
    const long = await call('POST', path, { body: 'x'.repeat(65_537) });
    const nowhere = await call('POST', '/issues/999/comments', { body: 'x' });
    const deleted = await call('DELETE', `/issues/comments/${id}`);
    const gone = await call('PATCH', `/issues/comments/${id}`, { body: 'x' });

    expect([created.status, updated.status]).toEqual([201, 200]);
    expect(listed.json()).toEqual([expect.objectContaining({ body: '<b>' })]);
    expect(await page.text()).toContain('&lt;b&gt;');
    expect([long.status, nowhere.status]).toEqual([422, 404]);
    expect([deleted.status, gone.status]).toEqual([204, 404]);
  });

  it('moves the head of a pull request with its branch', async () => {
    const pull = await simulator.openPullRequest(VVP, {
      branch: 'moving',
      title: 'It moves',
      files: { 'moving.txt': '1\n' },
    });

    const pushed = await simulator.push(VVP, {
      branch: 'moving',
      message: 'Again',
      files: { 'moving.txt': '2\n' },
    });

    const read = await call('GET', `/pulls/${pull.number}`);
    expect(read.json()).toMatchObject({ head: { sha: pushed.sha } });
  });

  it('compares two commits as git does, in JSON and as a diff', async () => {
    const content = Array.from({ length: 20 }, (_, line) => `${line}\n`).join(
      '',
    );
    const before = await simulator.push(VVP, {
      message: 'Before',
      files: { 'old name.txt': content },
    });
    const after = await simulator.push(VVP, {
      message: 'After',
      files: { 'old name.txt': null, 'new name.txt': `${content}more\n` },
    });
    const path = `${REPO}/compare/${before.sha}...${after.sha}`;

    const json = await simulator.rest('GET', path);
    const diff = await simulator.rest('GET', path, {
      headers: { accept: 'application/vnd.github.diff' },
    });

    expect(json.json()).toMatchObject({
      status: 'ahead',
      files: [
        {
          filename: 'new name.txt',
          previous_filename: 'old name.txt',
          status: 'renamed',
          additions: 1,
        },
      ],
    });
    expect(diff.text).toContain('rename from old name.txt');
    expect(diff.text).toContain('\n+more\n');
  });

  it('refuses a diff that is too long', async () => {
    const before = sha;
    const after = await simulator.push(VVP, {
      message: 'Much',
      files: { 'much.txt': 'x\n'.repeat(20_001) },
    });

    const diff = await simulator.rest(
      'GET',
      `${REPO}/compare/${before}...${after.sha}`,
      { headers: { accept: 'application/vnd.github.diff' } },
    );

    expect(diff.status).toBe(406);
  });

  it('fails as a test wants it to, with or without doing what was asked', async () => {
    const count = async () => (await simulator.feedback(VVP)).statuses.length;
    const write = () =>
      call(
        'POST',
        `/statuses/${sha}`,
        { state: 'success', context: 'f' },
        TOKEN,
      );
    const before = await count();
    await simulator.failRest('repos/create-commit-status', { status: 502 });
    const failed = await write();
    const between = await count();
    await simulator.failRest('repos/create-commit-status', {
      status: 502,
      carriedOut: true,
    });

    const lost = await write();
    const right = await write();

    expect([failed.status, lost.status, right.status]).toEqual([502, 502, 201]);
    expect([between - before, (await count()) - before]).toEqual([0, 2]);
  });
});
