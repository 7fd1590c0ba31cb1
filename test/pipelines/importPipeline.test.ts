import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  startGithubSimulator,
  type GithubSimulator,
} from '../simulators/github/client';
import { expectNoViolations, START, TOKEN } from '../simulators/github/testing';
import { TemplateRunner } from './newVvpService';

jest.setTimeout(240_000);

const EXAMPLE = resolve(__dirname, '../../examples/sandbox-broker');

describe('the template "Pipeline import"', () => {
  let github: GithubSimulator;
  let template: TemplateRunner;
  let folder: string;

  beforeAll(async () => {
    github = await startGithubSimulator({ start: START });
    template = await TemplateRunner.start(github, 'import-pipeline');
    folder = await mkdtemp(join(tmpdir(), 'import-'));
    await cp(join(EXAMPLE, '.github'), join(folder, '.github'), {
      recursive: true,
    });
    await writeFile(
      join(folder, '.github/workflows/cake.yml'),
      'name: Cake\non: push\njobs:\n  bake:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make cake\n',
    );
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await template?.stop();
    await expectNoViolations(github, 'import-pipeline');
    await github.stop();
  });

  const carryOut = async (name: string) => {
    await github.createRepository({ owner: 'example-org', name, folder });
    return await template.carryOut({
      repository: `${github.url}/example-org/${name}`,
      branch: 'pipeline-import',
    });
  };

  async function ask<T>(path: string): Promise<T> {
    const answer = await github.rest('GET', `/repos/example-org/${path}`, {
      token: TOKEN,
    });
    return answer.json<T>();
  }

  it('opens a pull request with deploy.yaml, and says what became of everything', async () => {
    const { status, log, output } = await carryOut('broker');

    expect(log).toContain('Finished step Open the pull request');
    expect(status).toBe('completed');
    const [pull] = await ask<{ number: number; body: string }[]>(
      'broker/pulls',
    );
    expect(pull.body).toMatch(/\n[1-9]\d* of their items have nothing/);
    const files = await ask<{ filename: string; status: string }[]>(
      `broker/pulls/${pull.number}/files`,
    );
    expect(files).toEqual([
      expect.objectContaining({ filename: 'deploy.yaml', status: 'added' }),
    ]);
    const { content } = await ask<{ content: string }>(
      'broker/contents/deploy.yaml?ref=pipeline-import',
    );
    expect(Buffer.from(content, 'base64').toString()).toContain(
      'repository: example-org/broker',
    );
    const [{ content: short }, { content: report }] = output.text;
    expect(short).toMatch(/^2 items of the workflows have nothing/);
    expect(report).toMatch(
      /^```\n[^]*cake\.yml, job bake[^]*unsupported: step 1[^]*\n```\n?$/,
    );
  });

  it('overwrites no deploy.yaml that is there', async () => {
    await writeFile(join(folder, 'deploy.yaml'), 'mine\n');

    const { status, log } = await carryOut('mine');

    expect(status).toBe('failed');
    expect(log).toContain('Nothing was written: deploy.yaml is there already');
    expect(await ask('mine/pulls')).toEqual([]);
  });
});
