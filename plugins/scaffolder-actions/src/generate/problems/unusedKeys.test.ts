import { SHOP, specOf } from '../__testUtils__/generating';
import { unusedKeys } from './unusedKeys';

function told(pipeline: string, change: (text: string) => string = one => one) {
  return unusedKeys(
    specOf(change(SHOP.replace('pipeline: {}', `pipeline: { ${pipeline} }`))),
  ).map(({ path }) => path.slice(1).join('.'));
}

const ROLE = '{ variable: ROLE }';
const TERRAFORM = "terraform: { directory: infra, version: '1.9.0' }";
const STORAGE = 'storage: { account: shops, container: releases }';
const CLUSTER =
  'deploy: { kubernetes: { cluster: { name: shop, region: eu-west-1 } } }';

const to = (target: string) => (text: string) =>
  text
    .replace(/target: \{.*\}/, `target: { ${target} }`)
    .replace(/ +deploy: \{ environment.*\n/, '');
const onEcs = to(
  'type: ecs, region: eu-west-1, cluster: shop, service: shop, taskDefinition: shop, container: shop, repository: shop',
);
const onMachine = to(
  'type: azure-vm, resourceGroup: Shop, name: shop, release: { directory: /opt/shop, unit: shop.service }',
);
const onCluster = (text: string) =>
  to('type: kubernetes, namespace: shop, name: shop')(text).replace(
    'tier: production }',
    `tier: production, ${CLUSTER} }`,
  );
const withRepository = (repository: string) => (text: string) =>
  text
    .replace(
      '{ dockerfile: Dockerfile }',
      `{ dockerfile: Dockerfile, repository: ${repository} }`,
    )
    .replace(', image: registry.example.test/shop', '');

describe('what no service goes by so far', () => {
  it.each([
    ['audience: other', 'pipeline.audience'],
    [`aws: { deployRole: ${ROLE} }`, 'pipeline.aws.deployRole'],
    [`aws: { buildRole: ${ROLE} }`, 'pipeline.aws.buildRole'],
    [`aws: { planRole: ${ROLE} }`, 'pipeline.aws.planRole'],
    ['aws: { passRoles: [task] }', 'pipeline.aws.passRoles'],
    [TERRAFORM, 'pipeline.terraform'],
    [STORAGE, 'pipeline.storage'],
    ['cleanup: { days: 30, keep: 3 }', 'pipeline.cleanup.keep'],
  ])('is %s', (pipeline, place) => {
    expect(told(pipeline)).toEqual([place]);
  });

  it.each([
    ['audience: other, portal: https://portal.example.test/api', undefined],
    [`aws: { deployRole: ${ROLE}, passRoles: [task] }`, onEcs],
    [`aws: { deployRole: ${ROLE} }`, onCluster],
    [
      `aws: { buildRole: ${ROLE} }`,
      withRepository('123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop'),
    ],
    [`safetyLevel: 1, aws: { planRole: ${ROLE} }, ${TERRAFORM}`, undefined],
    [
      'cleanup: { days: 30, keep: 3 }',
      withRepository('ghcr.io/example-org/shop'),
    ],
  ] as const)('is not %s, where one does', (pipeline, change) => {
    expect(told(pipeline, change)).toEqual([]);
  });

  it('is a cluster without services, and an image for a machine', () => {
    expect(
      told(STORAGE, text =>
        onMachine(text).replace(
          'tier: production }',
          `tier: production, ${CLUSTER} }`,
        ),
      ),
    ).toEqual(['services.shop.image', 'environments.0.deploy.kubernetes']);
  });

  it('is nothing where nothing is generated', () => {
    expect(unusedKeys(specOf(SHOP.replace('  pipeline: {}\n', '')))).toEqual(
      [],
    );
  });
});
