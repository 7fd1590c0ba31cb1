import { specOf } from '../spec/testing';
import { compareConfiguration } from './compareConfiguration';
import { DescribedService } from './types';

interface Parts {
  /** In the service. */
  service?: string;
  /** In the service's production. */
  here?: string;
  target?: string;
  /** In the repository's production. */
  production?: string;
}

const app =
  '{ type: azure-container-app, resourceGroup: VVP, name: vvp-verifier, maxReplicas: 3 }';
const workload = '{ type: kubernetes, namespace: a, name: b }';
const workflow =
  '{ type: github-workflow, workflow: rollback.yml, releaseInput: commit }';

function described(parts: Parts): DescribedService {
  const { service = '', here = '', target = app, production = '' } = parts;
  const spec = specOf(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  pipeline: {}
  environments:
    - { name: staging, tier: staging }
    - name: production
      tier: production
      ${production}
  services:
    verifier:
      paths: [services/verifier/**]
      image: { dockerfile: Dockerfile, repository: ghcr.io/example-org/verifier }
      ${service}
      environments:
        staging: {}
        production:
          url: https://verifier.example.test
          target: ${target}
          ${here}
`);
  return { spec, service: spec.services[0] };
}

const compare = (before: Parts, after: Parts, environment = 'production') =>
  compareConfiguration(described(before), described(after), environment).map(
    ({ name, change }) => `${name} ${change}`,
  );

const compose = (text: string) =>
  `deploy: { compose: { directory: app, files: [compose.yml], images: { IMAGE: verifier }, host: host.example.test, user: { variable: DEPLOY_USER }, key: { secret: DEPLOY_KEY }, knownHosts: { secret: KNOWN_HOSTS }${text} } }`;

describe('compareConfiguration', () => {
  it.each<[string, Parts, Parts, string[]]>([
    [
      'a variable',
      { here: "deploy: { environment: { A: '1', B: '1', C: '1' } }" },
      { here: "deploy: { environment: { A: '1', B: '2', D: '1' } }" },
      ['env B changed', 'env C removed', 'env D added'],
    ],
    [
      'a variable that becomes a secret',
      { here: 'deploy: { environment: { KEY: open } }' },
      { here: 'deploy: { environment: { KEY: { secret: API_KEY } } }' },
      ['env KEY changed', 'secret reference API_KEY added'],
    ],
    [
      'another variable of GitHub',
      { here: 'deploy: { environment: { HOST: { variable: DB_HOST } } }' },
      { here: 'deploy: { environment: { HOST: { variable: DB_HOST_2 } } }' },
      [
        'env HOST changed',
        'variable reference DB_HOST removed',
        'variable reference DB_HOST_2 added',
      ],
    ],
    [
      'the scale',
      {},
      {
        target: app.replace('maxReplicas: 3', 'maxReplicas: 5, minReplicas: 1'),
      },
      ['maxReplicas changed', 'minReplicas added'],
    ],
    [
      'where it runs',
      {},
      { target: app.replace('name: vvp-verifier', 'name: vvp-verifier-2') },
      ['target name changed'],
    ],
    [
      'how it is known to be well',
      { here: 'verify: { path: /healthz }' },
      { here: 'verify: { path: /livez, statuses: [200, 202] }' },
      ['health path changed', 'health statuses added'],
    ],
    [
      'a canary',
      {
        target: app.replace(
          '}',
          ', strategy: canary, canary: { percent: 10 } }',
        ),
      },
      {
        target: app.replace(
          '}',
          ', strategy: canary, canary: { percent: 20 } }',
        ),
      },
      ['canary percent changed'],
    ],
    [
      'how it gets back, and where it tells its version',
      {},
      {
        here: 'rollback: { automatic: true }\n          version: { url: https://verifier.example.test/v, commit: $.sha }',
      },
      ['rollback automatic added', 'version commit added', 'version url added'],
    ],
    [
      'manifests, for a workload',
      {
        target: workload,
        production:
          'deploy: { kubernetes: { kubeconfig: { secret: KUBE }, manifests: [k8s/a] } }',
      },
      {
        target: workload,
        production:
          'deploy: { kubernetes: { kubeconfig: { secret: KUBE_2 }, manifests: [k8s/a, k8s/b] } }',
      },
      [
        'kubernetes kubeconfig changed',
        'kubernetes manifests changed',
        'secret reference KUBE removed',
        'secret reference KUBE_2 added',
      ],
    ],
    [
      'nothing of a platform that it is not on',
      { production: 'deploy: { branches: [main] }' },
      {
        production:
          'deploy: { branches: [main], kubernetes: { kubeconfig: { secret: KUBE } } }',
      },
      [],
    ],
    [
      'an environment file of docker compose',
      {
        target: workflow,
        production: compose(
          ", environmentFiles: { .env.docker: { A: '1', B: { secret: B } } }",
        ),
      },
      {
        target: workflow,
        production: compose(
          ", environmentFiles: { .env.docker: { A: '2' } }, healthSeconds: 60",
        ),
      },
      [
        'compose healthSeconds added',
        'env file .env.docker: A changed',
        'env file .env.docker: B removed',
        'secret reference B removed',
      ],
    ],
    [
      'an input of the workflow that deploys it',
      {
        target:
          '{ type: github-workflow, workflow: deploy.yml, inputs: { mode: a } }',
      },
      {
        target:
          '{ type: github-workflow, workflow: release.yml, inputs: { mode: b } }',
        here: "workflows: { deploy: { workflow: release.yml, inputs: { level: '1' } } }",
      },
      [
        'deploy workflow added',
        'deploy workflow input level added',
        'input mode changed',
        'target workflow changed',
      ],
    ],
    [
      'a rule: gates, of whichever place, and promotion',
      {
        service:
          'gates: { coverage: { coverage: lines, minimum: 79 }, smoke: { test: failed, maximum: 0 } }',
      },
      {
        service:
          'gates: { coverage: { coverage: lines, minimum: 50 }, smoke: { test: failed, maximum: 0 } }',
        here: 'gates: { smoke: false }\n          promotion: { soak: 1 hour, selfApproval: true }',
      },
      [
        'gate coverage changed',
        'gate smoke removed',
        'promotion selfApproval added',
        'promotion soak added',
      ],
    ],
    [
      'a setting of a platform of one’s own',
      { target: '{ type: custom, platform: nomad, settings: { count: 1 } }' },
      {
        target:
          '{ type: custom, platform: nomad, settings: { count: 2, region: x } }',
      },
      ['setting count changed', 'setting region added'],
    ],
  ])('names %s', (_case, before, after, expected) => {
    expect(compare(before, after)).toEqual(expected);
  });

  it.each<[string, Parts, Parts]>([
    [
      'keys',
      {
        here: "deploy: { environment: { A: '1', B: { secret: X } } }\n          verify: { path: /a, attempts: 2 }",
      },
      {
        here: "verify: { attempts: 2, path: /a }\n          deploy: { environment: { B: { secret: X }, A: '1' } }",
      },
    ],
    [
      'good answers',
      { here: 'verify: { statuses: [200, 204] }' },
      { here: 'verify: { statuses: [204, 200] }' },
    ],
    [
      'approvers and their rules',
      {
        here: 'promotion: { approvals: [{ from: [user:default/a, user:default/b] }, { required: 2 }] }',
      },
      {
        here: 'promotion: { approvals: [{ required: 2 }, { from: [user:default/b, user:default/a] }] }',
      },
    ],
    [
      'branches',
      { production: 'deploy: { branches: [main, dev] }' },
      { production: 'deploy: { branches: [dev, main] }' },
    ],
    [
      'gates',
      {
        service:
          'gates: { a: { test: failed, maximum: 0 }, b: { test: exists } }',
      },
      {
        service:
          'gates: { b: { test: exists }, a: { test: failed, maximum: 0 } }',
      },
    ],
  ])('takes another order of %s for none', (_case, before, after) => {
    expect(compare(before, after)).toEqual([]);
  });

  it('tells another order of compose files, which matters', () => {
    const files = (list: string) => ({
      target: workflow,
      production: compose('').replace('[compose.yml]', list),
    });

    expect(compare(files('[a.yml, b.yml]'), files('[b.yml, a.yml]'))).toEqual([
      'compose files changed',
    ]);
  });

  it('leaves out tests, jobs, paths, and other environments', () => {
    expect(
      compare(
        {},
        {
          service:
            "test: { language: python, version: '3.12' }\n      sharedPaths: [common/**]",
          here: 'jobs: [{ workflow: deploy.yml, job: deploy-verifier }]\n          workflows: { integrationTests: { workflow: tests.yml } }',
        },
      ),
    ).toEqual([]);
    expect(
      compare({}, { here: 'deploy: { environment: { A: b } }' }, 'staging'),
    ).toEqual([]);
  });

  it.each(['before', 'after'])('tells all where nothing stood %s', side => {
    const whole = described({ here: 'deploy: { environment: { A: b } }' });
    const sides: [DescribedService | undefined, DescribedService | undefined] =
      side === 'before' ? [undefined, whole] : [whole, undefined];

    const differences = compareConfiguration(...sides, 'production');

    expect(new Set(differences.map(({ change }) => change))).toEqual(
      new Set([side === 'before' ? 'added' : 'removed']),
    );
    expect(differences.map(({ name }) => name)).toEqual([
      'env A',
      'image dockerfile',
      'image repository',
      'maxReplicas',
      'target name',
      'target resourceGroup',
      'target type',
      'tier',
      'url',
    ]);
  });

  it('never tells a value, whatever a name is', () => {
    const hostile = (value: string) => ({
      target: `{ type: custom, platform: nomad, settings: { secret: ${value}-1 } }`,
      here: `workflows: { deploy: { workflow: force.yml, inputs: { secret: ${value}-3, "${'x'.repeat(
        400,
      )}": ${value}-4 } } }`,
    });

    const variable = (value: string) => ({
      here: `deploy: { environment: { secret: ${value}-2, from: { secret: NAME } } }`,
    });

    const told = [
      ...compare(hostile('hunter'), hostile('rabbit')),
      ...compare(variable('hunter'), variable('rabbit')),
    ];

    expect(told).toEqual([
      'deploy workflow input secret changed',
      expect.stringMatching(/^deploy workflow input x{178}… changed$/),
      'setting secret changed',
      'env secret changed',
    ]);
    expect(told.join()).not.toMatch(/hunter|rabbit/);
  });

  it('shows no controls and nothing that turns text round', () => {
    const { spec, service } = described({});
    const [staging, production] = service.environments;
    const strange: DescribedService = {
      spec,
      service: {
        ...service,
        environments: [
          staging,
          {
            ...production,
            deploy: { environment: { 'A\n\u202eB\u001b': 'x' } },
          },
        ],
      },
    };

    expect(
      compareConfiguration({ spec, service }, strange, 'production'),
    ).toEqual([{ name: 'env A??B?', change: 'added' }]);
  });
});
