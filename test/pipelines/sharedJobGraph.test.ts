import { rm } from 'node:fs/promises';
import {
  startGithubSimulator,
  type GithubSimulator,
  type Outcomes,
} from '../simulators/github/client';
import {
  conclusions,
  expectNoViolations,
  onlyRun,
  START,
} from '../simulators/github/testing';
import { generateText, writeRepository } from './specRepository';

jest.setTimeout(240_000);

const SHOP = 'example-org/shop';

/** Two services with one image, together in both environments, and tests that need each other. */
const SPEC = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: {}
  environments: [{ name: staging, tier: staging }, { name: production, tier: production }]
  tests:
    a: { workflow: ci.yml, language: none, commands: ['true'], on: [push] }
    b: { workflow: ci.yml, language: none, commands: ['true'], needs: a, on: [pull-request] }
    c: { workflow: ci.yml, language: none, commands: ['true'], needs: b, schedule: '0 1 * * *' }
  services:
${['web', 'worker']
  .map(
    key => `    shop-${key}:
      paths: [src/**]
      image: { dockerfile: Dockerfile }
      environments:
${['staging', 'production']
  .map(
    name =>
      `        ${name}: { target: { type: azure-container-app, resourceGroup: ${name}, name: ${key}, image: shop.azurecr.io/shop }, jobs: [{ workflow: deploy.yml, job: ${name}, matrix: { part: ${key} } }] }`,
  )
  .join('\n')}`,
  )
  .join('\n')}
`;

describe('jobs that others wait for', () => {
  let folder: string;
  let github: GithubSimulator;
  let pushes = 0;

  beforeAll(async () => {
    const { files } = await generateText(SPEC);
    folder = await writeRepository(files, { 'README.md': '# Shop\n' });
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'shop',
      folder,
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'shared-job-graph');
    await github.stop();
    await rm(folder, { recursive: true });
  });

  /** What becomes of a push: the run of the workflow that has such a job. */
  async function push(
    job: string,
    outcomes: Outcomes = {},
  ): Promise<Record<string, string>> {
    pushes += 1;
    const { runs } = await github.push(SHOP, {
      message: 'Change the source',
      files: { 'src/main': `${pushes}` },
      outcomes,
    });
    const all = await Promise.all(runs.map(run => github.run(SHOP, run)));
    return all.map(conclusions).find(run => job in run) ?? {};
  }

  it('build an image once, which comes to one environment after the other', async () => {
    expect(await push('build-shop-image')).toMatchObject({
      'build-shop-image': 'success',
      'staging (web)': 'success',
      'staging (worker)': 'success',
      'production (web)': 'success',
      'production (worker)': 'success',
    });
  });

  it.each([
    ['build-shop-image', ['staging', 'production']],
    ['staging (web)', ['production']],
  ])('let nothing through if %s fails', async (job, skipped) => {
    const run = await push(job, { [job]: { conclusion: 'failure' } });

    for (const name of skipped) {
      // No leg of a job that is skipped has its values.
      expect(run).toHaveProperty([`${name} (\${{ matrix.part }})`], 'skipped');
    }
  });

  it('run for all that starts those', async () => {
    const ran = (run: Record<string, string>) =>
      Object.keys(run).filter(key => run[key] === 'success');
    const proposed = await github.openPullRequest(SHOP, {
      branch: 'feature/one',
      title: 'One',
      files: { 'one.txt': 'one\n' },
    });
    const { run } = await github.start(SHOP, {
      workflow: 'ci.yml',
      event: 'schedule',
    });

    expect(ran(await push('a'))).toEqual(['a']);
    expect(ran(conclusions(await onlyRun(github, SHOP, proposed)))).toEqual([
      'a',
      'b',
    ]);
    expect(ran(conclusions(await github.run(SHOP, run)))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});
