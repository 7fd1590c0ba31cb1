import { specOf } from '../__testUtils__/generating';
import { planPipeline } from '../plan';

/** A service in two environments, one that is in production alone, and tests before a deployment. */
function text(tests: string, { production = '', level = '' } = {}): string {
  const placed = (key: string, name: string) =>
    `        ${name}: { target: { type: azure-container-app, resourceGroup: ${name}, name: ${key}-${name}, image: shop.azurecr.io/${key} } }`;
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { ${level} }
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production${production} }
  tests:
    smoke: { language: none, commands: [make], ${tests} }
  services:
    shop:
      paths: [shop/**]
      image: { dockerfile: Dockerfile }
      environments:
${placed('shop', 'staging')}
${placed('shop', 'production')}
    cart:
      paths: [cart/**]
      image: { dockerfile: Dockerfile }
      environments:
${placed('cart', 'production')}
`;
}

const problemsOf = (yaml: string) => {
  const planned = planPipeline(specOf(yaml));
  return 'problems' in planned
    ? planned.problems.map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      )
    : [];
};

describe('tests that are in an environment before a deployment', () => {
  it.each([
    'before: [production], in: staging',
    'before: [production], in: staging, services: [shop]',
    'before: [staging, production]',
    'after: [shop], in: production',
  ])('may be: %s', tests => {
    expect(problemsOf(text(tests))).toEqual([]);
  });

  it.each([
    ['before: [staging], in: staging', {}],
    ['before: [staging], in: production', {}],
    ['before: [production], in: staging, services: [cart]', {}],
    [
      'before: [production], in: staging',
      { production: ", deploy: { workflow: production.yml, tags: ['v*'] }" },
    ],
  ])('are refused where nothing came first: %s %j', (tests, more) => {
    const [, name, place] = /\[(\w+)\], in: (\w+)/.exec(tests) ?? [];

    expect(problemsOf(text(tests, more))).toEqual([
      `spec.tests.smoke.before.0: ${name} cannot wait for the tests "smoke" in ${place}: nothing that they are about comes there first, by the same workflow`,
    ]);
  });

  it('are nobody’s matter where nothing is deployed', () => {
    expect(
      problemsOf(
        text('before: [staging], in: staging', { level: 'safetyLevel: 1' }),
      ),
    ).toEqual([]);
  });
});
