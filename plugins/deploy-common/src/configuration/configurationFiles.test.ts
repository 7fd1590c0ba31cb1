import { specOf } from '../spec/testing';
import {
  changedConfigurationFiles,
  configurationFiles,
} from './configurationFiles';

const spec = specOf(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  environments:
    - name: production
      tier: production
      deploy:
        kubernetes: { kubeconfig: { secret: KUBE }, manifests: [./k8s/00-namespace.yml, k8s//production] }
        compose:
          directory: app
          files: [docker-compose.yml, compose.production.yml]
          images: { IMAGE: site }
          host: host.example.test
          user: deploy
          key: { secret: KEY }
          knownHosts: { secret: HOSTS }
    - { name: spare, tier: production }
  pipeline: { workflow: ship.yml }
  services:
    app:
      environments:
        production:
          target: { type: azure-container-app, resourceGroup: VVP, name: app }
          workflows: { deploy: { workflow: force.yml }, smokeTest: { workflow: smoke.yml } }
          jobs: [{ workflow: build.yml, job: deploy-app }]
    pbx:
      environments:
        production:
          target:
            type: azure-vm
            resourceGroup: VVP
            name: pbx
            configFile: { source: pbx/public.xml, path: /etc/pbx/public.xml, backupDirectory: /etc/pbx/backup }
    workload:
      image: { dockerfile: Dockerfile, repository: ghcr.io/example-org/workload }
      environments:
        production: { target: { type: kubernetes, namespace: a, name: b } }
    site:
      image: { dockerfile: Dockerfile, repository: ghcr.io/example-org/site }
      environments:
        production: { target: { type: github-workflow, workflow: rollback.yml, releaseInput: commit } }
`);

const of = (key: string, environment = 'production') =>
  configurationFiles(
    { spec, service: spec.services.find(each => each.key === key)! },
    environment,
  );

describe('configurationFiles', () => {
  it.each([
    [
      'app',
      ['build.yml', 'force.yml', 'ship.yml'].map(
        file => `.github/workflows/${file}`,
      ),
    ],
    ['pbx', ['.github/workflows/ship.yml', 'pbx/public.xml']],
    [
      'workload',
      ['.github/workflows/ship.yml', 'k8s/00-namespace.yml', 'k8s/production'],
    ],
    [
      'site',
      [
        '.github/workflows/rollback.yml',
        '.github/workflows/ship.yml',
        'compose.production.yml',
        'docker-compose.yml',
      ],
    ],
  ])('of %s', (key, expected) => {
    expect(of(key)).toEqual(expected);
  });

  it('are none where the service does not run', () => {
    expect(of('app', 'spare')).toEqual([]);
  });
});

describe('changedConfigurationFiles', () => {
  it('names files, and those below directories', () => {
    expect(
      changedConfigurationFiles(
        [
          'k8s/production-old/a.yml',
          'k8s/production/b.yml',
          'k8s/production/a/configmap.yml',
          'k8s/production/b.yml',
          'docker-compose.yml.bak',
          'docker-compose.yml',
        ],
        ['docker-compose.yml', 'k8s/production'],
      ),
    ).toEqual(
      [
        'docker-compose.yml',
        'k8s/production/a/configmap.yml',
        'k8s/production/b.yml',
      ].map(path => ({ name: `file ${path}`, change: 'changed' })),
    );
  });

  it('takes the root for all of it, and shows no controls', () => {
    expect(changedConfigurationFiles(['a\u0007\u202eb.yml'], [''])).toEqual([
      { name: 'file a??b.yml', change: 'changed' },
    ]);
  });
});
