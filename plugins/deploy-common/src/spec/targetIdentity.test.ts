import { drivenTargets, mayBeSameTarget } from './targetIdentity';
import { TargetSpec } from './types';

const app: TargetSpec = {
  type: 'azure-container-app',
  resourceGroup: 'VVP',
  name: 'vvp-issuer',
};

const machine = (
  directory: string,
  unit: string,
  part: { name?: string } = {},
): TargetSpec => ({
  type: 'azure-vm',
  resourceGroup: 'VVP',
  name: 'vvp-pbx',
  ...part,
  release: { directory, unit },
});

const file = (path: string): TargetSpec => ({
  type: 'azure-vm',
  resourceGroup: 'VVP',
  name: 'vvp-pbx',
  configFile: { source: 'pbx/a.xml', path, backupDirectory: '/etc/backup' },
});

const workload: TargetSpec = { type: 'kubernetes', namespace: 'a', name: 'b' };

const ecs: TargetSpec = {
  type: 'ecs',
  region: 'eu-central-1',
  cluster: 'broker',
  service: 'broker-api',
};

const workflow = (inputs?: Record<string, string>): TargetSpec => ({
  type: 'github-workflow',
  workflow: 'deploy.yml',
  ...(inputs && { inputs }),
});

const custom = (settings: Record<string, string | number>): TargetSpec => ({
  type: 'custom',
  platform: 'nomad',
  settings,
});

describe('mayBeSameTarget', () => {
  it.each<[string, TargetSpec, TargetSpec]>([
    [
      'a Container App in other letters, with other settings',
      app,
      {
        ...app,
        resourceGroup: 'vvp',
        name: 'VVP-Issuer',
        connection: 'other',
        container: 'api',
        image: 'registry.example.test/issuer',
        minReplicas: 2,
      },
    ],
    [
      'a directory with another unit',
      machine('/opt/a', 'a.service'),
      machine('/opt/a', 'b.service', { name: 'VVP-PBX' }),
    ],
    [
      'a unit with another directory',
      machine('/opt/a', 'a.service'),
      machine('/opt/b', 'a.service'),
    ],
    [
      'a directory by a detour',
      machine('/opt/a', 'a.service'),
      machine('/opt/./x/..//a', 'b.service'),
    ],
    ['a file by a detour', file('/etc/a.xml'), file('/../etc//a.xml')],
    [
      'a workload with another strategy, of the kind that is the default',
      workload,
      { ...workload, workload: 'Deployment', strategy: 'canary' },
    ],
    [
      'an ECS service with another task definition',
      ecs,
      { ...ecs, taskDefinition: 'x', strategy: 'blue-green' },
    ],
    [
      'a workflow with the same inputs in another order, on another ref',
      workflow({ environment: 'production', service: 'a' }),
      {
        ...workflow({ Service: 'a', environment: 'Production' }),
        ref: 'v1',
        releaseInput: 'commit',
      } as TargetSpec,
    ],
    ['a workflow without inputs', workflow(), workflow({})],
    [
      'a workflow with one more input',
      workflow({ environment: 'production' }),
      workflow({ environment: 'production', verbose: 'true' }),
    ],
    [
      'a workflow with an input that is empty on one side',
      workflow({ environment: '' }),
      workflow({ environment: 'production' }),
    ],
    [
      'a workflow with spaces about a value',
      workflow({ environment: ' production' }),
      workflow({ environment: 'production' }),
    ],
    [
      'a workflow with other inputs that nobody else names',
      workflow({ environment: 'production', verbose: 'true' }),
      workflow({ environment: 'production', debug: 'true' }),
    ],
    [
      'a custom target with one more setting',
      custom({ job: 'a' }),
      custom({ job: 'a', note: 'x' }),
    ],
    [
      'a custom target by another connection',
      custom({ job: 'a' }),
      { ...custom({ job: 'a' }), connection: 'b' } as TargetSpec,
    ],
    [
      'a custom target with settings in another order',
      custom({ job: 'a', count: 1 }),
      custom({ count: 1, job: 'a' }),
    ],
  ])('takes for one %s', (_, left, right) => {
    expect(mayBeSameTarget(left, right)).toBe(true);
    expect(mayBeSameTarget(right, left)).toBe(true);
  });

  it.each<[string, TargetSpec, TargetSpec]>([
    ['two Container Apps', app, { ...app, name: 'vvp-verifier' }],
    ['two resource groups', app, { ...app, resourceGroup: 'VVP2' }],
    [
      'names that only look the same in a row',
      { ...app, resourceGroup: 'a', name: 'b","c' },
      { ...app, resourceGroup: 'a","b', name: 'c' },
    ],
    [
      'two services on one machine',
      machine('/opt/a', 'a.service'),
      machine('/opt/b', 'b.service'),
    ],
    [
      'one directory on two machines',
      machine('/opt/a', 'a.service'),
      machine('/opt/a', 'a.service', { name: 'vvp-pbx2' }),
    ],
    [
      'directories in other letters: the machine tells them apart',
      machine('/opt/a', 'a.service'),
      machine('/opt/A', 'A.service'),
    ],
    [
      'releases and a file on one machine',
      machine('/opt/a', 'a.service'),
      file('/opt/a.service'),
    ],
    ['two kinds', workload, { ...workload, workload: 'StatefulSet' }],
    ['two namespaces', workload, { ...workload, namespace: 'c' }],
    ['two regions', ecs, { ...ecs, region: 'eu-west-1' }],
    ['two clusters', ecs, { ...ecs, cluster: 'other' }],
    [
      'one workflow with other inputs',
      workflow({ environment: 'production' }),
      workflow({ environment: 'staging' }),
    ],
    [
      'two workflows',
      workflow(),
      { type: 'github-workflow', workflow: 'other.yml' },
    ],
    ['other settings', custom({ job: 'a' }), custom({ job: 'b' })],
    ['a number and its text', custom({ job: '1' }), custom({ job: 1 })],
    [
      'two platforms',
      custom({ job: 'a' }),
      { ...custom({ job: 'a' }), platform: 'other' } as TargetSpec,
    ],
  ])('tells apart %s', (_, left, right) => {
    expect(mayBeSameTarget(left, right)).toBe(false);
    expect(mayBeSameTarget(right, left)).toBe(false);
  });
});

describe('drivenTargets', () => {
  it('takes the workflows that are started for targets, and tells tests from what deploys', () => {
    const call = { workflow: 'deploy.yml', ref: 'main', releaseInput: 'sha' };

    const driven = drivenTargets({
      target: app,
      workflows: {
        smokeTest: { workflow: 'smoke.yml' },
        deploy: { ...call, inputs: { environment: 'production' } },
        integrationTests: { workflow: 'tests.yml', timeoutMinutes: 5 },
      },
    });

    expect(driven).toEqual([
      { path: ['target'], target: app, deploys: true },
      {
        path: ['workflows', 'deploy'],
        target: workflow({ environment: 'production' }),
        deploys: true,
      },
      {
        path: ['workflows', 'integrationTests'],
        target: { type: 'github-workflow', workflow: 'tests.yml' },
        deploys: false,
      },
      {
        path: ['workflows', 'smokeTest'],
        target: { type: 'github-workflow', workflow: 'smoke.yml' },
        deploys: false,
      },
    ]);
  });

  it('finds nothing where nothing is driven', () => {
    expect(drivenTargets({})).toEqual([]);
  });
});
