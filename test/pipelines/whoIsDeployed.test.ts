import { rm } from 'node:fs/promises';
import {
  startGithubSimulator,
  type GithubSimulator,
  type Outcomes,
} from '../simulators/github/client';
import { expectNoViolations, START } from '../simulators/github/testing';
import { generateText, writeRepository } from './specRepository';

jest.setTimeout(240_000);

/** Two services that go to staging by a job each, and to production by one of both. */
const GROUPED = (production: string) => `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: {}
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production${production} }
  services:
${['a', 'b']
  .map(
    key => `    shop-${key}:
      paths: [${key}/**]
      image: { dockerfile: Dockerfile }
      environments:
        staging: { target: { type: azure-container-app, resourceGroup: S, name: ${key}-staging, image: shop.azurecr.io/shop } }
        production:
          target: { type: azure-container-app, resourceGroup: P, name: ${key}-production, image: shop.azurecr.io/shop }
          jobs: [{ workflow: deploy.yml, job: production, matrix: { part: ${key} } }]
`,
  )
  .join('')}`;

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
  const folders: string[] = [];
  let github: GithubSimulator;
  let pushes = 0;

  beforeAll(async () => {
    github = await startGithubSimulator({ start: START });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'who-is-deployed');
    await github.stop();
    for (const folder of folders) {
      await rm(folder, { recursive: true });
    }
  });

  async function repository(name: string, text: string): Promise<string> {
    const generated = await generateText(text);
    const folder = await writeRepository(generated.files, { 'a/main': '' });
    folders.push(folder);
    await github.createRepository({ owner: 'example-org', name, folder });
    return `example-org/${name}`;
  }

  const push = (
    name: string,
    path: string,
    options: { branch?: string; outcomes?: Outcomes } = {},
  ) => {
    pushes += 1;
    return github.push(name, {
      message: `Change ${path}`,
      files: { [path]: `${pushes}` },
      ...options,
    });
  };

  const byHand = async (name: string, inputs: Record<string, string>) => {
    const { run } = await github.start(name, {
      workflow: 'deploy.yml',
      event: 'workflow_dispatch',
      inputs,
    });
    return { runs: [run] };
  };

  /** What ran besides the first job, in the only run that something started. */
  async function ran(
    name: string,
    started: { runs: number[] },
  ): Promise<string[]> {
    expect(started.runs).toHaveLength(1);
    const { attempts } = await github.run(name, started.runs[0]);
    return attempts[0].jobs
      .filter(
        ({ name: job, conclusion }) =>
          job !== 'changes' && conclusion !== 'skipped',
      )
      .map(({ name: job, conclusion }) => `${job}: ${conclusion}`)
      .sort();
  }

  const STAGING = [
    'deploy-shop-a-staging: success',
    'deploy-shop-b-staging: success',
  ];
  const PRODUCTION = ['production (a): success', 'production (b): success'];
  const IMAGE = 'build-shop-image: success';

  it('brings a push to production by way of staging, whatever their jobs bring together', async () => {
    const name = await repository('grouped', GROUPED(''));

    expect(await ran(name, await push(name, 'a/main'))).toEqual(
      [IMAGE, ...STAGING, ...PRODUCTION].sort(),
    );
    expect(await ran(name, await byHand(name, { force: 'shop' }))).toEqual(
      [IMAGE, ...STAGING, ...PRODUCTION].sort(),
    );
    expect(
      await ran(
        name,
        await push(name, 'a/main', {
          outcomes: { 'deploy-shop-b-staging': { conclusion: 'failure' } },
        }),
      ),
    ).toEqual([
      IMAGE,
      'deploy-shop-a-staging: success',
      'deploy-shop-b-staging: failure',
    ]);
  });

  it('brings to production what is tagged, or what somebody brings, and no push of a branch', async () => {
    const name = await repository(
      'tagged',
      GROUPED(", deploy: { tags: ['v*'] }"),
    );

    expect(await ran(name, await push(name, 'a/main'))).toEqual(STAGING);
    expect(
      await ran(name, await github.pushTag(name, { tag: 'v1.0.0' })),
    ).toEqual([IMAGE, ...PRODUCTION].sort());
    expect(await ran(name, await byHand(name, { force: 'all' }))).toEqual(
      [IMAGE, ...STAGING, ...PRODUCTION].sort(),
    );
  });

  it.each([
    ['develop', 'staging'],
    ['main', 'production'],
  ])('tests %s before %s', async (branch, environment) => {
    const name = await repository(`tested-${branch}`, TESTED);
    const deploying = `deploy-api-${environment}`;

    expect(await ran(name, await push(name, 'a/main', { branch }))).toEqual(
      [`${deploying}: success`, 'e2e: success'].sort(),
    );
    expect(
      await ran(
        name,
        await push(name, 'a/main', {
          branch,
          outcomes: { e2e: { conclusion: 'failure' } },
        }),
      ),
    ).toEqual(['e2e: failure']);
  });
});
