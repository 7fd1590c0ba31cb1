import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startGithubSimulator,
  type GithubSimulator,
} from '../simulators/github/client';
import {
  expectNoViolations,
  REPOSITORIES,
  START,
  TOKEN,
  TOKENS,
  VVP,
} from '../simulators/github/testing';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

describe('comment-pull-request.sh', () => {
  let github: GithubSimulator;
  let folder: string;
  let number: number;

  beforeAll(async () => {
    github = await startGithubSimulator({
      examples: REPOSITORIES,
      start: START,
      tokens: TOKENS,
    });
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runner-'));
    ({ number } = await github.openPullRequest(VVP, {
      branch: `comment-${Math.random()}`,
      title: 'Change something',
      files: { 'README.md': `${Math.random()}\n` },
    }));
  });

  afterEach(() => rm(folder, { recursive: true }));

  afterAll(async () => {
    await expectNoViolations(github, 'pull-request-comment');
    await github.stop();
  });

  async function comment(
    text: string,
    environment: Record<string, string> = {},
  ): Promise<{ code: number | null; output: string }> {
    await writeFile(join(folder, 'comment.md'), text);
    return new Promise((done, reject) => {
      const child = spawn(join(SCRIPTS, 'comment-pull-request.sh'), {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          TMPDIR: folder,
          GITHUB_API_URL: github.apiUrl,
          GITHUB_REPOSITORY: VVP,
          GITHUB_TOKEN: TOKEN,
          PULL_REQUEST: String(number),
          COMMENT: 'tests',
          COMMENT_FILE: 'comment.md',
          ...environment,
        },
      });
      let output = '';
      const take = (chunk: string) => {
        output += chunk;
      };
      child.stdout.setEncoding('utf8').on('data', take);
      child.stderr.setEncoding('utf8').on('data', take);
      child.once('error', reject);
      child.once('close', code => done({ code, output }));
    });
  }

  async function bodies(): Promise<string[]> {
    const { comments } = await github.feedback(VVP);
    return comments
      .filter(one => one.number === number)
      .map(({ body }) => body);
  }

  it('puts one comment there, and brings it up to date', async () => {
    const first = await comment('33 passed, "all" of `them`\n');
    const second = await comment('34 passed\n');

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(await bodies()).toEqual([
      '<!-- deploy-pipeline: tests -->\n34 passed\n',
    ]);
  });

  it('leaves other comments alone', async () => {
    await comment('the plan\n', { COMMENT: 'terraform-plan' });
    await comment('33 passed, "all" of `them`\n');

    expect(await bodies()).toEqual([
      '<!-- deploy-pipeline: terraform-plan -->\nthe plan\n',
      '<!-- deploy-pipeline: tests -->\n33 passed, "all" of `them`\n',
    ]);
  });

  it('says nothing where there is nothing to say', async () => {
    const { code } = await comment('');

    expect(code).toBe(0);
    expect(await bodies()).toEqual([]);
  });

  it('does not fail the job if GitHub does not take it, and keeps its token to itself', async () => {
    const { code, output } = await comment('33 passed\n', {
      GITHUB_TOKEN: 'no-such-token',
    });

    expect(output).toContain('::warning::GitHub did not take the comment.');
    expect(output).not.toContain('no-such-token');
    expect(code).toBe(0);
  });
});
