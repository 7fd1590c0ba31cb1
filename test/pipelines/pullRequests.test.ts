import { rm } from 'node:fs/promises';
import {
  startGithubSimulator,
  type GithubSimulator,
  type Outcomes,
} from '../simulators/github/client';
import { expectNoViolations, START } from '../simulators/github/testing';
import { generateText, writeRepository } from './specRepository';

jest.setTimeout(240_000);

const placed = (key: string, name: string) =>
  `        ${name}: { target: { type: ecs, region: eu-west-1, cluster: ${name}, service: ${key}, taskDefinition: ${key}-${name}, container: app, repository: ${key} } }
`;

/** Two services that are tested and go to ECS. */
function text(pipeline: string, environments: Record<string, string>): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { pullRequests: true, aws: { deployRole: { variable: ROLE } }${pipeline} }
  environments:
${Object.entries(environments)
  .map(([name, deploy]) => `    - { name: ${name}, tier: ${name}${deploy} }\n`)
  .join('')}  services:
${['api', 'web']
  .map(
    key => `    ${key}:
      paths: [${key}/**]
      test: { language: python, version: '3.12', directory: ${key} }
      image: { dockerfile: Dockerfile }
      environments:
${Object.keys(environments)
  .map(name => placed(key, name))
  .join('')}`,
  )
  .join('')}`;
}

/** What becomes of a pull request, as the graph is played that was generated. */
describe('a pull request', () => {
  const folders: string[] = [];
  let github: GithubSimulator;

  beforeAll(async () => {
    github = await startGithubSimulator({ start: START });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'pull-requests');
    await github.stop();
    for (const folder of folders) {
      await rm(folder, { recursive: true });
    }
  });

  async function repository(name: string, source: string): Promise<string> {
    const { files } = await generateText(source);
    const folder = await writeRepository(files, {
      'api/main': '',
      'web/main': '',
    });
    folders.push(folder);
    await github.createRepository({ owner: 'example-org', name, folder });
    return `example-org/${name}`;
  }

  async function proposed(name: string, outcomes: Outcomes = {}) {
    const { runs } = await github.openPullRequest(name, {
      branch: `try-${Object.keys(outcomes).length}`,
      title: 'Try',
      files: { 'api/main': `${Object.keys(outcomes).length + 1}` },
      outcomes,
    });
    expect(runs).toHaveLength(1);
    const { attempts } = await github.run(name, runs[0]);
    return attempts[0].jobs
      .filter(({ conclusion }) => conclusion !== 'skipped')
      .map(job => `${job.name}: ${job.conclusion}`)
      .sort();
  }

  it.each([
    [
      'tags',
      text('', {
        staging: ", deploy: { tags: ['rc*'] }",
        production: ", deploy: { tags: ['v*'] }",
      }),
    ],
    [
      'after',
      text(', after: { workflow: ci.yml, title: CI }', { production: '' }),
    ],
  ])('is tested where only %s are deployed', async (name, source) => {
    const shop = await repository(name, source);

    expect(await proposed(shop)).toEqual([
      'release: success',
      'test-api: success',
      'test-web: success',
    ]);
    expect(
      await proposed(shop, { 'test-api': { conclusion: 'failure' } }),
    ).toEqual(['release: success', 'test-api: failure', 'test-web: success']);
  });
});
