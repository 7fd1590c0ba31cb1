import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { component } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/entities';
import {
  startDeployBackend,
  TestBackend,
  WEBHOOK_SECRET,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/startDeployBackend';
import {
  GithubSimulator,
  startGithubSimulator,
} from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import { findFreePort, githubIntegration } from './loopbackGithub';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const EXAMPLES = resolve(__dirname, '..', '..', 'examples');
const TOKEN = 'token-of-the-portal';
const REPOSITORY = 'example-org/vvp';
const ENTITY = 'component:default/vvp-verifier';
const OTHER = 'c'.repeat(40);

/** Each report is another one. */
let count = 0;
const report = () =>
  `<testsuites><testsuite name="unit" tests="1"><testcase name="case-${(count += 1)}"/></testsuite></testsuites>`;

describe('the reports of the jobs of a simulated GitHub', () => {
  let backend: TestBackend;
  let github: GithubSimulator;
  let job: number;
  let commit: string;

  beforeAll(async () => {
    const port = await findFreePort();
    const host = `127.0.0.1:${port}`;
    backend = await startDeployBackend({
      databases,
      databaseId: 'SQLITE_3',
      config: {
        integrations: githubIntegration(host, TOKEN),
        deploy: {
          evidence: { oidc: [{ issuer: `http://${host}/_oidc` }] },
        },
      },
    });
    github = await startGithubSimulator({
      port,
      start: new Date(Date.now() - 3 * 3_600_000).toISOString(),
      tokens: { [TOKEN]: 'deploy-portal[bot]' },
      webhookUrls: [`${backend.url}/api/events/http/github`],
      webhookSecret: WEBHOOK_SECRET,
    });
    await github.createRepository({
      owner: 'example-org',
      name: 'vvp',
      folder: join(EXAMPLES, 'vvp'),
    });
    backend.entities.push(
      component('vvp-verifier', {
        key: 'verifier',
        location: `${github.url}/${REPOSITORY}/blob/main/catalog-info.yaml`,
      }),
    );
    await backend.run('catalog-sync');
    ({ job, commit } = await push('services/verifier/app/changed.py'));
  });

  afterAll(async () => {
    await expectNoViolations(github, 'plugin-oidc');
    await github.stop();
    await backend.stop();
  });

  async function push(path: string, content = 'print(1)\n') {
    const { sha, runs } = await github.push(REPOSITORY, {
      message: 'Change',
      files: { [path]: content },
    });
    const run = await github.run(REPOSITORY, runs[0]);
    return { commit: sha, job: run.attempts[0].jobs[0].id };
  }

  async function pullRequest(branch: string) {
    const opened = await github.openPullRequest(REPOSITORY, {
      branch,
      title: branch,
      files: { [`services/verifier/${branch}.py`]: 'print(2)\n' },
    });
    return opened;
  }

  function token(
    overrides: Record<string, unknown> = {},
    options: { audience?: string; expiresIn?: number } = {},
  ) {
    return github.oidcToken(REPOSITORY, job, {
      audience: 'deploy',
      overrides,
      ...options,
    });
  }

  async function post(bearer: string, of = commit) {
    const response = await backend.report(
      { entityRef: ENTITY, commit: of, type: 'test', suite: 'unit' },
      report(),
      { header: `Bearer ${bearer}` },
    );
    return {
      status: response.status,
      body: response.body,
      message: String(response.body.error?.message),
    };
  }

  it('are taken in, with the job that they come from', async () => {
    const { status, body } = await post(await token());

    expect(status).toBe(201);
    expect(body).toMatchObject({
      commit,
      ref: 'main',
      provenance: {
        kind: 'github-oidc',
        repository: REPOSITORY,
        sha: commit,
        event: 'push',
      },
    });
  });

  describe('by the script of generated workflows', () => {
    const BEARER = 'token-of-the-runner';
    const script = resolve(
      __dirname,
      '../../plugins/scaffolder-actions/assets/deploy/report-evidence.sh',
    );
    let tokens: Server;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'runner-'));
      await writeFile(join(folder, 'test-report.xml'), report());
      // As the runner answers: https://docs.github.com/actions/reference/security/oidc
      tokens = createServer(async (request, response) => {
        const audience = new URL(
          request.url ?? '',
          'http://127.0.0.1',
        ).searchParams.get('audience');
        const isRunner = request.headers.authorization === `bearer ${BEARER}`;
        response.statusCode = isRunner && audience ? 200 : 400;
        response.end(
          JSON.stringify({
            count: 1,
            value: await token({}, { audience: audience ?? '' }),
          }),
        );
      });
      await new Promise<void>(done => {
        tokens.listen(0, '127.0.0.1', done);
      });
    });

    afterAll(async () => {
      tokens.close();
      await rm(folder, { recursive: true });
    });

    function run(
      environment: Record<string, string>,
    ): Promise<{ code: number | null; output: string }> {
      const { port } = tokens.address() as AddressInfo;
      return new Promise((done, reject) => {
        const child = spawn(script, {
          cwd: folder,
          env: {
            PATH: process.env.PATH,
            ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: BEARER,
            PORTAL: `${backend.url}/api/deploy`,
            AUDIENCE: 'deploy',
            ENTITIES: ENTITY,
            COMMIT: commit,
            SUITE: 'unit & müller',
            TEST_REPORT: 'test-report.xml',
            COVERAGE_REPORT: 'coverage.xml',
            ...environment,
          },
        });
        let output = '';
        const collect = (text: string) => {
          output += text;
        };
        child.stdout.setEncoding('utf8').on('data', collect);
        child.stderr.setEncoding('utf8').on('data', collect);
        child.once('error', reject);
        child.once('close', code => done({ code, output }));
      });
    }

    it('are taken in, and a report that is not there is no failure', async () => {
      const { code, output } = await run({});

      expect(output).toContain(`The portal has the test report of ${ENTITY}.`);
      expect(output).toContain('There is no coverage report at coverage.xml.');
      expect(code).toBe(0);
      const suites = await backend.knex('evidence').distinct('suite');
      expect(suites).toContainEqual({ suite: 'unit & müller' });
    });

    it('do not fail a job when the portal refuses them, and say so', async () => {
      const { code, output } = await run({ COMMIT: OTHER });

      expect(output).toContain('::warning::The portal did not take');
      expect(code).toBe(0);
    });

    it('fail a job that may not ask for tokens', async () => {
      const { code, output } = await run({ ACTIONS_ID_TOKEN_REQUEST_URL: '' });

      expect(output).toContain('permissions.id-token: write');
      expect(code).toBe(1);
    });
  });

  it.each([
    ['audience', {}, { audience: 'other' }, 401, '(aud)'],
    ['issuer', { iss: 'https://evil.example.test' }, {}, 401, '(iss)'],
    ['expiry', {}, { expiresIn: -120 }, 401, '(exp)'],
    [
      'repository',
      { repository: 'example-org/other' },
      {},
      403,
      '(repository)',
    ],
    ['sha', { sha: OTHER }, {}, 403, '(sha)'],
    ['ref', { ref: 'refs/notes/x' }, {}, 403, '(ref)'],
    [
      'workflow',
      { job_workflow_ref: 'evil/x/.github/workflows/x.yml@refs/heads/main' },
      {},
      403,
      '(job_workflow_ref)',
    ],
  ])(
    'are refused with another %s',
    async (_claim, overrides, options, expected, reason) => {
      const before = await backend.knex('evidence').count();

      const { status, message } = await post(await token(overrides, options));

      expect(status).toBe(expected);
      expect(message).toContain(reason);
      expect(await backend.knex('evidence').count()).toEqual(before);
    },
  );

  it('are refused from refs and workflows that deploy.yaml does not trust', async () => {
    const spec = await readFile(join(EXAMPLES, 'vvp', 'deploy.yaml'), 'utf8');
    const withTrust = (trust: string) =>
      push(
        'deploy.yaml',
        spec.replace('\nspec:\n', `\nspec:\n  evidence: ${trust}\n`),
      );

    ({ job, commit } = await withTrust('{ refs: [release/*] }'));
    await backend.run('spec-refresh');
    const fromRef = await post(await token());
    ({ job, commit } = await withTrust('{ workflows: [other.yml] }'));
    await backend.run('spec-refresh');
    const fromWorkflow = await post(await token());
    ({ job, commit } = await withTrust(
      '{ refs: [main], workflows: [deploy.yml] }',
    ));
    await backend.run('spec-refresh');
    const trusted = await post(await token());

    expect([fromRef.status, fromWorkflow.status, trusted.status]).toEqual([
      403, 403, 201,
    ]);
    expect(fromRef.message).toContain('deploy.yaml allows release/*');
    expect(fromWorkflow.message).toContain('deploy.yaml allows other.yml');
  });

  it('go on when the issuer changes its keys', async () => {
    const before = await token();
    await post(before);
    await github.rotateOidcKeys();

    const old = await post(before);
    const renewed = await post(await token());

    expect([old.status, renewed.status]).toEqual([201, 201]);
  });

  it('of a pull request are about it, by its merge commit or its head', async () => {
    const { number, sha } = await pullRequest('two');
    const claims = {
      event_name: 'pull_request',
      ref: `refs/pull/${number}/merge`,
      head_ref: 'two',
      sha: OTHER,
    };

    const merged = await post(await token(claims), OTHER);
    const head = await post(await token(claims), sha);
    const another = await post(await token(claims), commit);

    expect([merged.status, head.status, another.status]).toEqual([
      201, 201, 403,
    ]);
    expect(merged.body.pullRequest).toBe(number);
    expect(head.body.pullRequest).toBe(number);
    expect(another.message).toContain('neither the merge commit');
  });

  it('of a run on the base of a pull request are about its head alone', async () => {
    const { number, sha } = await pullRequest('three');
    const claims = { event_name: 'pull_request_target', head_ref: 'three' };

    const head = await post(await token(claims), sha);
    const base = await post(await token(claims), commit);

    expect([head.status, base.status]).toEqual([201, 403]);
    expect(head.body.pullRequest).toBe(number);
  });
});
