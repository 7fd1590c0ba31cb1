import { TestDatabases } from '@backstage/backend-test-utils';
import { component } from './__testUtils__/entities';
import { minute, workflowJob, workflowRun } from './__testUtils__/github';
import { oneDatabase } from './__testUtils__/oneDatabase';
import {
  startDeployBackend,
  TestBackend,
} from './__testUtils__/startDeployBackend';
import { waitFor } from './__testUtils__/waitFor';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const SPEC_URL = 'https://files.example.test/vvp/deploy.yaml';

const witness = (key: string) => `
    witness-${key}:
      paths: [services/witness/**]
      environments:
        production:
          jobs:
            - { workflow: deploy.yml, job: deploy-witnesses, matrix: { witness: ${key} } }`;

const SPEC = `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata:
  name: vvp
spec:
  environments:
    - name: production
      tier: production
  services:
    verifier:
      paths: [services/verifier/**]
      sharedPaths: [common/**]
      environments:
        production:
          url: https://vvp-verifier.example.test
          jobs:
            - { workflow: deploy.yml, job: deploy-verifier }
    issuer:
      paths: [services/issuer/**]
      environments:
        production:
          jobs:
            - { workflow: deploy.yml, job: deploy-issuer }
            - { workflow: cd.yml, job: deploy-issuer, commit: triggering-run }
${['wan', 'wil', 'wes'].map(witness).join('')}
`;

const keys = [
  'verifier',
  'issuer',
  'witness-wan',
  'witness-wil',
  'witness-wes',
];

const entities = keys.map(key =>
  component(`vvp-${key}`, {
    key,
    annotations: { 'deploy.vvp.io/spec': SPEC_URL },
  }),
);

