import { TestDatabases } from '@backstage/backend-test-utils';
import { component } from './__testUtils__/entities';
import { SHA, workflowJob, workflowRun } from './__testUtils__/github';
import {
  startDeployBackend,
  TestBackend,
} from './__testUtils__/startDeployBackend';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const jobs = { 'deploy.vvp.io/jobs': 'production=deploy-verifier' };
const verifier = component('verifier', {
  annotations: { ...jobs, 'deploy.vvp.io/workflow': 'deploy.yml' },
});

function deploymentStatus(options: {
  id: number;
  state: string;
  environment?: string;
  sha?: string;
  time: string;
}): object {
  const { id, time, environment = 'preview-77' } = options;
  return {
    action: 'created',
    repository: { full_name: 'example-org/vvp' },
    deployment: {
      id,
      sha: options.sha ?? SHA,
      environment: 'preview-77',
      created_at: '2026-01-05T12:00:00Z',
      updated_at: time,
    },
    deployment_status: {
      id: `${id}${Date.parse(time)}`.slice(0, 19),
      state: options.state,
      environment,
      created_at: time,
    },
  };
}

describe.each(databases.eachSupportedId())(
  'unlucky and hostile events on %s',
  databaseId => {
    let backend: TestBackend;

    beforeEach(async () => {
      backend = await startDeployBackend({
        databases,
        databaseId,
        entities: [verifier],
      });
    });

    afterEach(() => backend.stop());

    async function overview() {
      const { body } = await backend.get(
        '/services/component/default/verifier',
      );
      return body.environments;
    }

    async function problemKinds(): Promise<string[]> {
      const { body } = await backend.get('/ingest/problems');
      return body.items.map((one: { kind: string }) => one.kind);
    }

    it.each([
      '+275760-09-12T00:00:00.000Z',
      '9999-12-31T00:00:00Z',
      '-000001-01-01T00:00:00Z',
      '7',
      'tomorrow',
    ])('refuses the time %s', async time => {
      const payload = workflowJob({ id: 1, runId: 1, name: 'deploy-verifier' });
      await backend.deliver('workflow_job', {
        ...payload,
        workflow_job: {
          ...('workflow_job' in payload && (payload.workflow_job as object)),
          completed_at: time,
        },
      });
      await backend.run('event-retry');

      expect(await problemKinds()).toEqual(['malformed-payload']);
      expect(await backend.knex('deployments')).toEqual([]);
    });

    it('forgets a guess when the run says that it is another workflow', async () => {
      const deliveries: [string, object][] = [
        [
          'workflow_job',
          workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' }),
        ],
        [
          'workflow_run',
          workflowRun({
            id: 100,
            workflow: 'Nightly',
            path: '.github/workflows/nightly.yml',
          }),
        ],
      ];
      for (const [event, payload] of deliveries) {
        await backend.deliver(event, payload);
      }

      expect(await backend.knex('deployments')).toEqual([]);
      expect((await overview())[0].currentDeployment).toBeUndefined();
    });

    it('leaves an environment empty whose last deployment was taken down', async () => {
      for (const [id, minute] of [
        [1, 10],
        [2, 20],
      ]) {
        await backend.deliver(
          'deployment_status',
          deploymentStatus({
            id,
            state: 'success',
            sha: String(id).repeat(40),
            time: `2026-01-05T12:${minute}:00Z`,
          }),
        );
      }
      const preview = async () =>
        (await overview()).find(
          (one: { name: string }) => one.name === 'preview-77',
        );
      expect(await backend.knex('ingest_problems')).toEqual([]);
      expect((await preview()).currentDeployment.release.commit).toBe(
        '2'.repeat(40),
      );

      await backend.deliver(
        'deployment_status',
        deploymentStatus({
          id: 2,
          state: 'inactive',
          sha: '2'.repeat(40),
          time: '2026-01-05T12:30:00Z',
        }),
      );

      expect((await preview()).currentDeployment).toBeUndefined();
      expect(await backend.knex('deployments').distinct('status')).toEqual([
        { status: 'superseded' },
      ]);
    });

    it('orders a deployment that never said when it finished', async () => {
      const older = workflowJob({ id: 1, runId: 1, name: 'deploy-verifier' });
      await backend.deliver('workflow_job', {
        ...older,
        workflow_job: {
          ...('workflow_job' in older && (older.workflow_job as object)),
          completed_at: null,
        },
      });
      await backend.deliver(
        'workflow_job',
        workflowJob({ id: 2, runId: 2, name: 'deploy-verifier', start: 30 }),
      );

      expect((await overview())[0].currentDeployment.source).toBe(
        'github:example-org/vvp:2:1:2',
      );
    });

    it('refuses an environment of 1,500 characters', async () => {
      await backend.deliver(
        'deployment_status',
        deploymentStatus({
          id: 1,
          state: 'success',
          environment: 'x'.repeat(1_500),
          time: '2026-01-05T12:10:00Z',
        }),
      );

      expect(await problemKinds()).toEqual(['malformed-payload']);
    });

    it('takes in good entities beside odd ones', async () => {
      const odd = component('odd', {
        repository: 'example-org/odd',
        key: 'k'.repeat(400),
      });
      odd.metadata.title = `${'t'.repeat(3_000)}\0`;
      backend.entities.push(
        odd,
        component('good', { repository: 'example-org/good' }),
      );

      await backend.run('catalog-sync');
      await backend.run('catalog-sync');

      const { body } = await backend.get('/services');
      expect(body.items).toHaveLength(3);
    });

    it('processes an event after a fault, however long it lasted', async () => {
      await backend.knex.schema.renameTable('traces', 'traces_away');
      await backend.deliver(
        'workflow_job',
        workflowJob({ id: 1, runId: 1, name: 'deploy-verifier' }),
      );
      for (let attempt = 0; attempt < 12; attempt++) {
        await backend.knex('events').update({ due_at: '2026-01-01' });
        await backend.run('event-retry');
      }
      expect(await problemKinds()).toEqual(['processing-failed']);

      await backend.knex.schema.renameTable('traces_away', 'traces');
      await backend.knex('events').update({ due_at: '2026-01-01' });
      await backend.run('event-retry');

      expect((await overview())[0].currentDeployment).toBeDefined();
    });

    it('tries a push again whose deploy.yaml could not be taken in', async () => {
      await backend.knex.schema.renameTable('specs', 'specs_away');
      backend.entities[0] = component('verifier', {
        annotations: jobs,
        location: 'https://files.example.test/vvp/catalog-info.yaml',
      });
      await backend.run('catalog-sync').catch(() => {});
      await backend.deliver('push', {
        repository: { full_name: 'example-org/vvp' },
        ref: 'refs/heads/main',
        after: SHA,
      });

      const [event] = await backend.knex('events');
      expect(event).toMatchObject({ topic: 'github.push', state: 'pending' });
      await backend.knex.schema.renameTable('specs_away', 'specs');
    });

    it.each([
      '/services?text=%00',
      '/services?owner=%00',
      '/services/component/default/%00',
      '/services/component/default/verifier/deployments?environment=%00',
      '/services/component/default/verifier/deployments?to=2016-12-31T23:59:60Z',
    ])('answers 400 to %s', async path => {
      expect((await backend.get(path)).status).toBe(400);
    });
  },
);

describe.each(databases.eachSupportedId())(
  'a stranger on %s who names the deploy.yaml of another repository',
  databaseId => {
    it('leaves the page of its services alone', async () => {
      const url = 'https://files.example.test/vvp/deploy.yaml';
      const spec = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  repository: example-org/vvp
  environments:
    - { name: production, tier: production }
  services:
    verifier:
      paths: [services/verifier/**]
      environments:
        production:
          jobs: [{ workflow: deploy.yml, job: deploy-verifier }]
`;
      const annotations = { 'deploy.vvp.io/spec': url };
      const backend = await startDeployBackend({
        databases,
        databaseId,
        entities: [
          component('verifier', { annotations }),
          component('stranger', { repository: 'zzz/repo', annotations }),
        ],
        files: { [url]: spec },
      });
      await backend.run('spec-refresh');

      const own = await backend.get('/services/component/default/verifier');
      const other = await backend.get('/services/component/default/stranger');
      await backend.stop();
      expect(own.body.specProblem).toBeUndefined();
      expect(own.body.environments).toHaveLength(1);
      expect(other.body.specProblem.message).toContain('zzz/repo');
    });
  },
);
