import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { goodWorkflowBut } from '../lint/__testUtils__/goodWorkflow';
import { run } from './run';

describe('deploy-pipeline', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pipeline-test-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function write(name: string, text: string): Promise<string> {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  async function call(...args: string[]) {
    const out: string[] = [];
    const error: string[] = [];
    const code = await run(args, {
      out: text => out.push(text),
      error: text => error.push(text),
    });
    return { code, out: out.join('\n'), error: error.join('\n') };
  }

  it('ends with 0 if there is nothing to say', async () => {
    const file = await write('good.yml', goodWorkflowBut({}));

    expect(await call('lint', '--no-shellcheck', file)).toEqual({
      code: 0,
      out: '',
      error: '1 workflow, 0 findings',
    });
  });

  it('tells findings with file, line, column and remedy, and ends with 1', async () => {
    const file = await write(
      '.github/workflows/bad.yml',
      goodWorkflowBut({ 29: undefined }),
    );
    await write('.github/workflows/good.yaml', goodWorkflowBut({}));
    await write('.github/workflows/notes.md', '# no workflow');

    expect(await call('lint', '--no-shellcheck', folder)).toEqual({
      code: 1,
      out: `${file}:26:3: job-timeout: the job "deploy" has no time limit. Add timeout-minutes.`,
      error: '2 workflows, 1 finding',
    });
  });

  it('tells them as JSON', async () => {
    const file = await write('bad.yml', goodWorkflowBut({ 29: undefined }));

    const { code, out } = await call('lint', '--no-shellcheck', '--json', file);

    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      {
        file,
        line: 26,
        column: 3,
        rule: 'job-timeout',
        message: 'the job "deploy" has no time limit',
        remedy: 'Add timeout-minutes.',
      },
    ]);
  });

  it.each([
    [['lint'], 'deploy-pipeline lint     <workflow...>'],
    [['lnit', 'a.yml'], 'There is no command "lnit".'],
    [['lint', '--jsno', 'a.yml'], "Unknown option '--jsno'"],
    [['lint', 'no-such.yml'], 'no-such.yml: there is no such file or folder.'],
  ])('says what is wrong with %j, and ends with 2', async (args, message) => {
    const { code, error } = await call(...args);

    expect(code).toBe(2);
    expect(error).toContain(message);
  });

  it('says that a folder holds no workflow', async () => {
    const { code, error } = await call('lint', folder);

    expect(code).toBe(2);
    expect(error).toBe(
      `${folder}: no workflow is there. Name a file, or a folder with .yml files.`,
    );
  });
});