describe.each(oneDatabase(databases))('pipelines on %s', databaseId => {
  let backend: TestBackend;

  beforeEach(async () => {
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities,
      files: { [SPEC_URL]: SPEC },
    });
  });

  afterEach(() => backend.stop());

  async function deploymentsOf(key: string) {
    const { body } = await backend.get(
      `/services/component/default/vvp-${key}/deployments`,
    );
    return body.items;
  }

  it('gives a deployment to the service that changed, and none to the others', async () => {
    const skipped = [
      'deploy-issuer',
      'deploy-witnesses',
      'deploy-sip-redirect',
      'deploy-sip-verify',
    ];
    await backend.deliver('workflow_run', workflowRun({ id: 100 }));
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' }),
    );
    for (const [index, name] of skipped.entries()) {
      const job = { id: 10 + index, runId: 100, name };
      await backend.deliver(
        'workflow_job',
        workflowJob({ ...job, status: 'queued' }),
      );
      await backend.deliver(
        'workflow_job',
        workflowJob({ ...job, conclusion: 'skipped' }),
      );
    }

    expect(await deploymentsOf('verifier')).toEqual([
      expect.objectContaining({
        source: 'github:example-org/vvp:100:1:1',
        status: 'succeeded',
        environment: 'production',
        title: 'fix: verify faster',
        actor: 'dana',
        durationSeconds: 120,
        run: expect.objectContaining({ runId: '100', event: 'push' }),
      }),
    ]);
    for (const key of keys.slice(1)) {
      expect(await deploymentsOf(key)).toEqual([]);
    }
    const { body } = await backend.get(
      '/services/component/default/vvp-verifier',
    );
    expect(body.environments).toEqual([
      expect.objectContaining({
        name: 'production',
        tier: 'production',
        url: 'https://vvp-verifier.example.test',
        enforced: false,
        currentDeployment: expect.objectContaining({ status: 'succeeded' }),
      }),
    ]);
  });

  it('gives the jobs of a matrix to the service that each is for', async () => {
    await backend.deliver('workflow_run', workflowRun({ id: 100 }));
    for (const [index, value] of ['wan', 'wil', 'wes'].entries()) {
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: index + 1,
          runId: 100,
          name: `deploy-witnesses (${value}, vvp-witness${index + 1})`,
          conclusion: value === 'wil' ? 'failure' : 'success',
        }),
      );
    }

    expect((await deploymentsOf('witness-wan'))[0].status).toBe('succeeded');
    expect((await deploymentsOf('witness-wil'))[0].status).toBe('failed');
    expect((await deploymentsOf('witness-wes'))[0].status).toBe('succeeded');
  });

  it('needs nothing but job events', async () => {
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' }),
    );

    expect((await deploymentsOf('verifier'))[0]).toMatchObject({
      status: 'succeeded',
      run: { runId: '100', attempt: 1 },
    });
  });

  it('shows a re-run beside the first attempt, and what replaced what', async () => {
    for (const attempt of [1, 2]) {
      await backend.deliver(
        'workflow_run',
        workflowRun({ id: 100, attempt, end: attempt * 10 }),
      );
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: attempt,
          runId: 100,
          attempt,
          name: 'deploy-verifier',
          start: attempt * 10,
        }),
      );
    }

    const deployments = await deploymentsOf('verifier');
    expect(
      deployments.map((one: { source: string; status: string }) => [
        one.source,
        one.status,
      ]),
    ).toEqual([
      ['github:example-org/vvp:100:2:2', 'succeeded'],
      ['github:example-org/vvp:100:1:1', 'superseded'],
    ]);
  });

  it.each([
    ['in order', false],
    ['the other way round', true],
  ])(
    'keeps the chain of a run that another run started, events %s',
    async (_order, reversed) => {
      const ciCommit = 'c'.repeat(40);
      const deliveries: [string, object][] = [
        [
          'workflow_run',
          workflowRun({
            id: 200,
            workflow: 'CI',
            path: '.github/workflows/ci.yml',
            sha: ciCommit,
            start: 0,
            end: 5,
          }),
        ],
        [
          'workflow_run',
          workflowRun({
            id: 201,
            workflow: 'CD',
            path: '.github/workflows/cd.yml',
            event: 'workflow_run',
            start: 6,
          }),
        ],
        [
          'workflow_job',
          workflowJob({ id: 9, runId: 201, name: 'deploy-issuer', start: 7 }),
        ],
      ];
      for (const [event, payload] of reversed
        ? deliveries.reverse()
        : deliveries) {
        await backend.deliver(event, payload);
      }

      expect(await deploymentsOf('issuer')).toEqual([
        expect.objectContaining({
          release: expect.objectContaining({ commit: ciCommit }),
          run: expect.objectContaining({ runId: '201', workflowName: 'CD' }),
          chain: [
            expect.objectContaining({ runId: '200', workflowName: 'CI' }),
          ],
        }),
      ]);
    },
  );

  it('shows what is in flight or failed beside what runs', async () => {
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' }),
    );
    await backend.deliver(
      'workflow_job',
      workflowJob({
        id: 2,
        runId: 101,
        name: 'deploy-verifier',
        start: 30,
        conclusion: 'failure',
        sha: 'd'.repeat(40),
      }),
    );

    const { body } = await backend.get(
      '/services/component/default/vvp-verifier',
    );
    expect(body.environments[0]).toMatchObject({
      currentDeployment: { status: 'succeeded', finishedAt: minute(3) },
      latestDeployment: { status: 'failed', createdAt: minute(30) },
    });
  });

  it.each(['production', 'production-verifier'])(
    'knows a pipeline that asks before it enters %s, until it asks no more',
    async environment => {
      const enforced = async () => {
        const { body } = await backend.get(
          '/services/component/default/vvp-verifier',
        );
        return body.environments[0].enforced;
      };
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: 1,
          runId: 100,
          name: 'deploy-verifier',
          status: 'waiting',
        }),
      );
      expect(await enforced()).toBe(false);

      await backend.deliver('deployment_protection_rule', {
        action: 'requested',
        environment,
        event: 'push',
        deployment_callback_url:
          'https://api.github.example.test/repos/example-org/vvp/actions/runs/100/deployment_protection_rule',
        repository: { full_name: 'example-org/vvp' },
      });
      expect(await enforced()).toBe(true);

      const next = { id: 2, runId: 101, name: 'deploy-verifier', start: 20 };
      await backend.deliver(
        'workflow_job',
        workflowJob({ ...next, status: 'queued' }),
      );
      expect(await enforced()).toBe(true);
      await backend.deliver('workflow_job', workflowJob(next));
      expect(await enforced()).toBe(false);
    },
  );

  it('tells open pages of a burst of changes once, without what they are', async () => {
    for (const status of ['queued', 'in_progress', 'completed']) {
      await backend.deliver(
        'workflow_job',
        workflowJob({ id: 1, runId: 100, name: 'deploy-verifier', status }),
      );
    }

    const entityRef = 'component:default/vvp-verifier';
    await waitFor(() =>
      backend.signals.some(({ channel }) => channel === `deploy:${entityRef}`),
    );
    const own = backend.signals.filter(
      ({ channel }) => channel === `deploy:${entityRef}`,
    );
    expect(own.at(-1)?.message).toEqual({ entityRef });
    expect(own.length).toBeLessThan(5);
    expect(
      backend.signals.find(({ channel }) => channel === 'deploy')?.message,
    ).toEqual({});
  });

  it('folds the same deliveries to the same rows in any order', async () => {
    const deliveries: [string, object][] = [
      ['workflow_run', workflowRun({ id: 100 })],
      ...(['queued', 'in_progress', 'completed'] as const).flatMap(
        (status): [string, object][] => [
          [
            'workflow_job',
            workflowJob({ id: 1, runId: 100, name: 'deploy-verifier', status }),
          ],
          [
            'workflow_job',
            workflowJob({
              id: 2,
              runId: 101,
              name: 'deploy-verifier',
              start: 40,
              status,
            }),
          ],
        ],
      ),
    ];
    for (const [event, payload] of deliveries) {
      await backend.deliver(event, payload);
    }
    const inOrder = withoutIds(await deploymentsOf('verifier'));

    const other = await startDeployBackend({
      databases,
      databaseId,
      entities,
      files: { [SPEC_URL]: SPEC },
    });
    for (const [event, payload] of [...deliveries, ...deliveries].reverse()) {
      await other.deliver(event, payload);
    }
    const { body } = await other.get(
      '/services/component/default/vvp-verifier/deployments',
    );
    await other.stop();

    expect(inOrder).toHaveLength(2);
    expect(withoutIds(body.items)).toEqual(inOrder);
  });
});

function withoutIds(deployments: { release: { commit: string } }[]): object[] {
  return deployments.map(deployment => ({
    ...deployment,
    id: undefined,
    release: deployment.release.commit,
  }));
}
