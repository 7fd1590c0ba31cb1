import { SHOP, specOf } from '../__testUtils__/generating';
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
