import { TestDatabases } from '@backstage/backend-test-utils';
import { component } from '../__testUtils__/entities';
import { workflowJob } from '../__testUtils__/github';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const HOME = 'https://files.example.test/vvp/blob/main';

function spec(options: { extra?: string; job?: string } = {}): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata:
  name: vvp
spec:
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    verifier:
      paths: [services/verifier/**]
      environments:
        production:
          url: https://vvp-verifier.example.test
          jobs:
            - { workflow: deploy.yml, job: ${options.job ?? 'deploy-verifier'} }
${options.extra ?? ''}`;
}

const verifier = component('vvp-verifier', {
  key: 'verifier',
  location: `${HOME}/services/verifier/catalog-info.yaml`,
  annotations: { 'deploy.vvp.io/spec': '../../deploy.yaml' },
});

const push = (commit: string) => ({
  repository: { full_name: 'Example-Org/VVP' },
  ref: 'refs/heads/main',
  after: commit,
});

describe.each(databases.eachSupportedId())('deploy.yaml on %s', databaseId => {
  let backend: TestBackend;

  afterEach(() => backend.stop());

  async function start(content?: string) {
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities: [verifier],
      files: content === undefined ? {} : { [`${HOME}/deploy.yaml`]: content },
    });
  }

  async function service() {
    const { body } = await backend.get(
      '/services/component/default/vvp-verifier',
    );
    return body;
  }

  it('is found by the annotation, relative to the file of the entity', async () => {
    await start(spec());

    expect(await service()).toEqual({
      entityRef: 'component:default/vvp-verifier',
      repository: 'example-org/vvp',
      environments: [
        {
          name: 'production',
          tier: 'production',
          url: 'https://vvp-verifier.example.test',
          order: 0,
          enforced: false,
          inoperable: expect.stringContaining('Add "target"'),
        },
      ],
    });
  });

  it('may be missing', async () => {
    await start();

    const { specProblem, environments } = await service();
    expect(specProblem).toBeUndefined();
    expect(environments).toEqual([]);
  });

  it.each([
    [
      'an unknown key',
      spec({ extra: '  colour: red\n' }),
      /deploy\.yaml:\d+:\d+ .*colour/,
    ],
    [
      'two services of one key',
      spec({ extra: '    verifier:\n      paths: [other/**]\n' }),
      /deploy\.yaml:\d+:\d+ .*verifier/,
    ],
    [
      '10 MB',
      `${spec()}# ${'x'.repeat(10_000_000)}`,
      /larger than 1048576 bytes/,
    ],
    [
      'exploding anchors',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, index) => {
        const [name, former] = [
          String.fromCharCode(98 + index),
          String.fromCharCode(97 + index),
        ];
        return `${name}: &${name} [${`*${former},`.repeat(9)}]`;
      }).join('\n')}`,
      /deploy\.yaml:\d+:\d+ /,
    ],
    [
      'another repository',
      spec().replace('spec:\n', 'spec:\n  repository: someone/else\n'),
      /someone\/else/,
    ],
    [
      'no service of this key',
      spec().replace('    verifier:', '    checker:'),
      /there is no service "verifier"/,
    ],
  ])(
    'that has %s leaves the last good one in use and is shown',
    async (_case, broken, message) => {
      await start(spec());
      backend.files.set(`${HOME}/deploy.yaml`, broken);

      await backend.deliver('push', push('f'.repeat(40)));

      const { specProblem } = await service();
      expect(specProblem).toMatchObject({
        message: expect.stringMatching(message),
        url: `${HOME}/deploy.yaml`,
        since: expect.stringMatching(/^\d{4}-/),
      });
      const { body } = await backend.get('/ingest/problems');
      expect(body.items).toEqual([
        expect.objectContaining({
          kind: 'invalid-spec',
          subject: 'component:default/vvp-verifier',
        }),
      ]);

      backend.files.set(`${HOME}/deploy.yaml`, spec());
      await backend.run('spec-refresh');
      expect((await service()).specProblem).toBeUndefined();
      expect((await service()).environments).toHaveLength(1);
      const after = await backend.get('/ingest/problems');
      expect(after.body.items).toEqual([]);
    },
  );

  it('keeps mapping by the last good one while it is broken', async () => {
    await start(spec());
    backend.files.set(`${HOME}/deploy.yaml`, 'kind: Nonsense');
    await backend.run('spec-refresh');

    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' }),
    );

    const { environments } = await service();
    expect(environments[0].currentDeployment).toBeDefined();
  });

  it('may not speak for an entity of another repository', async () => {
    await start(spec());
    backend.entities.push(
      component('stranger', { repository: 'someone/else' }),
    );
    await backend.run('catalog-sync');
    backend.files.set(
      `${HOME}/deploy.yaml`,
      spec({
        extra: `    stranger:
      entity: component:default/stranger
      paths: [stranger/**]
      environments:
        production:
          jobs: [{ workflow: deploy.yml, job: deploy-stranger }]
`,
      }),
    );

    await backend.run('spec-refresh');

    expect((await service()).specProblem.message).toContain('someone/else');
  });

  it('takes in past runs when a job is mapped later', async () => {
    await start(spec({ job: 'not-this-one' }));
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' }),
    );
    expect((await service()).environments[0].currentDeployment).toBeUndefined();

    backend.files.set(`${HOME}/deploy.yaml`, spec());
    await backend.deliver('push', push('f'.repeat(40)));

    expect((await service()).environments[0].currentDeployment.source).toBe(
      'github:example-org/vvp:100:1:1',
    );
  });

  it('keeps the history of a job that is renamed in it', async () => {
    await start(spec());
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' }),
    );

    backend.files.set(`${HOME}/deploy.yaml`, spec({ job: 'ship-verifier' }));
    await backend.deliver('push', push('f'.repeat(40)));
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 2, runId: 101, name: 'ship-verifier', start: 20 }),
    );

    const { body } = await backend.get(
      '/services/component/default/vvp-verifier/deployments',
    );
    expect(
      body.items.map((one: { jobName: string; status: string }) => [
        one.jobName,
        one.status,
      ]),
    ).toEqual([
      ['ship-verifier', 'succeeded'],
      ['deploy-verifier', 'superseded'],
    ]);
  });

  it('drops a declared environment without history, and keeps one with', async () => {
    await start(
      spec({
        extra: `        staging:
          jobs: [{ workflow: deploy.yml, job: deploy-staging }]
`,
      }),
    );
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 1, runId: 100, name: 'deploy-verifier' }),
    );
    const namesOf = async () =>
      (await service()).environments.map((one: { name: string }) => one.name);
    expect(await namesOf()).toEqual(['staging', 'production']);

    backend.files.set(
      `${HOME}/deploy.yaml`,
      spec()
        .replace('name: production', 'name: live')
        .replace('        production:', '        live:'),
    );
    await backend.run('spec-refresh');

    expect(await namesOf()).toEqual(['live', 'production']);
  });
});
