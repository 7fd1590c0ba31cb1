import { parsePipelineSpec } from './parsePipelineSpec';

const CLUSTER = 'cluster: { name: shop, region: eu-central-1 }';

/** A spec with one service in Kubernetes, and these parts of it. */
function findingsOf(options: {
  kubernetes?: string;
  strategy?: string;
  deploy?: string;
  target?: string;
}): string[] {
  const {
    kubernetes = CLUSTER,
    strategy = 'canary',
    deploy = '{}',
    target = `{ type: kubernetes, namespace: shop, name: api, strategy: ${strategy} }`,
  } = options;
  const result = parsePipelineSpec(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  environments:
    - name: production
      tier: production
      deploy: { kubernetes: { ${kubernetes} } }
  services:
    api:
      paths: [api/**]
      environments:
        production:
          target: ${target}
          deploy: ${deploy}
`);
  return result.ok ? [] : result.findings.map(({ message }) => message);
}

const METRIC =
  '{ url: https://prometheus.example.test, query: up, maximum: 0.5 }';

describe('what deploy.yaml says of Kubernetes', () => {
  it('is taken', () => {
    expect(
      findingsOf({
        kubernetes: `${CLUSTER}, kubectl: '1.33.1', manifests: [k8s/00-namespace.yml, k8s/production]`,
        deploy: `{ secrets: [{ name: api, awsSecret: shop/api }], metric: ${METRIC} }`,
      }),
    ).toEqual([]);
    expect(findingsOf({ kubernetes: 'kubeconfig: { secret: KUBE }' })).toEqual(
      [],
    );
  });

  it.each([
    [
      { kubernetes: `${CLUSTER}, kubeconfig: { secret: KUBE }` },
      '"production" needs either "cluster" or "kubeconfig"',
    ],
    [
      { kubernetes: 'manifests: [k8s]' },
      '"production" needs either "cluster" or "kubeconfig"',
    ],
    [
      {
        target: '{ type: custom, platform: x, settings: {} }',
        deploy: '{ secrets: [{ name: api, awsSecret: shop/api }] }',
      },
      '"secrets" are for the target kubernetes, and "api" has another one',
    ],
    [
      { strategy: 'rolling', deploy: `{ metric: ${METRIC} }` },
      '"metric" is for the target kubernetes with strategy: canary',
    ],
    [
      {
        deploy:
          '{ secrets: [{ name: api, awsSecret: a }, { name: api, awsSecret: b }] }',
      },
      'there are two Secrets "api"',
    ],
  ])('is refused: %o', (options, message) => {
    expect(findingsOf(options)).toEqual([message]);
  });

  it.each([
    'kubeconfig: "apiVersion: v1"',
    `${CLUSTER}, manifests: [../secrets]`,
    `${CLUSTER}, kubectl: latest`,
  ])('has to have the right form: %s', kubernetes => {
    expect(findingsOf({ kubernetes })).not.toEqual([]);
  });
});
