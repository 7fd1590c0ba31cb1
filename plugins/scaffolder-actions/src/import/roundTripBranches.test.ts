import { importing } from './__testUtils__/importing';
import { generatedOf } from './__testUtils__/roundTrip';

const OPTIONS = { repository: 'example-org/shop' };

/** A service at two environments, which comes to the first one by a job of several, or else is tested. */
function service(key: string, job = ''): string {
  const [staging, production] = [job, ''].map(
    (own, index) =>
      `{ url: https://${key}${index}.example.test, target: { type: azure-container-app, resourceGroup: shop${index}, name: ${key}, image: registry.example.test/shop }${own} }`,
  );
  const test = job ? '' : " test: { language: python, version: '3.12' },";
  return `${key}: { entity: component:default/${key}, paths: [${key}/**], image: { dockerfile: Dockerfile },${test} environments: { staging: ${staging}, production: ${production} } }`;
}

function specText(
  pipeline: string,
  [staging, production]: [string, string],
  services: string[],
): string {
  return [
    'apiVersion: deploy.vvp.io/v1alpha1',
    'kind: Pipeline',
    'metadata: { name: shop }',
    'spec:',
    '  repository: example-org/shop',
    `  pipeline: { portal: https://portal.example.test/api/deploy, ${pipeline} }`,
    '  environments:',
    `    - { name: staging, tier: staging${staging} }`,
    `    - { name: production, tier: production${production} }`,
    '  services:',
    ...services.map(one => `    ${one}`),
  ].join('\n');
}

function leg(node: string): string {
  return `, jobs: [{ workflow: deploy.yml, job: nodes, matrix: { node: ${node} } }]`;
}

const API = service('api');
const WEB = service('web');

const FORMS: readonly (readonly [string, string])[] = [
  [
    'pull requests for main alone, with other branches by hand',
    specText(
      'branches: [main], safetyLevel: 4',
      [', deploy: { branches: [develop] }', ', deploy: { branches: [main] }'],
      [API, WEB],
    ),
  ],
  [
    'pull requests for other branches than those that are deployed',
    specText(
      "branches: [main, 'release/**'], pullRequests: true",
      [
        ', deploy: { branches: [main, develop] }',
        ", deploy: { branches: [main, 'hotfix/**'], tags: ['v*'] }",
      ],
      [API],
    ),
  ],
  [
    'services that come together to staging, and one by one to production',
    specText(
      'branches: [main]',
      ['', ''],
      [service('api', leg('a')), service('web', leg('b'))],
    ),
  ],
  [
    'values that YAML 1.1 takes for true or false',
    specText(
      'branches: [main]',
      ['', ''],
      [service('api', leg("'y'")), service('web', leg("'no'"))],
    ),
  ],
];

describe('an import of what is generated of', () => {
  it.each(FORMS)('%s gives the workflows back', (_, text) => {
    const files = generatedOf(text);
    const imported = importing(files, OPTIONS);
    const bodies = (made: typeof files) =>
      made.map(({ file, text: whole }) => [file, whole.replace(/^#.*\n/, '')]);

    expect(imported.report.items.filter(({ remedy }) => remedy)).toEqual([]);
    expect(bodies(generatedOf(imported.text))).toEqual(bodies(files));
  });
});

describe('an import of generated workflows', () => {
  it.each([
    [
      'what is waited for although it was taken out',
      /(\n {2}deploy-api-production:\n[\s\S]*?) {6}- test-api\n/,
      '$1',
      'what is generated also waits for test-api',
    ],
    [
      'another time limit',
      /(\n {2}deploy-api-production:\n[\s\S]*?timeout-minutes: )\d+/,
      '$17',
      'what is generated may take',
    ],
    [
      'what is asked for although it was taken out',
      /(\n {2}deploy-api-production:\n[\s\S]*?)!failure\(\) && /,
      '$1',
      'what is generated asks besides: !failure()',
    ],
    [
      'a condition that was taken out',
      /(\n {2}test-api:\n[\s\S]*?)\n {4}if: .*/,
      '$1',
      "what is generated asks besides: needs.changes.outputs.api == 'true'",
    ],
    [
      'another value of a step',
      'cache-from: type=gha',
      'cache-from: type=registry',
      'what is generated says "type=gha"',
    ],
  ])('says %s', (_, from, to, message) => {
    const text = specText('branches: [main]', ['', ''], [API, WEB]);
    const files = generatedOf(text).map(one => ({
      ...one,
      text: one.text.replace(from, to),
    }));
    const { report } = importing(files, OPTIONS);

    expect(report.items).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });
});
