import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import { mockServices } from '@backstage/backend-test-utils';
import {
  formatValidationReport,
  loopbackRequest,
  startGithubSimulator,
  type GithubSimulator,
} from './client';
import {
  conclusions,
  expectNoViolations,
  REPOSITORIES,
  START,
  TOKEN,
  TOKENS,
  VVP,
} from './testing';

jest.setTimeout(240_000);

const MAIN_PY = 'services/verifier/app/main.py';

describe('the REST API', () => {
  let simulator: GithubSimulator;
  let sha: string;
  let runs: number[];

  beforeAll(async () => {
    simulator = await startGithubSimulator({
      examples: REPOSITORIES,
      start: START,
      tokens: TOKENS,
    });
    const pushed = await simulator.push(VVP, {
      message: 'Verifier: check the chain\n\nAll of it.',
      author: 'omar',
      at: '2026-01-06T10:00:00Z',
      files: { [MAIN_PY]: 'print("chain")\n' },
    });
    sha = pushed.sha;
    runs = pushed.runs;
  });

  afterAll(async () => {
    await expectNoViolations(simulator, 'rest');
    await simulator.stop();
  });

  function reader() {
    return UrlReaders.default({
      logger: mockServices.logger.mock(),
      config: mockServices.rootConfig({
        data: {
          integrations: {
            github: [
              {
                host: simulator.host,
                apiBaseUrl: simulator.apiUrl,
                rawBaseUrl: simulator.url,
                token: TOKEN,
              },
            ],
          },
        },
      }),
    });
  }

  function address(path: string): string {
    return `${simulator.url}/${VVP}/blob/main/${path}`;
  }

  it('lets Backstage read a file, and again only when it changed', async () => {
    const first = await reader().readUrl(address(MAIN_PY));

    expect((await first.buffer()).toString()).toBe('print("chain")\n');
    await expect(
      reader().readUrl(address(MAIN_PY), { etag: first.etag }),
    ).rejects.toMatchObject({ name: 'NotModifiedError' });
    await expect(
      reader().readUrl(address('no/such/file')),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('lets Backstage read a tree and search it', async () => {
    const tree = await reader().readTree(
      `${simulator.url}/${VVP}/tree/main/services/verifier`,
    );
    const found = await reader().search(address('services/*/app/main.py'));

    const files = await tree.files();
    expect(tree.etag).toBe(sha);
    expect(files.map(file => file.path)).toEqual(['app/main.py']);
    expect(found.files).toHaveLength(4);
    expect((await found.files[0].content()).toString()).toContain('issuer');
  });

  it('serves a clone over smart HTTP, and takes no push of nobody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clone-'));
    const git = promisify(execFile);
    try {
      await git('git', ['clone', '-q', `${simulator.url}/${VVP}.git`, folder]);
      const { stdout } = await git('git', ['-C', folder, 'rev-parse', 'HEAD']);

      expect(stdout.trim()).toBe(sha);
      expect(await readFile(join(folder, MAIN_PY), 'utf8')).toContain('chain');
      await expect(
        git('git', ['-C', folder, 'push', '-q', 'origin', 'HEAD:other'], {
          env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
        }),
      ).rejects.toThrow('could not read Username');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('answers 304 to who has the answer already', async () => {
    const path = `/repos/${VVP}/actions/runs`;
    const first = await simulator.rest('GET', path);
    const again = await simulator.rest('GET', path, {
      headers: { 'if-none-match': first.headers.etag },
    });

    expect([first.status, again.status]).toEqual([200, 304]);
    expect(again.text).toBe('');
  });

  it.each([
    ['a public read without a token', `/repos/${VVP}`, undefined, 200],
    ['a read with a right token', `/repos/${VVP}`, TOKEN, 200],
    ['a read with a wrong token', `/repos/${VVP}`, 'wrong', 401],
    ['the user without a token', '/user', undefined, 401],
    ['the user with a token', '/user', TOKEN, 200],
    ['an unknown repository', '/repos/example-org/none', TOKEN, 404],
    ['an unknown run', `/repos/${VVP}/actions/runs/1`, TOKEN, 404],
    ['the app without its own token', '/app', TOKEN, 401],
  ])('answers %s', async (_name, path, token, status) => {
    const answer = await simulator.rest('GET', path, { token });

    expect(answer.status).toBe(status);
  });

  it('tells what is wrong in GitHub’s words', async () => {
    const answer = await simulator.rest('GET', '/user', { token: 'wrong' });

    expect(answer.json()).toMatchObject({
      message: 'Bad credentials',
      status: '401',
    });
  });

  it('refuses to write without a token', async () => {
    const answer = await simulator.rest(
      'POST',
      `/repos/${VVP}/actions/workflows/deploy.yml/dispatches`,
      { body: { ref: 'main' } },
    );

    expect(answer.status).toBe(401);
  });

  it('gives an installation token that reads', async () => {
    const claims = Buffer.from('{"iss":700123}').toString('base64url');
    const issued = await simulator.rest(
      'POST',
      '/app/installations/5000001/access_tokens',
      { token: `header.${claims}.signature` },
    );
    const { token } = issued.json<{ token: string }>();

    const answer = await simulator.rest('GET', '/installation/repositories', {
      token,
    });

    expect(answer.json()).toMatchObject({ total_count: 3 });
  });

  it.each([
    ['', 'the repository'],
    ['/contents/services', 'a folder'],
    [`/contents/${MAIN_PY}?ref=main`, 'a file'],
    ['/git/trees/main?recursive=1', 'a tree'],
    ['/git/ref/heads/main', 'a ref'],
    ['/git/commits/SHA', 'a git commit'],
    ['/commits?path=services/verifier', 'commits'],
    ['/commits/SHA', 'a commit'],
    ['/commits/SHA/pulls', 'pull requests of a commit'],
    ['/commits/main/status', 'a status'],
    ['/branches', 'branches'],
    ['/branches/main', 'a branch'],
    ['/tags', 'tags'],
    ['/pulls?state=all', 'pull requests'],
    ['/actions/workflows', 'workflows'],
    ['/actions/workflows/deploy.yml', 'a workflow'],
    ['/actions/workflows/deploy.yml/runs', 'runs of a workflow'],
    ['/actions/runs', 'runs'],
    ['/actions/runs/RUN', 'a run'],
    ['/actions/runs/RUN/attempts/1', 'an attempt'],
    ['/actions/runs/RUN/attempts/1/jobs', 'jobs of an attempt'],
    ['/actions/runs/RUN/jobs?filter=all', 'jobs'],
    ['/actions/runs/RUN/approvals', 'approvals'],
    ['/actions/runs/RUN/pending_deployments', 'what waits'],
    ['/deployments', 'deployments'],
    ['/environments', 'environments'],
  ])('answers %s (%s) as GitHub describes it', async path => {
    const filled = path.replace('SHA', sha).replace('RUN', String(runs[0]));

    const answer = await simulator.rest('GET', `/repos/${VVP}${filled}`);

    expect(answer.status).toBe(200);
  });

  it.each([
    ['created=>=2026-01-06', 1],
    ['created=<2026-01-06', 0],
    ['created=2026-01-01..2026-01-31', 1],
    ['status=success', 1],
    ['status=failure', 0],
    ['branch=main', 1],
    ['branch=other', 0],
    ['event=push', 1],
    ['actor=omar', 1],
  ])('filters runs by %s', async (filter, total) => {
    const [name, ...value] = filter.split('=');
    const query = new URLSearchParams({ [name]: value.join('=') });

    const answer = await simulator.rest(
      'GET',
      `/repos/${VVP}/actions/runs?${query}`,
    );

    expect(answer.json()).toMatchObject({ total_count: total });
  });

  it('pages a list by Link', async () => {
    const first = await simulator.rest(
      'GET',
      `/repos/${VVP}/actions/runs/${runs[0]}/jobs?per_page=5`,
    );
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.link)?.[1] ?? '';
    const second = await loopbackRequest(next);

    const ids = (text: typeof first) =>
      text.json<{ jobs: Array<{ id: number }> }>().jobs.map(job => job.id);
    expect(ids(first)).toHaveLength(5);
    expect(ids(second).some(id => ids(first).includes(id))).toBe(false);
  });

  it('compares two commits', async () => {
    const { sha: next } = await simulator.push(VVP, {
      message: 'Issuer: more',
      files: { 'services/issuer/app/main.py': 'more\n' },
    });

    const answer = await simulator.rest(
      'GET',
      `/repos/${VVP}/compare/${sha}...${next}`,
    );

    expect(answer.json()).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      behind_by: 0,
      files: [{ filename: 'services/issuer/app/main.py' }],
    });
  });

  it('has a page for every link that a person may follow', async () => {
    const run = await simulator.run(VVP, runs[0]);
    expect(conclusions(run).changes).toBe('success');
    for (const path of [
      '',
      `/commit/${sha}`,
      `/actions/runs/${runs[0]}`,
      `/actions/runs/${runs[0]}/job/${run.attempts[0].jobs[0].id}`,
      `/blob/main/${MAIN_PY}`,
    ]) {
      const page = await loopbackRequest(`${simulator.url}/${VVP}${path}`);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.text).toContain('Simulated GitHub');
    }
  });
});

