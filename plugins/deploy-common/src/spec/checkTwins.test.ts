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

describe('a workflow that two may start', () => {
  const call = (inputs = '{ environment: production }') =>
    `{ workflow: deploy.yml, inputs: ${inputs}, releaseInput: sha }`;
  const target = (inputs: string) =>
    `{ type: github-workflow, workflow: deploy.yml, inputs: ${inputs} }`;

  /** Environments by place, such as `a.production`, with what is in their braces. */
  const withParts = (...parts: [place: string, part: string][]) =>
    parts.reduce(
      (text, [place, part]) => text.replace(`target: at ${place}`, part),
      withTargets(
        ...parts.map(([place]): [string, string] => [place, `at ${place}`]),
      ),
    );

  it('is refused in two environments of one service, with place and remedy', () => {
    const text = withParts(
      ['a.staging', `workflows: { deploy: ${call()} }`],
      ['a.production', `workflows: { deploy: ${call()} }`],
    );

    expect(findingsOf(text)).toEqual([
      'deploy.yaml:12:36 the environments "staging" of "a" and "production" of "a" may be deployed to by the same run of a workflow. Give each a workflow or inputs of its own, or keep it in one of them: a lock there could be walked around by way of the other. Only an input that both name, with different values, tells them apart.',
    ]);
  });

  it.each([
    [
      'of two services',
      'b.production',
      `workflows: { deploy: ${call()} }`,
      'may be deployed to by the same run',
    ],
    [
      'with one more input',
      'b.production',
      `workflows: { deploy: ${call('{ environment: production, x: y }')} }`,
      'may be deployed to by the same run',
    ],
    [
      'that is a target elsewhere',
      'b.production',
      `target: ${target('{ environment: production }')}`,
      'may be deployed to by the same run',
    ],
    [
      'that is called a test',
      'a.production',
      `workflows: { integrationTests: ${call()} }`,
      '"workflows.integrationTests" in "production" of "a" may start what deploys to "staging" of "a"',
    ],
    [
      'that is called a smoke test',
      'b.production',
      `workflows: { smokeTest: ${call('{}')} }`,
      '"workflows.smokeTest" in "production" of "b" may start what deploys to "staging" of "a"',
    ],
  ])('is refused, one %s', (_, place, part, message) => {
    const text = withParts(
      ['a.staging', `workflows: { deploy: ${call()} }`],
      [place, part],
    );

    expect(findingsOf(text)).toEqual([expect.stringContaining(message)]);
  });

  it('is refused as both in one environment', () => {
    const text = withParts([
      'a.production',
      `workflows: { integrationTests: ${call()}, deploy: ${call()} }`,
    ]);

    expect(findingsOf(text)).toEqual([
      expect.stringContaining(
        '"workflows.integrationTests" in "production" of "a" may start what deploys to "production" of "a"',
      ),
    ]);
  });

  it.each<[string, [string, string][]]>([
    [
      'with other inputs',
      [
        [
          'a.staging',
          `workflows: { deploy: ${call('{ environment: staging }')} }`,
        ],
        ['a.production', `workflows: { deploy: ${call()} }`],
      ],
    ],
    [
      'as target and as what deploys in one environment',
      [
        [
          'a.production',
          `target: ${target(
            '{ environment: production }',
          )}, workflows: { deploy: ${call()} }`,
        ],
      ],
    ],
    [
      'as tests in two environments and services',
      [
        ['a.staging', `workflows: { integrationTests: ${call()} }`],
        ['a.production', `workflows: { integrationTests: ${call()} }`],
        ['b.production', `workflows: { smokeTest: ${call()} }`],
      ],
    ],
  ])('is let, one %s', (_, parts) => {
    expect(findingsOf(withParts(...parts))).toEqual([]);
  });
});

describe('two custom targets', () => {
  const custom = (more = '') =>
    `{ type: custom, platform: nomad, settings: { job: a${more} } }`;

  it('with one more setting are refused', () => {
    const text = withTargets(
      ['a.staging', custom()],
      ['a.production', custom(', note: x')],
    );

    expect(findingsOf(text)).toEqual([
      expect.stringContaining(
        'Only a setting that both name, with different values, tells them apart.',
      ),
    ]);
  });

  it('with other connections are let', () => {
    const text = withTargets(
      ['a.staging', custom().replace('}', '}, connection: b')],
      ['a.production', custom()],
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
