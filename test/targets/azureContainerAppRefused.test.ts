import { TestDatabases } from '@backstage/backend-test-utils';
import azureModule from '@vvp/backstage-plugin-deploy-backend-module-azure';
import { component } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/entities';
import {
  workflowJob,
  workflowRun,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/github';
import {
  startDeployBackend,
  TestBackend,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/startDeployBackend';
import {
  containerAppCalls,
  ContainerAppHarness,
  SHA,
  startContainerApps,
} from './azureContainerAppHarness';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';
const SPEC = `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata:
  name: vvp
spec:
  environments:
    - { name: production, tier: production }
  services:
    issuer:
      entity: component:default/vvp-issuer
      environments:
        production:
          target: { type: azure-container-app, resourceGroup: VVP, name: vvp-issuer }
          jobs:
            - { workflow: deploy.yml, job: deploy-issuer }
`;

afterAll(() => containerAppCalls.write('azure-container-app-refused'));

describe.each(databases.eachSupportedId())('a portal on %s', databaseId => {
  let harness: ContainerAppHarness;
  let backend: TestBackend;

  beforeEach(async () => {
    harness = await startContainerApps({ mode: 'Multiple' });
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities: [
        component('vvp-issuer', {
          key: 'issuer',
          annotations: { 'deploy.vvp.io/spec': SPEC_URL },
        }),
      ],
      files: { [SPEC_URL]: SPEC },
      features: [azureModule],
      config: {
        deploy: {
          targets: {
            azure: { connections: [harness.azure.connectionConfig()] },
          },
        },
      },
    });
    const run = { id: 1, sha: SHA.current, start: 0 };
    await backend.deliver('workflow_run', workflowRun(run));
    await backend.deliver(
      'workflow_job',
      workflowJob({ ...run, id: 10, runId: 1, name: 'deploy-issuer' }),
    );
  });

  afterEach(async () => {
    await backend.stop();
    await harness.stop();
  });

  const asked = () => ({
    entityRef: 'component:default/vvp-issuer',
    environment: 'production',
    revision: harness.revisions.previous,
  });
  const rollBack = () =>
    backend.post('/rollbacks', {
      ...asked(),
      reason: 'It answers 500 to every second request',
      confirm: 'vvp-issuer',
    });

  it('refuses to go back to an image that is gone, before anything happens', async () => {
    harness.azure.registry!.store.delete('vvp-issuer', SHA.previous);

    const preview = await backend.post('/rollbacks/preview', asked());
    const refused = await rollBack();

    expect(preview.body).toMatchObject({
      artifact: { state: 'missing' },
      admission: {
        admitted: false,
        refusals: [
          { message: expect.stringContaining('no longer in its registry') },
        ],
      },
    });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.body.error.message).toContain('no longer in its registry');
    expect(await harness.changes()).toBe(0);
    expect(await harness.serving()).toBe(harness.revisions.current);
  });

  it('takes an image that is there, and one that nobody knows about', async () => {
    const present = await backend.post('/rollbacks/preview', asked());
    harness.azure.registry!.faults.denied = 'access';
    const unknown = await backend.post('/rollbacks/preview', asked());

    expect(present.body).toMatchObject({
      artifact: { state: 'present' },
      admission: { admitted: true },
    });
    expect(unknown.body).toMatchObject({
      artifact: {
        state: 'unknown',
        message: expect.stringContaining('AcrPull'),
      },
      admission: { admitted: true },
    });
  });
});
