import { gzipSync } from 'node:zlib';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { oneDatabase } from '../../__testUtils__/oneDatabase';
import {
  startDeployBackend,
  TestBackend,
} from '../../__testUtils__/startDeployBackend';
import { waitFor } from '../../__testUtils__/waitFor';
import { hangUpHalfWay } from '../__testUtils__/hangUp';
import {
  COMMIT,
  ENTITY_REF,
  files,
  lcov,
  verifier,
} from '../__testUtils__/verifier';
import { recordingAuditor } from '../auth/__testUtils__/recordingAuditor';
import { LoopbackIssuer } from '../auth/__testUtils__/loopbackIssuer';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const tables = [
  'evidence',
  'evidence_files',
  'evidence_suites',
  'evidence_tests',
  'evidence_findings',
];

const report = lcov({
  'services/verifier/app/main.py': '1101',
  'common/keys.py': '10',
});

const query = { entityRef: ENTITY_REF, commit: COMMIT };

describe.each(oneDatabase(databases))('reports on %s', databaseId => {
  let backend: TestBackend;
  let issuer: LoopbackIssuer;
  let allowed: (permission: string) => boolean;
  const auditor = recordingAuditor();

  beforeAll(async () => {
    issuer = await LoopbackIssuer.start();
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities: [verifier],
      files,
      features: [
        createServiceFactory({
          service: coreServices.auditor,
          deps: {},
          factory: () => auditor,
        }),
      ],
      config: {
        deploy: {
          evidence: { oidc: [{ issuer: issuer.url, audience: 'deploy' }] },
        },
      },
      decide: permission => ({
        result: allowed(permission)
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      }),
    });
    await backend.run('spec-refresh');
  });

  beforeEach(async () => {
    allowed = () => true;
    auditor.events.length = 0;
    await backend.knex('evidence').delete();
  });

  afterAll(async () => {
    await backend.stop();
    await issuer.stop();
  });

  /** Of every table of reports. */
  async function countRows(): Promise<number[]> {
    return Promise.all(
      tables.map(async table => (await backend.knex(table)).length),
    );
  }

  it('keeps a report with everything that is known of it', async () => {
    const { status, body } = await backend.report(
      { ...query, environment: 'staging', suite: 'unit', mode: 'local' },
      report,
    );

    expect(status).toBe(201);
    expect(body).toMatchObject({
      created: true,
      entityRef: ENTITY_REF,
      type: 'coverage',
      format: 'lcov',
      commit: COMMIT,
      environment: 'staging',
      suite: 'unit',
      mode: 'local',
      summary: { type: 'coverage', lines: { covered: 4, total: 6 }, files: 2 },
      provenance: { kind: 'user', userRef: 'user:default/mock' },
    });
    const { created: _, ...evidence } = body;
    const detail = (await backend.get(`/evidence/${body.id}`)).body;
    expect(detail).toMatchObject(evidence);
    expect(await backend.knex('evidence_files').orderBy('path')).toMatchObject([
      { path: 'common/keys.py', covered: '1', missed: '2' },
      {
        path: 'services/verifier/app/main.py',
        covered: '1-2,4',
        missed: '3',
      },
    ]);
  });

  it("takes a job's own OIDC token, and needs no permission then", async () => {
    allowed = () => false;

    const { status, body } = await backend.report(query, report, {
      header: `Bearer ${await issuer.token()}`,
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      ref: 'main',
      provenance: { kind: 'github-oidc', runId: '7', attempt: 2 },
    });
  });

  it('refuses a job on a branch that deploy.yaml does not trust', async () => {
    const ref = 'refs/heads/experiment';
    const { status, body } = await backend.report(query, report, {
      header: `Bearer ${await issuer.token({
        ref,
        job_workflow_ref: `Example-Org/vvp/.github/workflows/ci.yml@${ref}`,
      })}`,
    });

    expect(status).toBe(403);
    expect(body.error.message).toContain('experiment');
    expect(await countRows()).toEqual([0, 0, 0, 0, 0]);
  });

  it("keeps apart what a pull request's token brings", async () => {
    const merge = 'refs/pull/12/merge';
    const { status, body } = await backend.report(query, report, {
      header: `Bearer ${await issuer.token({
        ref: merge,
        event_name: 'pull_request',
        head_ref: 'feature',
        job_workflow_ref: `Example-Org/vvp/.github/workflows/ci.yml@${merge}`,
      })}`,
    });
    const again = await backend.report(query, report);

    expect(status).toBe(201);
    expect(body).toMatchObject({ pullRequest: 12 });
    expect(again.body).toMatchObject({ created: true });
    expect(again.body).not.toHaveProperty('pullRequest');
  });

  it('keeps the same report once, compressed or not, by whatever content type', async () => {
    const first = await backend.report(query, report);
    const others = [
      await backend.report(query, report),
      await backend.report(query, gzipSync(report)),
      await backend.report(query, gzipSync(report), {
        headers: { 'Content-Encoding': 'gzip' },
      }),
      await backend.report(query, report, {
        headers: { 'Content-Type': 'application/json' },
      }),
      await backend.report(query, report, {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
    ];

    expect(first.status).toBe(201);
    for (const { status, body } of others) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ id: first.body.id, created: false });
    }
    expect(await countRows()).toEqual([1, 2, 0, 0, 0]);
  });

  it('keeps a report that comes five times at once once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => backend.report(query, report)),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([
      200, 200, 200, 200, 201,
    ]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await countRows()).toEqual([1, 2, 0, 0, 0]);
  });

  it.each([
    ['commit', { commit: 'b'.repeat(40) }],
    ['environment', { environment: 'production' }],
    ['suite', { suite: 'integration' }],
    ['mode', { mode: 'azure' }],
  ])('keeps it again for another %s', async (_case, other) => {
    await backend.report(query, report);

    const { status } = await backend.report({ ...query, ...other }, report);

    expect(status).toBe(201);
    expect((await countRows())[0]).toBe(2);
  });

  it('takes one that does not say when it was measured, and comes again, for measured again', async () => {
    const first = await backend.report(query, report);
    await backend
      .knex('evidence')
      .update({ measured_at: '2026-01-05T12:00:00.000Z' });

    const { body } = await backend.report(query, report, {
      header: `Bearer ${await issuer.token()}`,
    });

    expect(body).toMatchObject({
      id: first.body.id,
      created: false,
      provenance: { kind: 'github-oidc' },
    });
    expect(body.measuredAt > '2026-01-05T12:00:00.000Z').toBe(true);
  });

  it('leaves the time alone that a report says itself', async () => {
    const junit = `<testsuites><testsuite name="s" tests="1" timestamp="2026-11-01T12:00:00Z"><testcase classname="c" name="n" time="1"/></testsuite></testsuites>`;
    const first = await backend.report(query, junit);
    const { body } = await backend.report(query, junit);

    expect(first.body).toMatchObject({
      type: 'test',
      measuredAt: '2026-11-01T12:00:00.000Z',
    });
    expect(body).toEqual({ ...first.body, created: false });
  });

  it.each<{
    name: string;
    change?: Record<string, string>;
    body?: string | Buffer;
    headers?: Record<string, string>;
    status?: number;
    message: string | RegExp;
  }>([
    {
      name: 'a misspelt parameter',
      change: { enviroment: 'staging' },
      message: /^enviroment: /,
    },
    {
      name: 'a short commit',
      change: { commit: 'abc1234' },
      message: /^commit: /,
    },
    {
      name: 'an environment that is not there',
      change: { environment: 'qa' },
      message: /^environment: .*qa.*staging, production/,
    },
    {
      name: 'a report of another type',
      change: { type: 'security' },
      message: /coverage.*security/,
    },
    {
      name: "paths that are another service's",
      body: lcov({ 'services/issuer/app.py': '1' }),
      message: /services\/issuer\/app\.py.*root=/,
    },
    { name: 'an empty body', body: '', message: /empty/ },
    { name: 'something else', body: 'hello', message: /format/ },
    {
      name: 'JSON that is no report',
      body: '{"hello":',
      headers: { 'Content-Type': 'application/json' },
      message: /format/,
    },
    {
      name: 'truncated XML',
      body: '<?xml version="1.0"?><testsuites><testsuite name="s">',
      message: /line 1/i,
    },
    {
      name: 'damaged gzip',
      body: gzipSync(report).subarray(0, 40),
      message: /gzip/,
    },
    {
      name: 'an encoding that is not read',
      headers: { 'Content-Encoding': 'br' },
      message: /^Content-Encoding: br/,
    },
    {
      name: 'a gzip bomb',
      body: gzipSync(`TN:\nSF:a.py\n${'DA:1,1\n'.repeat(7_000_000)}`),
      status: 413,
      message: /decompressed/,
    },
  ])(
    'refuses $name, says so, and changes nothing',
    async ({ change, body = report, headers, status = 400, message }) => {
      await backend.report({ ...query, suite: 'before' }, report);
      const before = await countRows();

      const answer = await backend.report({ ...query, ...change }, body, {
        headers,
      });

      expect(answer.body.error.message).toMatch(message);
      expect(answer.status).toBe(status);
      expect(await countRows()).toEqual(before);
    },
  );

  it('answers a large report that is wrong from its beginning', async () => {
    const answer = await backend.report(
      query,
      `not a report\n${'x'.repeat(20_000_000)}`,
    );

    expect(answer.status).toBe(400);
    expect((await backend.report(query, report)).status).toBe(201);
  });

  it('keeps nothing of a report whose sender hangs up', async () => {
    await hangUpHalfWay(
      `${backend.url}/api/deploy/evidence?${new URLSearchParams(query)}`,
      { authorization: mockCredentials.user.header() },
      report,
    );
    await waitFor(() => auditor.events[0]?.status === 'failed');

    expect(await countRows()).toEqual([0, 0, 0, 0, 0]);
  });

  it('audits what is taken in, and what is not', async () => {
    const { body } = await backend.report(query, report);
    await backend.report(query, 'hello');

    expect(auditor.events).toEqual([
      {
        eventId: 'evidence-report',
        status: 'succeeded',
        withRequest: false,
        meta: expect.objectContaining({
          entityRef: ENTITY_REF,
          commit: COMMIT,
          by: 'user',
          format: 'lcov',
          evidenceId: body.id,
        }),
      },
      expect.objectContaining({
        eventId: 'evidence-report',
        status: 'failed',
        error: expect.stringContaining('format'),
      }),
    ]);
  });

  it('tells open pages of a report', async () => {
    backend.signals.length = 0;

    await backend.report(query, report);

    const signal = await waitFor(() =>
      backend.signals.find(({ channel }) => channel === `deploy:${ENTITY_REF}`),
    );
    expect(signal.message).toEqual({ entityRef: ENTITY_REF });
  });

  it.each([
    ['a service that is there', ENTITY_REF],
    ['one that is not', 'component:default/ghost'],
  ])('tells nobody unknown about %s', async (_case, entityRef) => {
    const { status, body } = await backend.report(
      { ...query, entityRef },
      report,
      { header: mockCredentials.none.header() },
    );

    expect(status).toBe(401);
    expect(body.error.message).not.toContain('tracked');
    expect(await countRows()).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    [
      'a job of another repository',
      async () =>
        `Bearer ${await issuer.token({
          repository: 'someone/else',
          job_workflow_ref:
            'someone/else/.github/workflows/deploy.yml@refs/heads/main',
        })}`,
      403,
    ],
    [
      'a user who may not see it',
      async () => mockCredentials.user.header(),
      404,
    ],
  ])(
    'answers %s the same whether the service is there or not',
    async (_case, header, status) => {
      allowed = () => false;
      const post = async (entityRef: string) =>
        backend.report({ ...query, entityRef }, report, {
          header: await header(),
        });

      const there = await post('component:default/verifier');
      const missing = await post('component:default/missings');

      expect(there.status).toBe(status);
      expect(missing.status).toBe(status);
      expect(missing.body.error.message.replace('missings', 'verifier')).toBe(
        there.body.error.message,
      );
      expect(await countRows()).toEqual([0, 0, 0, 0, 0]);
    },
  );

  it('refuses a user who may see it but not report', async () => {
    allowed = permission => permission === 'deploy.read';

    const { status, body } = await backend.report(query, report);

    expect(status).toBe(403);
    expect(body.error.message).toContain('deploy.report');
    expect(await countRows()).toEqual([0, 0, 0, 0, 0]);
  });

  it('takes a report of 20 MB', async () => {
    const lines = '10'.repeat(500);
    const large = lcov(
      Object.fromEntries(
        Array.from({ length: 2_400 }, (_, index) => [
          `services/verifier/app/module_${index}.py`,
          lines,
        ]),
      ),
    );
    expect(large.length).toBeGreaterThan(20_000_000);

    const { status, body } = await backend.report(query, large);

    expect(status).toBe(201);
    expect(body.summary).toMatchObject({
      files: 2_400,
      lines: { covered: 1_200_000, total: 2_400_000 },
    });
    expect((await countRows())[1]).toBe(2_400);
  });
});
