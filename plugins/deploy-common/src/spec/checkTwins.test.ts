import { findingsOf } from './testing';

const app = (more = '') =>
  `{ type: azure-container-app, resourceGroup: VVP, name: issuer${more} }`;

/** Targets by service and environment, such as `a.production`. */
function withTargets(...targets: [place: string, target: string][]): string {
  const services = [...new Set(targets.map(([place]) => place.split('.')[0]))];
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
${services
  .map(
    service => `    ${service}:
      environments:
${targets
  .filter(([place]) => place.startsWith(`${service}.`))
  .map(
    ([place, target]) =>
      `        ${place.split('.')[1]}: { target: ${target} }\n`,
  )
  .join('')}`,
  )
  .join('')}`;
}

describe('two environments on one target', () => {
  it('are refused in one service, with both places and the remedy', () => {
    const text = withTargets(
      ['a.staging', app()],
      ['a.production', app(', minReplicas: 1')],
    );

    expect(findingsOf(text)).toEqual([
      'deploy.yaml:12:23 the environments "staging" of "a" and "production" of "a" have the same target. Give each a target of its own, or keep it in one of them: a lock there could be walked around by way of the other.',
    ]);
  });

  it.each([
    ['in two services', app(), app()],
    [
      'in other letters',
      app(),
      '{ type: azure-container-app, resourceGroup: vvp, name: Issuer }',
    ],
    ['with one connection', app(', connection: vvp'), app(', connection: vvp')],
    ['with a connection on one side', app(', connection: vvp'), app()],
    ['with a connection on the other side', app(), app(', connection: vvp')],
    [
      'with one unit on a machine',
      '{ type: azure-vm, resourceGroup: VVP, name: m, release: { directory: /opt/a, unit: a.service } }',
      '{ type: azure-vm, resourceGroup: VVP, name: m, release: { directory: /opt/b, unit: a.service } }',
    ],
    [
      'with one workflow and its inputs',
      '{ type: github-workflow, workflow: a.yml, inputs: { environment: production } }',
      '{ type: github-workflow, workflow: a.yml, inputs: { environment: production }, ref: main }',
    ],
  ])('are refused %s', (_, staging, production) => {
    const text = withTargets(
      ['a.staging', staging],
      ['b.production', production],
    );

    expect(findingsOf(text)).toEqual([
      expect.stringContaining(
        'the environments "staging" of "a" and "production" of "b" have the same target',
      ),
    ]);
  });

  it('are found behind others with other connections', () => {
    const text = withTargets(
      ['a.staging', app(', connection: one')],
      ['a.production', app(', connection: two')],
      ['b.production', app(', connection: two')],
    );

    expect(findingsOf(text)).toEqual([
      expect.stringContaining(
        'the environments "production" of "a" and "production" of "b"',
      ),
    ]);
  });

  it.each([
    [
      'with two connections',
      app(', connection: one'),
      app(', connection: two'),
    ],
    [
      'with two services on one machine',
      '{ type: azure-vm, resourceGroup: VVP, name: m, release: { directory: /opt/a, unit: a.service } }',
      '{ type: azure-vm, resourceGroup: VVP, name: m, release: { directory: /opt/b, unit: b.service } }',
    ],
    [
      'with other inputs of one workflow',
      '{ type: github-workflow, workflow: a.yml, inputs: { environment: staging } }',
      '{ type: github-workflow, workflow: a.yml, inputs: { environment: production } }',
    ],
  ])('are let %s', (_, staging, production) => {
    const text = withTargets(
      ['a.staging', staging],
      ['a.production', production],
    );

    expect(findingsOf(text)).toEqual([]);
  });
});

it.each(['cluster', 'service'])(
  'the %s of Amazon ECS is a name, for its ARN would look like another one',
  field => {
    const names = { cluster: 'a', service: 'a' };
    const target = { type: 'ecs', region: 'eu-central-1', ...names };
    const arn = `arn:aws:ecs:eu-central-1:123456789012:${field}/a`;
    const text = withTargets([
      'a.production',
      JSON.stringify({ ...target, [field]: arn }),
    ]);

    expect(findingsOf(text)).toEqual([
      expect.stringContaining(
        `"${field}" is no name of Amazon ECS. Write the name alone, not its ARN.`,
      ),
    ]);
  },
);
