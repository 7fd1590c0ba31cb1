import { join } from 'node:path';
import {
  startGithubSimulator,
  type GithubSimulator,
} from '../simulators/github/client';
import {
  conclusions,
  expectNoViolations,
  REPOSITORIES,
  START,
  TOKEN,
} from '../simulators/github/testing';
import { TemplateRunner } from './newVvpService';

jest.setTimeout(240_000);

describe('the template "new VVP service", carried out with a new repository', () => {
  let github: GithubSimulator;
  let template: TemplateRunner;

  beforeAll(async () => {
    // An organization is known by what it has.
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'portal',
      folder: join(REPOSITORIES, 'release'),
    });
    template = await TemplateRunner.start(github);
  });

  afterAll(async () => {
    await template?.stop();
    await expectNoViolations(github, 'new-vvp-service-repository');
    await github.stop();
  });

  const carryOut = (repository: string) =>
    template.carryOut({
      name: 'call-log',
      product: 'vvp',
      description: 'Keeps what was called',
      owner: 'group:default/vvp-team',
      language: 'typescript',
      database: 'none',
      coverage: 80,
      kind: 'container-app',
      port: 8000,
      healthPath: '/healthz',
      resourceGroup: 'VVP',
      connection: 'vvp',
      registry: 'vvpacr.example.test',
      url: 'https://vvp-call-log.example.test',
      target: 'repository',
      repository: `${github.url}/${repository}`,
      protectionRuleApp: 'deploy-portal',
    });

  async function ask<T>(path: string): Promise<T> {
    const answer = await github.rest('GET', `/repos/${path}`, { token: TOKEN });
    return answer.json<T>();
  }

  it('makes it, protects production, pushes, and the first run is held there', async () => {
    const name = 'example-org/vvp-call-log';

    const { status, log } = await carryOut(name);

    const steps = [...log.matchAll(/Finished step (.*)/g)].map(
      ([, one]) => one,
    );
    expect(steps.slice(-4)).toEqual([
      'Make the repository',
      'Protect production',
      'Push the service and its pipeline',
      'Register the service',
    ]);
    expect(status).toBe('completed');
    expect(await ask(name)).toMatchObject({
      private: true,
      default_branch: 'main',
      description: 'Keeps what was called',
    });

    const { tree } = await ask<{ tree: { path: string; mode: string }[] }>(
      `${name}/git/trees/main?recursive=1`,
    );
    const modes = Object.fromEntries(
      tree.map(entry => [entry.path, entry.mode]),
    );
    expect(modes).toMatchObject({
      'deploy.yaml': '100644',
      '.gitignore': '100644',
      '.github/workflows/deploy.yml': '100644',
      '.github/deploy/verify-http.sh': '100755',
      'services/call-log/catalog-info.yaml': '100644',
      'services/call-log/src/main.ts': '100644',
    });
    expect(await ask(`${name}/branches/main`)).toMatchObject({
      protected: true,
      commit: { commit: { message: 'New service vvp-call-log' } },
    });
    const { content } = await ask<{ content: string }>(
      `${name}/contents/.github/workflows/deploy.yml`,
    );
    // Otherwise the gate on coverage would wait for a report for ever.
    expect(Buffer.from(content, 'base64').toString()).toMatch(
      /PORTAL: http:\/\/localhost:\d+\/api\/deploy\n/,
    );

    const { workflow_runs: runs } = await ask<{
      workflow_runs: { id: number; name: string; event: string }[];
    }>(`${name}/actions/runs`);
    const deploy = runs.find(run => run.name === 'Build and Deploy');
    expect(deploy?.event).toBe('push');
    expect(conclusions(await github.run(name, deploy?.id ?? 0))).toMatchObject({
      'test-call-log': 'success',
      'deploy-call-log': 'waiting',
    });
  });

  it('pushes nothing where production could not be protected', async () => {
    const name = 'example-org/vvp-unprotected';
    await github.failRest('repos/create-deployment-protection-rule', {
      status: 403,
      message: 'Resource not accessible by integration',
      times: 1,
    });

    const { status, log } = await carryOut(name);

    expect(status).toBe('failed');
    expect(log).toContain('GitHub does not let the protection rule of');
    expect(await ask(`${name}/commits`)).toMatchObject({
      message: 'Git Repository is empty.',
    });
  });

  it('takes no repository that is there', async () => {
    const { status, log } = await carryOut('example-org/portal');

    expect(status).toBe('failed');
    expect(log).toContain('name already exists on this account');
    expect(log).not.toContain('Finished step Push');
  });
});
