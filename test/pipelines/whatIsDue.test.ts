import { type Outcomes } from '../simulators/github/client';
import { GraphWorld } from './graphWorld';

jest.setTimeout(240_000);

interface Parts {
  production?: string;
  tests?: string;
  /** What a service has besides, by its key. */
  services?: Record<string, string>;
  /** Environments to which one job brings both services. */
  together?: readonly string[];
}

/** Two services, which go to staging and then to production. */
function shop({
  production = '',
  tests,
  services = {},
  together = [],
}: Parts): string {
  const placed = (key: string, name: string) =>
    `        ${name}: { target: { type: azure-container-app, resourceGroup: ${name}, name: ${key}-${name}, image: shop.azurecr.io/shop }${
      together.includes(name)
        ? `, jobs: [{ workflow: deploy.yml, job: ${name}, matrix: { part: ${key} } }]`
        : ''
    } }`;
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { failureIssue: {}, portal: 'https://portal.example.test/api/deploy' }
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production${production} }
${tests ? `  tests:\n    ${tests}\n` : ''}  services:
${['shop-a', 'shop-b']
  .map(
    key => `    ${key}:
      entity: component:default/${key}
      paths: [${key}/**]
      image: { dockerfile: Dockerfile }
${services[key] ? `      ${services[key]}\n` : ''}      environments:
${placed(key, 'staging')}
${placed(key, 'production')}`,
  )
  .join('\n')}
`;
}

const TEST = "test: { language: python, version: '3.12', directory: . }";
const E2E =
  'e2e: { language: none, after: [shop-a, shop-b], in: staging, commands: [make], reports: { test: r.xml } }';
const SMOKE =
  'smoke: { language: none, before: [production], in: staging, commands: [make], reports: { test: r.xml } }';
const BOTH = ['shop-a/main', 'shop-b/main'];
const STAGING = ['staging-shop-a', 'staging-shop-b'];
const ALL = ['production-shop-a', 'production-shop-b', ...STAGING];
const CANCELLED = { conclusion: 'cancelled' } as const;
const FAILED = { conclusion: 'failure' } as const;
const REFUSED = { ...FAILED, outputs: { refused: 'true' } };

describe('what a run is to do', () => {
  let world: GraphWorld;

  beforeAll(async () => {
    world = await GraphWorld.start();
  });

  afterAll(() => world.stop('what-is-due'));

  /** What becomes of a push to a new repository. */
  async function pushed(
    name: string,
    parts: Parts,
    {
      paths = BOTH,
      ...options
    }: { paths?: string[]; branch?: string; outcomes?: Outcomes } = {},
  ) {
    const repository = await world.repository(name, shop(parts));
    return world.played(
      repository,
      await world.push(repository, paths, options),
    );
  }

  /** And of one that somebody starts, once nothing has changed. */
  async function chosen(name: string, parts: Parts, force: string) {
    const repository = await world.repository(name, shop(parts));
    await world.push(repository, ['README.md']);
    return world.played(repository, await world.byHand(repository, force));
  }

  it('gets nothing to production past tests in staging that were skipped', async () => {
    const { ran, deployed } = await pushed(
      'e2e',
      { tests: E2E },
      { outcomes: { 'deploy-shop-a-staging': CANCELLED } },
    );

    expect(ran).not.toContainEqual(expect.stringMatching(/^e2e/));
    expect(deployed).toEqual(['staging-shop-b']);
  });

  it('tests nothing in staging that did not get there', async () => {
    const { ran, deployed } = await pushed(
      'smoke',
      { tests: SMOKE, services: { 'shop-a': TEST } },
      { outcomes: { 'test-shop-a': CANCELLED } },
    );

    expect(ran).not.toContainEqual(expect.stringMatching(/^smoke/));
    expect(deployed).toEqual(['staging-shop-b']);
  });

  it('tests what was brought to staging alone, beside what did not change', async () => {
    const { ran, deployed } = await pushed(
      'alone',
      { tests: SMOKE },
      { paths: ['shop-a/main'] },
    );

    expect(ran).toContain('smoke: success');
    expect(ran).toContain('smoke-report: success');
    expect(deployed).toEqual(['production-shop-a', 'staging-shop-a']);
  });

  it('does not test in staging what goes to production alone', async () => {
    const { ran, deployed } = await pushed(
      'hotfix',
      {
        tests: SMOKE,
        production: ", deploy: { branches: [main, 'hotfix/**'] }",
      },
      { branch: 'hotfix/one' },
    );

    expect(ran).not.toContainEqual(expect.stringMatching(/^smoke/));
    expect(deployed).toEqual(['production-shop-a', 'production-shop-b']);
  });

  it('calls somebody for an older release that others wait for', async () => {
    const outcomes = { 'deploy-shop-b-staging': REFUSED };
    const waiting = await pushed('waiting', { tests: E2E }, { outcomes });
    const alone = await pushed('nobody', {}, { outcomes });

    expect(waiting.deployed).toEqual(['staging-shop-a']);
    expect(waiting.ran).toContain('report-failure: success');
    expect(alone.deployed).toEqual(['production-shop-a', 'staging-shop-a']);
    expect(alone.ran).not.toContain('report-failure: success');
  });

  it('lets no tests of one service wait for another', async () => {
    const { ran, deployed } = await pushed(
      'unrelated',
      { tests: SMOKE.replace('in:', 'services: [shop-a], in:') },
      { outcomes: { 'deploy-shop-b-staging': FAILED } },
    );

    expect(ran).toContain('smoke: success');
    expect(deployed).toEqual(['production-shop-a', 'staging-shop-a']);
  });

  it.each([
    ['production', 'shop-b'],
    ['production', 'shop'],
    ['staging', 'shop-b'],
    ['staging', 'shop'],
  ])(
    'gets everywhere what is chosen, with one job for both in %s: %s',
    async (together, force) => {
      const { deployed } = await chosen(
        `chosen-${together}-${force}`,
        { together: [together] },
        force,
      );

      expect(deployed).toEqual(
        together === 'staging' && force === 'shop-b'
          ? ['production-shop-b', ...STAGING]
          : ALL,
      );
    },
  );

  it('tests all that comes along with what is chosen', async () => {
    const { ran } = await chosen(
      'along',
      {
        together: ['staging'],
        services: { 'shop-a': TEST, 'shop-b': TEST },
      },
      'shop-a',
    );

    expect(ran).toEqual(
      expect.arrayContaining([
        'test-shop: success',
        'test-shop-a: success',
        'test-shop-b: success',
      ]),
    );
  });

  it('tests what counts for a service by the tests of another', async () => {
    const services = { 'shop-a': TEST, 'shop-b': 'testedBy: [shop-a]' };
    const paths = ['shop-b/main'];
    const good = await pushed('tested', { services }, { paths });
    const bad = await pushed(
      'untested',
      { services },
      { paths, outcomes: { 'test-shop-a': FAILED } },
    );

    expect(good.ran).toContain('test-shop-a: success');
    expect(good.deployed).toEqual(['production-shop-b', 'staging-shop-b']);
    expect(bad.deployed).toEqual([]);
  });
});
