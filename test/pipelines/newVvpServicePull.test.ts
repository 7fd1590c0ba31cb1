import { resolve } from 'node:path';
import {
  startGithubSimulator,
  type GithubSimulator,
} from '../simulators/github/client';
import {
  conclusions,
  expectNoViolations,
  START,
  TOKEN,
  VVP,
} from '../simulators/github/testing';
import { TemplateRunner } from './newVvpService';

jest.setTimeout(240_000);

const EXAMPLE = resolve(__dirname, '../../examples/vvp');

describe('the template "new VVP service", carried out', () => {
  let github: GithubSimulator;
  let template: TemplateRunner;

  beforeAll(async () => {
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'vvp',
      folder: EXAMPLE,
    });
    template = await TemplateRunner.start(github);
  });

  afterAll(async () => {
    await template?.stop();
    await expectNoViolations(github, 'new-vvp-service-pull');
    await github.stop();
  });

  it('opens a pull request whose merge tests and deploys the service, and no other', async () => {
    const { status, log } = await template.carryOut({
      name: 'call-log',
      product: 'vvp',
      description: 'Keeps what was called',
      owner: 'group:default/vvp-team',
      language: 'python',
      database: 'none',
      coverage: 80,
      kind: 'container-app',
      port: 8000,
      healthPath: '/healthz',
      resourceGroup: 'VVP',
      connection: 'vvp',
      registry: 'vvpacr.example.test',
      url: 'https://vvp-call-log.example.test',
      target: 'monorepo',
      repository: `${github.url}/${VVP}`,
      protectionRuleApp: 'deploy-portal',
    });

    expect(log).toContain('Finished step Open the pull request');
    expect(log).toContain(
      'production-call-log is held by the app deploy-portal',
    );
    expect(status).toBe('completed');
    const pulls = await github.rest('GET', `/repos/${VVP}/pulls`, {
      token: TOKEN,
    });
    const [pull] = pulls.json<Array<{ number: number; title: string }>>();
    expect(pull.title).toBe('New service vvp-call-log');
    const files = await github.rest(
      'GET',
      `/repos/${VVP}/pulls/${pull.number}/files?per_page=100`,
      { token: TOKEN },
    );
    const names = files
      .json<Array<{ filename: string; status: string }>>()
      .map(({ filename }) => filename);
    expect(names).toEqual(
      expect.arrayContaining([
        'deploy.yaml',
        '.github/workflows/deploy.yml',
        'services/call-log/Dockerfile',
        'services/call-log/tests/test_service.py',
      ]),
    );
    expect(names.filter(name => /^services\/(?!call-log)/.test(name))).toEqual(
      [],
    );

    const merged = await fetch(
      `${github.url}/${VVP}/pull/${pull.number}/merge`,
      { method: 'POST', redirect: 'manual' },
    );

    expect(merged.status).toBe(303);
    const list = await github.rest('GET', `/repos/${VVP}/actions/runs`, {
      token: TOKEN,
    });
    const { workflow_runs: runs } = list.json<{
      workflow_runs: Array<{ id: number; name: string }>;
    }>();
    const { id = 0 } =
      runs.find(({ name }) => name === 'Build and Deploy') ?? {};
    const deployed = await github.run(VVP, id);
    expect(conclusions(deployed)).toMatchObject({
      'test-call-log': 'success',
      'deploy-call-log': 'waiting',
      'test-issuer': 'skipped',
      'deploy-issuer': 'skipped',
      'deploy-sip-redirect': 'skipped',
    });
  });
});
