import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { GateResult } from '@vvp/backstage-plugin-deploy-common';
import { isOneDatabase } from '../__testUtils__/oneDatabase';
import { component } from '../__testUtils__/entities';
import { workflowJob } from '../__testUtils__/github';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const EARLIER = '1'.repeat(40);
const RELEASE = '2'.repeat(40);
const HOME = 'https://github.example.test/example-org/vvp/blob/main/';
const SERVICE = '/services/component/default/verifier';

const verifier = component('verifier', {
  key: 'verifier',
  location: `${HOME}catalog-info.yaml`,
});

const spec = (gates: string) => `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  repository: example-org/vvp
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    verifier:
      paths: [services/verifier/**]
      environments:
        staging:
          jobs: [{ workflow: deploy.yml, job: deploy-staging }]
        production:
          gates: { ${gates} }
          jobs: [{ workflow: deploy.yml, job: deploy-verifier }]
`;

/** LCOV of one file, one digit of hits a line. */
const coverage = (hits: string, path = 'services/verifier/main.py') =>
  `TN:\nSF:${path}\n${[...hits]
    .map((hit, index) => `DA:${index + 1},${hit}\n`)
    .join('')}end_of_record\n`;

const tests = (failed: boolean) =>
  `<testsuite name="pytest" tests="2"><testcase classname="t" name="one"/><testcase classname="t" name="two">${
    failed ? '<failure message="no"/>' : ''
  }</testcase></testsuite>`;

