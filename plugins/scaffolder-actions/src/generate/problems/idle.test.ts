import { generate, SHOP, specOf } from '../__testUtils__/generating';
import { generatePipeline } from '../generatePipeline';

function problemsOf(text: string): string[] {
  const result = generatePipeline(specOf(text), {
    source: text,
    version: '1.0.0',
    scripts: {},
  });
  return 'problems' in result
    ? result.problems.map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      )
    : [];
}

/** Besides the shop, a service that is tested and goes nowhere. */
const WITH_LIBRARY = `${SHOP}    library:
      paths: [library/**]
      test: { language: python, version: '3.12' }
      environments: { production: {} }
`;
const NO_TARGET = SHOP.replace(/\n +target: .*\n +deploy: .*/, '');
const CHECKED = 'pipeline: { safetyLevel: 5 }';

describe('what nothing would do', () => {
  it.each([
    ['a service that is deployed', SHOP],
    ['tests of pull requests', WITH_LIBRARY.replace('pipeline: {}', CHECKED)],
    [
      'tests alone',
      NO_TARGET.replace('pipeline: {}', 'pipeline: { safetyLevel: 1 }'),
    ],
  ])('is none of %s', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('is a deployment without a target', () => {
    expect(problemsOf(NO_TARGET)).toEqual([
      'spec.services: no service has a target, so nothing would be deployed',
    ]);
  });

  it('are tests of a service that no job deploys', () => {
    expect(problemsOf(WITH_LIBRARY)).toEqual([
      'spec.services.library.test: nothing would run the tests of library, which no generated job deploys',
    ]);
  });
});

/** The shop goes to production by a workflow of its own. */
const APART = SHOP.replace(
  'environments: [{ name: production, tier: production }]',
  'environments: [{ name: staging, tier: staging }, { name: production, tier: production, deploy: { workflow: go-live.yml } }]',
);
const TESTED = "test: { language: python, version: '3.12' }\n      image: {";
const PROPOSED = 'pipeline: { pullRequests: true }';

describe('a workflow without jobs', () => {
  it('is not made for an environment that nothing is deployed to', () => {
    const paths = generate(APART).map(file => file.path);

    expect(paths).toContain('.github/workflows/go-live.yml');
    expect(paths).not.toContain('.github/workflows/deploy.yml');
  });

  it.each(['{}', '{ safetyLevel: 4, failureIssue: {} }'])(
    'is refused where it is asked for: %s',
    pipeline => {
      expect(
        problemsOf(
          APART.replace('pipeline: {}', `pipeline: ${pipeline}`).replace(
            'tier: staging }',
            'tier: staging, deploy: { workflow: try.yml } }',
          ),
        ),
      ).toEqual([
        'spec.environments.0.deploy.workflow: nothing is deployed to staging, and try.yml would be empty',
      ]);
    },
  );
});

describe('tests of pull requests', () => {
  it.each([
    ['by what deploys', SHOP],
    [
      'of tags alone',
      SHOP.replace(
        'tier: production }]',
        "tier: production, deploy: { tags: ['v*'] } }]",
      ),
    ],
  ])('are made: %s', (_, text) => {
    expect(
      problemsOf(
        text.replace('image: {', TESTED).replace('pipeline: {}', PROPOSED),
      ),
    ).toEqual([]);
  });

  it('are refused where the workflow that has them deploys nothing', () => {
    expect(problemsOf(APART.replace('pipeline: {}', PROPOSED))).toEqual([
      'spec.pipeline.pullRequests: pull requests are tested by deploy.yml, which deploys nothing',
    ]);
  });

  it('are refused where another one deploys a service', () => {
    const cart = `    cart:
      paths: [cart/**]
      image: { dockerfile: Dockerfile }
      environments:
        staging: { target: { type: azure-container-app, resourceGroup: Shop, name: cart, image: registry.example.test/cart } }
`;

    expect(
      problemsOf(
        `${APART}${cart}`
          .replace('image: {', TESTED)
          .replace('pipeline: {}', PROPOSED),
      ),
    ).toEqual([
      'spec.pipeline.pullRequests: pull requests are tested by deploy.yml, which does not deploy shop',
    ]);
  });
});
