import { type Outcomes } from '../simulators/github/client';
import { GraphWorld } from './graphWorld';

jest.setTimeout(240_000);

/** Two services: a job each, or one for both, in the environments that are named. */
const shops = (together: readonly string[], production: string) => {
  const placed = (key: string, name: string) =>
    `        ${name}: { target: { type: azure-container-app, resourceGroup: ${name}, name: ${key}-${name}, image: shop.azurecr.io/shop }${
      together.includes(name)
        ? `, jobs: [{ workflow: deploy.yml, job: ${name}, matrix: { part: ${key} } }]`
        : ''
    } }
`;
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: {}
  environments:
    - { name: staging, tier: staging, deploy: { branches: [main, develop] } }
    - { name: production, tier: production${production} }
  services:
${['a', 'b']
  .map(
    key => `    shop-${key}:
      paths: [${key}/**]
      image: { dockerfile: Dockerfile }
      environments:
${placed(key, 'staging')}${placed(key, 'production')}`,
  )
  .join('')}`;
};

/** One service at ECS; nothing gets to either environment untested. */
const TESTED = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { aws: { deployRole: { variable: ROLE } } }
  environments:
    - { name: staging, tier: staging, deploy: { branches: [develop] } }
    - { name: production, tier: production, deploy: { branches: [main] } }
  tests:
    e2e: { language: none, before: [staging, production], commands: [make] }
  services:
    api:
      paths: [a/**]
      image: { dockerfile: Dockerfile }
      environments:
        staging: { target: { type: ecs, region: eu-west-1, cluster: s, service: s, taskDefinition: s, container: api, repository: api } }
        production: { target: { type: ecs, region: eu-west-1, cluster: p, service: p, taskDefinition: p, container: api, repository: api } }
`;

/** What becomes of jobs, as the graph is played that was generated. */
describe('who is deployed where, and after what', () => {
  let world: GraphWorld;

  beforeAll(async () => {
    world = await GraphWorld.start();
  });

  afterAll(() => world.stop('who-is-deployed'));

  const repository = (name: string, text: string) =>
    world.repository(name, text);

  const push = (
    name: string,
    paths: readonly string[],
    options: { branch?: string; outcomes?: Outcomes } = {},
  ) => world.push(name, paths, options);

  const byHand = (name: string, force: string) => world.byHand(name, force);

  const played = (name: string, started: { runs: number[] }) =>
    world.played(name, started);

  const both = (environment: string) =>
    ['a', 'b'].map(key => `${environment}-shop-${key}`);
  const STAGING = both('staging');
  const ALL = [...both('production'), ...STAGING];
  const SERVICES = ['a/main', 'b/main'];
  const GROUPINGS: string[][] = [[], ['staging'], ['production']];

  it.each(
    [
      { deploy: '', main: ALL, develop: STAGING, tag: [] },
      {
        deploy: ", deploy: { tags: ['v*'] }",
        main: STAGING,
        develop: STAGING,
        tag: both('production'),
      },
      {
        deploy: ", deploy: { branches: [main], tags: ['v*'] }",
        main: ALL,
        develop: STAGING,
        tag: both('production'),
      },
      {
        deploy: ', deploy: { branches: [develop] }',
        main: STAGING,
        develop: ALL,
        tag: [],
        mainByHand: STAGING,
      },
    ].flatMap((one, index) =>
      GROUPINGS.map((together, grouping) => ({
        mainByHand: ALL,
        ...one,
        together,
        repo: `shop-${index}-${grouping}`,
      })),
    ),
  )(
    'brings to production what it takes: "$deploy", with one job for both in $together',
    async ({ deploy, together, repo, main, develop, tag, mainByHand }) => {
      const name = await repository(repo, shops(together, deploy));
      const deployed = async (started: { runs: number[] }) =>
        (await played(name, started)).deployed;

      expect({
        main: await deployed(await push(name, SERVICES)),
        develop: await deployed(
          await push(name, SERVICES, { branch: 'develop' }),
        ),
        tag: await deployed(
          await world.github.pushTag(name, { tag: 'v1.0.0' }),
        ),
        mainByHand: await deployed(await byHand(name, 'all')),
      }).toEqual({ main, develop, tag, mainByHand });
    },
  );

  it.each(
    GROUPINGS.flatMap((together, grouping) =>
      // GitHub calls a job cancelled that ran out of time.
      (['failure', 'cancelled'] as const).map(conclusion => ({
        together,
        grouping,
        conclusion,
      })),
    ),
  )(
    'goes no further than a $conclusion, with one job for both in $together',
    async ({ together, grouping, conclusion }) => {
      const name = await repository(
        `${conclusion}-${grouping}`,
        shops(together, ''),
      );
      const outcomes = Object.fromEntries(
        ['deploy-shop-b-staging', 'staging (b)'].map(job => [
          job,
          { conclusion },
        ]),
      );
      const { ran } = await played(
        name,
        await push(name, SERVICES, { outcomes }),
      );

      // What has a job of its own everywhere goes on without the other.
      expect(ran.filter(one => /production/.test(one))).toEqual(
        together.length > 0 ? [] : ['deploy-shop-a-production: success'],
      );
    },
  );

  it('brings nothing along to production that was not in staging', async () => {
    const name = await repository('along', shops(['production'], ''));

    expect((await played(name, await push(name, ['a/main']))).deployed).toEqual(
      ALL,
    );
  });

  it.each([
    ['develop', 'staging'],
    ['main', 'production'],
  ])('tests %s before %s', async (branch, environment) => {
    const name = await repository(`tested-${branch}`, TESTED);
    const deploying = `deploy-api-${environment}`;
    expect(
      (await played(name, await push(name, ['a/main'], { branch }))).ran,
    ).toEqual(['changes: success', `${deploying}: success`, 'e2e: success']);
    for (const conclusion of ['failure', 'cancelled'] as const) {
      const outcomes = { e2e: { conclusion } };
      expect(
        (await played(name, await push(name, ['a/main'], { branch, outcomes })))
          .ran,
      ).toEqual(['changes: success', `e2e: ${conclusion}`]);
    }
  });

  it('brings nothing to production that staging did not get, since its tests ran out of time', async () => {
    const name = await repository(
      'skipped',
      TESTED.replace('branches: [develop]', 'branches: [main]').replace(
        'before: [staging, production]',
        'before: [staging]',
      ),
    );
    const outcomes = { e2e: { conclusion: 'cancelled' as const } };

    expect(
      (await played(name, await push(name, ['a/main'], { outcomes }))).ran,
    ).toEqual(['changes: success', 'e2e: cancelled']);
    expect((await played(name, await push(name, ['a/main']))).deployed).toEqual(
      ['production', 'staging'],
    );
  });

  it('gets to production past a staging that takes other branches, and never past tests that ran out of time', async () => {
    const name = await repository(
      'hotfix',
      TESTED.replace('branches: [develop]', 'branches: [main]')
        .replace(
          'tier: production, deploy: { branches: [main]',
          "tier: production, deploy: { branches: [main, 'hotfix/**']",
        )
        .replace('before: [staging, production]', 'before: [staging]'),
    );
    const outcomes = { e2e: { conclusion: 'cancelled' as const } };
    const deployed = async (branch: string, about = {}) =>
      (await played(name, await push(name, ['a/main'], { branch, ...about })))
        .deployed;

    expect(await deployed('main', { outcomes })).toEqual([]);
    expect(await deployed('main')).toEqual(['production', 'staging']);
    expect(await deployed('hotfix/one')).toEqual(['production']);
  });

  it('gets by hand where it may, whatever staging takes', async () => {
    const name = await repository(
      'by-hand',
      TESTED.replace('pipeline: {', 'pipeline: { safetyLevel: 4,'),
    );
    await push(name, ['a/main'], { branch: 'develop' });
    const deployed = async (branch: string) => {
      const { run } = await world.github.start(name, {
        workflow: 'deploy.yml',
        event: 'workflow_dispatch',
        branch,
        inputs: { confirm: 'DEPLOY' },
      });
      return (await played(name, { runs: [run] })).deployed;
    };

    expect(await deployed('develop')).toEqual(['staging']);
    expect(await deployed('main')).toEqual(['production']);
  });

  it('goes back where somebody says, from what may be there', async () => {
    const name = await repository('back', TESTED);
    await push(name, ['a/main'], { branch: 'develop' });
    const back = async (branch: string, deployment: string) => {
      const { run } = await world.github.start(name, {
        workflow: 'rollback.yml',
        event: 'workflow_dispatch',
        branch,
        inputs: { confirm: 'ROLLBACK', deployment, task_revision: '7' },
      });
      return (await played(name, { runs: [run] })).deployed;
    };

    expect(await back('main', 'deploy-api-production')).toEqual(['production']);
    expect(await back('develop', 'deploy-api-staging')).toEqual(['staging']);
    expect(await back('develop', 'deploy-api-production')).toEqual([]);
    expect(await back('main', 'deploy-api-staging')).toEqual([]);
  });
});
