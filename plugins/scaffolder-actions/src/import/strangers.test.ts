import { planPipeline } from '../generate';
import { importing, itemAt, workflowsIn } from './__testUtils__/importing';

function sample(name: string) {
  const files = workflowsIn('test/fixtures/workflows/samples');
  return importing(files.filter(({ file }) => file === name));
}

/** Disposition, keys and beginning of the message at a place. */
function fates(
  { report }: ReturnType<typeof sample>,
  pointers: readonly string[],
) {
  return pointers.map(pointer => {
    const { disposition, keys, message } = itemAt(report.items, pointer) ?? {};
    return [
      pointer,
      disposition,
      ...(keys ?? []),
      ...(message ? [message] : []),
    ];
  });
}

const said = expect.stringContaining;
const API = 'spec.services.shop-api';
const PRODUCTION = `${API}.environments.production`;

describe('an import of workflows that people wrote', () => {
  it('takes ECS apart', () => {
    const { spec } = sample('ecs.yml');
    const [service] = spec.services;

    expect(spec.pipeline).toEqual({
      workflow: 'ecs.yml',
      title: 'Deploy to Amazon ECS',
      branches: ['main', 'release/*'],
      runner: 'ubuntu-latest',
      aws: { deployRole: { variable: 'DEPLOY_ROLE' } },
    });
    expect(service).toMatchObject({
      key: 'shop-api',
      paths: ['src/**', 'Dockerfile'],
      test: {
        language: 'python',
        version: '3.12',
        requirements: ['requirements.txt', 'requirements-test.txt'],
        source: 'src',
        suites: { unit: 'tests/unit' },
        databases: [
          { type: 'postgresql', version: '16', variable: 'DATABASE_URL' },
        ],
        environment: { API_KEY: { secret: 'TEST_API_KEY' } },
      },
      image: { dockerfile: 'docker/Dockerfile' },
      gates: { coverage: { minimum: 85 } },
    });
    expect(service.environments[0]).toMatchObject({
      name: 'production',
      tier: 'production',
      url: 'https://shop.example.test',
      target: {
        type: 'ecs',
        region: 'eu-west-1',
        cluster: 'shops',
        service: 'shop-api',
        container: 'api',
      },
      deploy: { timeoutMinutes: 30 },
      jobs: [{ workflow: 'ecs.yml', job: 'deploy' }],
    });
  });

  it('accounts for ECS item by item', () => {
    expect(
      fates(sample('ecs.yml'), [
        '/env/AWS_REGION',
        '/env/ECR_REPOSITORY',
        '/on/workflow_dispatch/inputs/reason/required',
        '/concurrency/cancel-in-progress',
        '/jobs/test/services/postgres/image',
        '/jobs/test/services/postgres/env/POSTGRES_PASSWORD',
        '/jobs/test/services/queue/image',
        '/jobs/test/steps/1/with/cache',
        '/jobs/test/steps/2/run#0',
        '/jobs/test/steps/3/run#0',
        '/jobs/deploy/needs',
        '/jobs/deploy/if',
        '/jobs/deploy/steps/0/with/fetch-depth',
        '/jobs/deploy/steps/3/run#2',
        '/jobs/deploy/steps/4/with/task-definition',
        '/jobs/deploy/steps/5/with/cluster',
        '/jobs/deploy/steps/6/run#0',
      ]),
    ).toEqual([
      ['/env/AWS_REGION', 'imported', `${PRODUCTION}.target.region`],
      [
        '/env/ECR_REPOSITORY',
        'unsupported',
        said('nothing that was understood refers to'),
      ],
      [
        '/on/workflow_dispatch/inputs/reason/required',
        'unsupported',
        said('an input'),
      ],
      [
        '/concurrency/cancel-in-progress',
        'unsupported',
        said('never cancelled'),
      ],
      [
        '/jobs/test/services/postgres/image',
        'imported',
        `${API}.test.databases`,
      ],
      [
        '/jobs/test/services/postgres/env/POSTGRES_PASSWORD',
        'kept',
        said('without a password'),
      ],
      [
        '/jobs/test/services/queue/image',
        'unsupported',
        said('rabbitmq:3 beside the tests'),
      ],
      [
        '/jobs/test/steps/1/with/cache',
        'unsupported',
        said('keep no packages'),
      ],
      ['/jobs/test/steps/2/run#0', 'kept', said('install what they run with')],
      [
        '/jobs/test/steps/3/run#0',
        'imported',
        `${API}.test.directory`,
        `${API}.test.source`,
        `${API}.test.suites.unit`,
        `${API}.gates.coverage`,
        '--maxfail=1 is not taken over',
      ],
      ['/jobs/deploy/needs', 'kept', said('wait for those')],
      [
        '/jobs/deploy/if',
        'imported',
        'spec.environments[production].deploy.branches',
        said('what is generated asks besides'),
      ],
      [
        '/jobs/deploy/steps/0/with/fetch-depth',
        'unsupported',
        said('a setting of a step'),
      ],
      ['/jobs/deploy/steps/3/run#2', 'unsupported', said('a command')],
      [
        '/jobs/deploy/steps/4/with/task-definition',
        'unsupported',
        said('a task definition in the repository'),
      ],
      [
        '/jobs/deploy/steps/5/with/cluster',
        'imported',
        `${PRODUCTION}.target.cluster`,
      ],
      ['/jobs/deploy/steps/6/run#0', 'unsupported', said('a command')],
    ]);
  });

  it('says what is still missing before workflows can be generated', () => {
    const { report, spec } = sample('ecs.yml');
    const planned = planPipeline({ ...spec, repository: 'example-org/shop' });

    expect(planned).toHaveProperty('problems');
    expect(report.unknown).toContainEqual(
      expect.objectContaining({
        key: `${PRODUCTION}.target`,
        message: 'the target has no "taskDefinition"',
      }),
    );
  });

  it('takes Container Apps and their change detection apart', () => {
    const result = sample('container-app.yml');
    const [web, api] = result.spec.services;

    expect(result.spec.pipeline).toMatchObject({ pullRequests: true });
    expect(web).toMatchObject({
      key: 'web',
      paths: ['web/**'],
      sharedPaths: ['shared/**'],
      test: { language: 'typescript', version: '22' },
      image: { dockerfile: 'web/Dockerfile', context: 'web' },
      environments: [
        {
          target: {
            type: 'azure-container-app',
            name: 'shop-web',
            resourceGroup: 'shops',
            image: 'shops.azurecr.io/web',
            minReplicas: 1,
          },
          deploy: {
            environment: { GIT_SHA: { from: 'commit' }, MODE: 'production' },
          },
        },
      ],
    });
    expect(api.environments[0].target).toBeUndefined();
    expect(
      fates(result, [
        '/jobs/changes/steps/1/with/filters',
        '/jobs/deploy-web/steps/1/with/creds',
        '/jobs/deploy-web/steps/3/run#0',
        '/jobs/deploy-api/steps/1/with/containerAppName',
      ]),
    ).toEqual([
      [
        '/jobs/changes/steps/1/with/filters',
        'imported',
        'spec.services.web.paths',
        'spec.services.web.sharedPaths',
        'spec.services.api.paths',
        'spec.services.api.sharedPaths',
        said('no job that goes by the filters docs deploys a service'),
      ],
      [
        '/jobs/deploy-web/steps/1/with/creds',
        'unsupported',
        said('a key of the cloud'),
      ],
      [
        '/jobs/deploy-web/steps/3/run#0',
        'imported',
        ...['type', 'name', 'resourceGroup', 'minReplicas', 'image'].map(
          key => `spec.services.web.environments.production.target.${key}`,
        ),
        ...['GIT_SHA', 'MODE'].map(
          key =>
            `spec.services.web.environments.production.deploy.environment.${key}`,
        ),
        'the value of BUILT is only known when the workflow runs',
      ],
      [
        '/jobs/deploy-api/steps/1/with/containerAppName',
        'unsupported',
        said('of which name is not written down'),
      ],
    ]);
  });

  it('takes Kubernetes apart, leg by leg', () => {
    const result = sample('kubernetes.yml');
    const { environments, services } = result.spec;

    expect(environments.map(({ name, tier }) => [name, tier])).toEqual([
      ['staging', 'staging'],
      ['production', 'production'],
    ]);
    expect(
      services.map(({ key, environments: own }) => [
        key,
        own.map(({ target }) => target),
      ]),
    ).toEqual([
      [
        'web',
        ['staging', 'production'].map(environment => ({
          type: 'kubernetes',
          namespace: `shop-${environment}`,
          name: 'web',
          container: 'web',
        })),
      ],
      [
        'queue',
        ['staging', 'production'].map(environment => ({
          type: 'kubernetes',
          namespace: `shop-${environment}`,
          name: 'queue',
          workload: 'StatefulSet',
          container: 'queue',
        })),
      ],
    ]);
    expect(
      fates(result, [
        '/jobs/rollout/strategy/max-parallel',
        '/jobs/rollout/runs-on/0',
        '/jobs/rollout/container',
        '/jobs/rollout/steps/1/run#2',
      ]),
    ).toEqual([
      ['/jobs/rollout/strategy/max-parallel', 'unsupported', said('a matrix')],
      [
        '/jobs/rollout/runs-on/0',
        'unsupported',
        said('a machine that generated jobs'),
      ],
      [
        '/jobs/rollout/container',
        'unsupported',
        said('a container that the job runs in'),
      ],
      ['/jobs/rollout/steps/1/run#2', 'kept', said('wait until the rollout')],
    ]);
  });

  it('leaves what only a workflow reaches to the workflow', () => {
    const result = sample('ssh-compose.yml');
    const [service] = result.spec.services;

    expect(service.environments[0]).toMatchObject({
      name: 'production',
      target: { type: 'github-workflow', workflow: 'ssh-compose.yml' },
    });
    expect(
      fates(result, [
        '/jobs/build/uses',
        '/jobs/build/secrets',
        '/jobs/deploy-production/steps/0/with/host',
        '/jobs/deploy-production/steps/0/with/script',
      ]).map(([pointer, disposition]) => [pointer, disposition]),
    ).toEqual([
      ['/jobs/build/uses', 'unsupported'],
      ['/jobs/build/secrets', 'unsupported'],
      ['/jobs/deploy-production/steps/0/with/host', 'unsupported'],
      ['/jobs/deploy-production/steps/0/with/script', 'unsupported'],
    ]);
  });

  it.each(['docker-modem.yml', 'fast-uri.yml', 'reusify.yml'])(
    'makes a deploy.yaml of the tests of %s, with a guessed service',
    name => {
      const files = workflowsIn('test/fixtures/workflows/npm').filter(
        ({ file }) => file === name,
      );
      const { spec, report } = importing(files, {
        repository: 'example-org/library',
      });

      expect(spec.services.map(({ key }) => key)).toEqual(['library']);
      expect(report.guessed).toContainEqual(
        expect.objectContaining({
          key: 'spec.services.library.environments.production',
        }),
      );
      expect(
        report.items.filter(({ disposition }) => disposition === 'unsupported')
          .length,
      ).toBeGreaterThan(0);
    },
  );

  it.each([
    ["github.ref == 'refs/heads/main'", 'imported'],
    ["always() && needs.test.result == 'success'", 'unsupported'],
    ['${{ !cancelled() && success() }}', 'kept'],
    ['always()', 'unsupported'],
    ['failure()', 'unsupported'],
    ["always() && github.ref == 'refs/heads/main'", 'unsupported'],
    [
      "github.event_name == 'workflow_dispatch' || needs.test.result == 'success'",
      'unsupported',
    ],
  ])('says of the condition %s that it is %s', (condition, disposition) => {
    const files = workflowsIn('test/fixtures/workflows/samples')
      .filter(({ file }) => file === 'ecs.yml')
      .map(({ file, text }) => ({
        file,
        text: text.replace("github.ref == 'refs/heads/main'", condition),
      }));

    expect(
      itemAt(importing(files).report.items, '/jobs/deploy/if'),
    ).toMatchObject({ disposition });
  });
});
