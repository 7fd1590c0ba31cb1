import { findingsOf } from './testing';

function withTarget(target: string): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  environments: [{ name: production, tier: production }]
  services:
    x:
      environments:
        production:
          target: ${target}
`;
}

function withJobs(staging: string, production: string): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    x:
      environments:
        staging: { jobs: [{ workflow: a.yml, ${staging} }] }
        production: { jobs: [{ workflow: a.yml, ${production} }] }
`;
}

describe('targets', () => {
  it.each([
    '{ type: azure-container-app, connection: vvp, resourceGroup: VVP, name: a, image: registry.example.test/a, minReplicas: 1, maxReplicas: 3 }',
    '{ type: azure-vm, resourceGroup: VVP, name: a, release: { directory: /opt/a, unit: a.service, environmentFile: /etc/a.env, keep: 3 }, health: { udpPort: 5070 } }',
    '{ type: azure-vm, resourceGroup: VVP, name: a, configFile: { source: pbx/a.xml, path: /etc/a.xml, backupDirectory: /etc/backup, reload: freeswitch-xml } }',
    '{ type: kubernetes, connection: dev, namespace: a, name: a, strategy: canary, canary: { percent: 10, minutes: 5 } }',
    '{ type: kubernetes, namespace: a, name: a, workload: Deployment, strategy: canary }',
    '{ type: kubernetes, namespace: a, name: a, workload: StatefulSet }',
    '{ type: ecs, region: eu-central-1, cluster: a, service: a, strategy: blue-green }',
    '{ type: github-workflow, workflow: a.yml, inputs: { environment: production }, releaseInput: image_tag }',
  ])('take %s', target => {
    expect(findingsOf(withTarget(target))).toEqual([]);
  });

  it.each([
    [
      '{ type: azure-vm, resourceGroup: VVP, name: a }',
      'needs either "release" or "configFile"',
    ],
    [
      '{ type: azure-vm, resourceGroup: VVP, name: a, configFile: { source: ../a, path: /a/b, backupDirectory: /a/c } }',
      'leaves the repository',
    ],
    [
      '{ type: azure-container-app, resourceGroup: VVP, name: a, minReplicas: 3, maxReplicas: 1 }',
      'minReplicas is more than maxReplicas',
    ],
    [
      '{ type: azure-container-app, resourceGroup: VVP, name: a, image: "a:latest" }',
      '"image" does not have the right form',
    ],
    [
      '{ type: kubernetes, namespace: a, name: a, canary: { percent: 10, minutes: 5 } }',
      'without strategy: canary',
    ],
    [
      '{ type: kubernetes, namespace: a, name: a, workload: StatefulSet, strategy: canary }',
      'a StatefulSet cannot do a canary',
    ],
    [
      '{ type: kubernetes, namespace: a, name: a, workload: DaemonSet, strategy: canary, canary: { percent: 10 } }',
      'a DaemonSet cannot do a canary',
    ],
    [
      '{ type: ecs, region: Frankfurt, cluster: a, service: a }',
      '"region" does not have the right form',
    ],
    [
      '{ type: github-workflow, workflow: a.yml, inputs: { rollback: true } }',
      '"rollback" must be text, but is true or false. Put it in quotes: "true".',
    ],
  ])('refuse %s', (target, expected) => {
    expect(findingsOf(withTarget(target)).join('\n')).toContain(expected);
  });
});

describe('one job in two environments', () => {
  it.each([
    ['the same name', 'job: a', 'job: a'],
    ['a wildcard', 'job: deploy-*', 'job: deploy-a'],
    ['two wildcards', 'job: "*-a"', 'job: deploy-*'],
    ['a matrix on one side', 'job: a', 'job: a, matrix: { w: y }'],
    ['branches on one side', 'job: a, branches: [main]', 'job: a'],
    [
      'overlapping branches',
      'job: a, branches: ["release/**"]',
      'job: a, branches: ["release/1*"]',
    ],
    ['a wildcard for a matrix', 'job: a, matrix: { w: x }', 'job: "a (*)"'],
    [
      'values of different keys',
      'job: a, matrix: { w: x }',
      'job: a, matrix: { v: y }',
    ],
  ])('is refused for %s', (_, staging, production) => {
    expect(findingsOf(withJobs(staging, production)).join('\n')).toMatch(
      /deploy\.yaml:12:30 the job .* deploys to both "staging" and "production"\. Tell the two apart by branches or matrix\./,
    );
  });

  it.each([
    ['names', 'job: a', 'job: b'],
    ['wildcards', 'job: stage-*', 'job: deploy-*'],
    [
      'branches',
      'job: a, branches: [develop, "feature/**"]',
      'job: a, branches: [main]',
    ],
    [
      'depth of branches',
      'job: a, branches: ["feature/*"]',
      'job: a, branches: ["feature/*/*"]',
    ],
    ['matrix values', 'job: a, matrix: { w: x }', 'job: a, matrix: { w: y }'],
  ])('is told apart by %s', (_, staging, production) => {
    expect(findingsOf(withJobs(staging, production))).toEqual([]);
  });

  it('is told apart by workflow', () => {
    const text = withJobs('job: a', 'job: a').replace('a.yml', 'b.yml');

    expect(findingsOf(text)).toEqual([]);
  });

  it('may deploy two services', () => {
    const text = `${withJobs('job: a', 'job: b')}    y:
      environments:
        staging: { jobs: [{ workflow: a.yml, job: a }] }
`;

    expect(findingsOf(text)).toEqual([]);
  });
});