describe('what is not as GitHub describes it', () => {
  let simulator: GithubSimulator;

  beforeAll(async () => {
    simulator = await startGithubSimulator({
      examples: REPOSITORIES,
      start: START,
    });
  });

  afterAll(() => simulator.stop());
  beforeEach(() => simulator.resetValidation());

  it('catches a wrong response', async () => {
    await simulator.override('repos/get', { id: 'a text' });
    const answer = await simulator.rest('GET', `/repos/${VVP}`);
    await simulator.override('repos/get');

    expect(answer.status).toBe(500);
    const report = await simulator.validation();
    expect(report.violations).toMatchObject([
      { kind: 'response', where: 'repos/get 200' },
    ]);
    expect(formatValidationReport(report)).toContain(
      'VIOLATION response repos/get 200',
    );
  });

  it('catches a request that GitHub would not take', async () => {
    const answer = await simulator.rest(
      'POST',
      `/repos/${VVP}/actions/workflows/deploy.yml/dispatches`,
      { token: 'any', body: { reference: 'main' } },
    );

    expect(answer.status).toBe(422);
    const { violations } = await simulator.validation();
    expect(violations).toMatchObject([{ kind: 'request' }]);
  });

  it('catches a call that no description validates', async () => {
    const answer = await simulator.rest('GET', `/repos/${VVP}/stargazers`);

    expect(answer.status).toBe(404);
    const report = await simulator.validation();
    expect(report.unvalidated).toEqual([`GET /repos/${VVP}/stargazers`]);
    expect(report.violations).toHaveLength(1);
  });

  it.each([
    ['workflow_run', 'completed', { action: 'completed' }],
    ['workflow_job', 'queued', { action: 'queued', workflow_job: { id: 'x' } }],
    ['deployment_status', 'created', { deployment_status: {} }],
    ['star', 'created', {}],
  ])('catches a wrong %s.%s', async (event, action, payload) => {
    await simulator.validateWebhook(event, action, payload);

    const { violations } = await simulator.validation();
    expect(violations).toHaveLength(1);
  });
});
