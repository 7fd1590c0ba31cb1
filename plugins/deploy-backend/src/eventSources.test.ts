import { createBackendModule } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import {
  DeployEventSource,
  deployEventSourcesExtensionPoint,
} from '@vvp/backstage-plugin-deploy-node';
import { component } from './__testUtils__/entities';
import { jobFact } from './__testUtils__/facts';
import { startDeployBackend } from './__testUtils__/startDeployBackend';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const source: DeployEventSource = {
  id: 'example-ci',
  topics: ['example-ci.job'],
  normalise: (_topic, payload) => {
    if (payload !== 'deployed') {
      throw new InputError('job: says nothing that is known');
    }
    const fact = jobFact({ jobId: '7' });
    return { type: 'facts', repository: fact.repository, facts: [fact] };
  },
};

function moduleWith(...sources: DeployEventSource[]) {
  return createBackendModule({
    pluginId: 'deploy',
    moduleId: 'example-ci',
    register(env) {
      env.registerInit({
        deps: { point: deployEventSourcesExtensionPoint },
        async init({ point }) {
          sources.forEach(one => point.addEventSource(one));
        },
      });
    },
  });
}

const start = (...sources: DeployEventSource[]) =>
  startDeployBackend({
    databases,
    databaseId: 'SQLITE_3',
    entities: [
      component('verifier', {
        annotations: { 'deploy.vvp.io/jobs': 'production=deploy-verifier' },
      }),
    ],
    features: [moduleWith(...sources)],
  });

describe('another source of events', () => {
  it('brings in deployments, and its bad input is listed', async () => {
    const backend = await start(source);

    await backend.publish('example-ci.job', 'deployed');
    await backend.publish('example-ci.job', 'what?');

    const { body } = await backend.get(
      '/services/component/default/verifier/deployments',
    );
    const problems = await backend.get('/ingest/problems');
    await backend.stop();
    expect(body.items).toHaveLength(1);
    expect(problems.body.items).toEqual([
      expect.objectContaining({
        kind: 'malformed-payload',
        subject: 'example-ci.job',
        message: 'job: says nothing that is known',
      }),
    ]);
  });

  it('cannot take the name of one that is there', async () => {
    await expect(start(source, source)).rejects.toThrow(
      /already is an event source "example-ci"/,
    );
  });
});