describe.each(databases.eachSupportedId())('gates on %s', databaseId => {
  let backend: TestBackend;
  let denied: string[];

  async function start(
    rules: string,
    options: { config?: Record<string, never> } = {},
  ) {
    denied = [];
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities: [verifier],
      files: { [`${HOME}deploy.yaml`]: spec(rules) },
      decide: name => ({
        result: denied.includes(name)
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      }),
      ...options,
    });
    await backend.run('spec-refresh');
  }

  afterEach(() => backend.stop());

  const report = async (
    body: string,
    query: Record<string, string> = {},
  ): Promise<string> => {
    const answer = await backend.report(
      { entityRef: 'component:default/verifier', commit: RELEASE, ...query },
      body,
    );
    expect(answer.body.error).toBeUndefined();
    return answer.body.id;
  };

  async function gates(
    commit = RELEASE,
    environment = 'production',
  ): Promise<{ state: string; results: GateResult[] }> {
    const { body } = await backend.get(
      `${SERVICE}/environments/${environment}/gates?commit=${commit}`,
    );
    return body;
  }

  async function gate(commit = RELEASE): Promise<GateResult> {
    return (await gates(commit)).results[0];
  }

  it('name actual, threshold, commit, age and report', async () => {
    await start('coverage: { coverage: lines, minimum: 79 }');
    const id = await report(coverage('1111111100'));

    expect(await gate()).toMatchObject({
      name: 'coverage',
      environment: 'production',
      state: 'pass',
      actual: 80,
      threshold: 79,
      unit: 'percent',
      evidenceIds: [id],
      measuredCommit: RELEASE,
      ageSeconds: expect.any(Number),
      carriedForward: false,
    });
  });

  it('no longer pass when the report is deleted', async () => {
    await start('coverage: { coverage: lines, minimum: 79 }');
    const id = await report(coverage('1111111111'));
    expect((await gate()).state).toBe('pass');

    await backend.delete(`/evidence/${id}`);

    expect((await gate()).state).toBe('pending');
  });

  describe('where the commit itself was not measured', () => {
    const known = async (
      files: { path: string; added: string }[],
      state = 'known',
    ) =>
      backend.knex('changes').insert({
        repository: 'example-org/vvp',
        base: EARLIER,
        head: RELEASE,
        state,
        files: JSON.stringify(files),
        due_at: '2026-01-01T00:00:00.000Z',
      });

    beforeEach(async () => {
      await start('coverage: { coverage: lines, minimum: 79 }');
      await report(coverage('1111111110'), { commit: EARLIER });
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: 1,
          runId: 100,
          name: 'deploy-staging',
          sha: RELEASE,
          start: -5,
        }),
      );
    });

    it('carry the last report forward if nothing of the service changed', async () => {
      await known([{ path: 'services/issuer/main.py', added: '1' }]);

      expect(await gate()).toMatchObject({
        state: 'pass',
        measuredCommit: EARLIER,
        carriedForward: true,
      });
    });

    it.each([
      ['the service changed', [{ path: 'services/verifier/x.py', added: '' }]],
    ])('do not if %s', async (_case, files) => {
      await known(files);

      expect(await gate()).toMatchObject({
        state: 'fail',
        carriedForward: false,
      });
    });

    it('do not if the commits have nothing to do with each other', async () => {
      await known([], 'unrelated');

      expect((await gate()).state).toBe('fail');
    });

    it('ask GitHub about no commit that nobody deployed or measured', async () => {
      expect((await gate('9'.repeat(40))).state).not.toBe('pass');
      expect(
        await backend.knex('changes').where({ head: '9'.repeat(40) }),
      ).toEqual([]);
    });

    it('wait until it is known what changed, and ask GitHub for it', async () => {
      expect((await gate()).state).toBe('pending');
      expect(
        await backend.knex('changes').select('base', 'head'),
      ).toContainEqual({ base: EARLIER, head: RELEASE });
    });
  });

  it('see a report however many others came after it', async () => {
    await start('tests: { test: failed, maximum: 0 }');
    await report(tests(true), { suite: 'unit' });
    const [row] = await backend.knex('evidence');
    const later = Array.from({ length: 600 }, (_, index) => ({
      ...row,
      id: `later-${index}`,
      identity: `later-${index}`,
      suite: 'probe',
      summary: JSON.stringify({
        ...JSON.parse(row.summary),
        failed: 0,
        passed: 2,
      }),
      measured_at: new Date(Date.now() + index).toISOString(),
    }));
    await backend.knex.batchInsert('evidence', later, 50);

    expect((await gate()).state).toBe('fail');
  });

  it('compare with what is usual', async () => {
    await start(
      'latency: { performance: latency.avg, noWorseThanBaseline: { by: 10, over: 5, atLeast: 3 } }',
    );
    for (const [index, value] of [100, 102, 98].entries()) {
      await report(
        JSON.stringify({
          metric: 'latency.avg',
          value,
          unit: 'ms',
          measuredAt: `2026-11-0${index + 1}T00:00:00Z`,
        }),
        { commit: String(index + 3).repeat(40), format: 'measurements' },
      );
    }
    const measured = (value: number, measuredAt: string) =>
      report(
        JSON.stringify({
          metric: 'latency.avg',
          value,
          unit: 'ms',
          measuredAt,
        }),
        { format: 'measurements' },
      );

    await measured(109, '2026-11-10T00:00:00Z');
    expect(await gate()).toMatchObject({ state: 'pass', actual: 109 });

    await measured(111, '2026-11-11T00:00:00Z');
    expect(await gate()).toMatchObject({ state: 'fail', actual: 111 });
  });

  it('ask another environment', async () => {
    await start('soaked: { soak: { in: staging, for: 1 hour } }');
    expect((await gate()).state).not.toBe('pass');

    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 1, runId: 100, name: 'deploy-staging', sha: RELEASE }),
    );

    expect((await gate()).state).toBe('pass');
  });

  describe('waivers', () => {
    const inDays = (days: number) =>
      new Date(Date.now() + days * 86_400_000).toISOString();
    const good = () => ({
      reason: 'The flaky test is known, see OPS-12',
      expiresAt: inDays(1),
    });

    beforeEach(async () => {
      await start('tests: { test: failed, maximum: 0 }');
      await report(tests(true));
    });

    const waive = async (
      body: object,
      options: { id?: string; header?: string } = {},
    ) => {
      const id = options.id ?? (await gate()).id;
      return backend.post(`/gates/${id}/waiver`, body, options.header);
    };

    it('let a release pass, and say who, why and until when', async () => {
      const { status, body } = await waive(good());

      expect(status).toBe(201);
      expect(body).toMatchObject({ grantedBy: 'user:default/mock' });
      expect(await gate()).toMatchObject({
        state: 'waived',
        waiver: { reason: good().reason },
      });
    });

    it('are for one release alone', async () => {
      await waive(good());
      await report(tests(true), { commit: EARLIER });

      expect((await gate(EARLIER)).state).toBe('fail');
    });

    it('granted while evidence was missing do not cover what it then shows', async () => {
      const { id } = await gate(EARLIER);
      expect((await gate(EARLIER)).state).toBe('pending');
      await waive(good(), { id });
      expect((await gate(EARLIER)).state).toBe('waived');

      await report(tests(true), { commit: EARLIER });

      expect((await gate(EARLIER)).state).toBe('fail');
    });

    it('end', async () => {
      await waive(good());
      await backend
        .knex('waivers')
        .update({ expires_at: '2026-01-01T00:00:00.000Z' });

      expect((await gate()).state).toBe('fail');
    });

    it('need the permission', async () => {
      denied = ['deploy.waive'];

      const { status, body } = await waive(good());

      expect(status).toBe(403);
      expect(body.error.message).toContain('deploy.waive');
      expect((await gate()).state).toBe('fail');
    });

    it('need a person', async () => {
      const { status } = await waive(good(), {
        header: mockCredentials.service.header(),
      });

      expect(status).toBe(403);
      expect((await gate()).state).toBe('fail');
    });

    it.each([
      ['a short reason', { reason: 'please' }, 'reason'],
      ['a blank reason', { reason: ' '.repeat(20) }, 'reason'],
      ['no reason', { reason: undefined }, 'reason'],
      ['a time that has passed', { expiresAt: inDays(-1) }, 'expiresAt'],
      ['a time far away', { expiresAt: inDays(91) }, 'expiresAt'],
      ['no time', { expiresAt: 'tomorrow' }, 'expiresAt'],
      ['more than asked', { grantedBy: 'user:default/omar' }, 'additional'],
    ])('refuse %s', async (_case, change, field) => {
      const { status, body } = await waive({ ...good(), ...change });

      expect(status).toBe(400);
      expect(JSON.stringify(body.error)).toContain(field);
      expect((await gate()).state).toBe('fail');
    });

    it('refuse an id that is none', async () => {
      const { status } = await waive(good(), { id: 'abc' });

      expect(status).toBe(400);
    });

    it('refuse a gate that passes', async () => {
      await report(tests(false));

      const { status } = await waive(good());

      expect(status).toBe(409);
    });
  });

  // What these ask of the database, the others ask of both.
  if (isOneDatabase(databases, databaseId)) {
    it('are none where no rule asks for anything', async () => {
      await start('');

      expect(await gates()).toEqual({
        release: { commit: RELEASE },
        state: 'none',
        results: [],
      });
    });

    it('wait for evidence that is missing, and fail when it does not come', async () => {
      await start(
        'coverage: { coverage: lines, minimum: 79, pendingFor: 1 hour }',
      );
      await report(tests(false));

      expect(await gate()).toMatchObject({ state: 'pending', evidenceIds: [] });

      await backend
        .knex('evidence')
        .update({ received_at: '2026-01-01T00:00:00.000Z' });

      expect(await gate()).toMatchObject({
        state: 'fail',
        reason: expect.stringContaining('coverage'),
      });
    });

    it('are told to GitHub anew when the report is deleted', async () => {
      await start('coverage: { coverage: lines, minimum: 79 }');
      const id = await report(coverage('1111111111'));
      await backend
        .knex('evidence')
        .update({ measured_at: '2026-01-01T00:00:00.000Z' });
      await backend.knex('github_feedback').delete();
      await backend.knex('github_feedback').insert({
        repository: 'example-org/vvp',
        subject: `check:${RELEASE}:deploy / verifier / coverage (production)`,
        github_id: '1',
        state: 'written',
        attempts: 0,
        due_at: '2026-01-01T00:00:00.000Z',
      });

      await backend.delete(`/evidence/${id}`);

      expect(
        await backend
          .knex('github_feedback')
          .where('subject', `commit:${RELEASE}`),
      ).toHaveLength(1);
    });

    it('no longer pass when the report turns out to be of another commit', async () => {
      await start('coverage: { coverage: lines, minimum: 79 }');
      await report(coverage('1111111111'));

      await backend.knex('evidence').update({ commit_sha: EARLIER });

      expect((await gate()).state).toBe('pending');
    });

    it('do not believe a pull request', async () => {
      await start('coverage: { coverage: lines, minimum: 79 }');
      await report(coverage('1111111111'));

      await backend.knex('evidence').update({ pull_request: 7 });

      expect((await gate()).state).toBe('pending');
    });

    it('judge the lines that the commit changes', async () => {
      await start(
        'lines: { coverage: changed-lines, minimum: 80, smallChange: 3 }',
      );
      await report(coverage('1111100000'));
      await backend.knex('parents').insert({
        repository: 'example-org/vvp',
        commit_sha: RELEASE,
        parent_sha: EARLIER,
      });
      const change = (added: string) =>
        backend
          .knex('changes')
          .insert({
            repository: 'example-org/vvp',
            base: EARLIER,
            head: RELEASE,
            state: 'known',
            files: JSON.stringify([
              { path: 'services/verifier/main.py', added },
            ]),
            due_at: '2026-01-01T00:00:00.000Z',
          })
          .onConflict(['repository', 'base', 'head'])
          .merge();

      await change('1-4');
      expect(await gate()).toMatchObject({ state: 'pass', actual: 100 });

      await change('4-7');
      expect(await gate()).toMatchObject({ state: 'fail', actual: 50 });

      await change('9-10');
      expect((await gate()).state).toBe('pass');

      await change('4-7');
      await backend.knex('evidence').update({ pruned: true });
      expect(await gate()).toMatchObject({ state: 'pending' });
    });

    it('judge all that goes in since the release before, not the last commit alone', async () => {
      await start(
        'lines: { coverage: changed-lines, minimum: 80, smallChange: 3 }',
      );
      const before = '3'.repeat(40);
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: 1,
          runId: 100,
          name: 'deploy-verifier',
          sha: before,
        }),
      );
      await report(coverage('0000000000'));
      const change = (base: string, path: string) => ({
        repository: 'example-org/vvp',
        base,
        head: RELEASE,
        state: 'known',
        files: JSON.stringify([{ path, added: '1-10' }]),
        due_at: '2026-01-01T00:00:00.000Z',
      });
      await backend
        .knex('changes')
        .insert([
          change(before, 'services/verifier/main.py'),
          change(EARLIER, 'README.md'),
        ])
        .onConflict(['repository', 'base', 'head'])
        .merge();
      await backend.knex('parents').insert({
        repository: 'example-org/vvp',
        commit_sha: RELEASE,
        parent_sha: EARLIER,
      });

      expect(await gate()).toMatchObject({ state: 'fail', actual: 0 });
    });

    it('stand at the environments of the service', async () => {
      await start('tests: { test: failed, maximum: 0 }');
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: 1,
          runId: 100,
          name: 'deploy-verifier',
          sha: RELEASE,
        }),
      );
      await report(tests(true));

      const { body } = await backend.get(SERVICE);

      const production = body.environments.find(
        ({ name }: { name: string }) => name === 'production',
      );
      expect(production.gates).toMatchObject({
        release: { commit: RELEASE },
        state: 'fail',
        results: [{ name: 'tests', actual: 1, threshold: 0 }],
      });
    });

    it('refuse an environment that is not there', async () => {
      await start('');

      const { status, body } = await backend.get(
        `${SERVICE}/environments/moon/gates?commit=${RELEASE}`,
      );

      expect(status).toBe(404);
      expect(body.error.message).toContain('moon');
    });
  }
});
