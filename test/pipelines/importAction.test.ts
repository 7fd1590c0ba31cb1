import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createPipelineImportAction } from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import { JsonObject } from '@backstage/types';
import { runAction } from './actionContext';

jest.setTimeout(240_000);

const WORKFLOWS = resolve(
  __dirname,
  '../../examples/sandbox-broker/.github/workflows',
);

describe('deploy:pipeline:import', () => {
  let workspacePath: string;

  beforeEach(async () => {
    workspacePath = await mkdtemp(join(tmpdir(), 'import-action-'));
    await cp(WORKFLOWS, join(workspacePath, 'repository/.github/workflows'), {
      recursive: true,
    });
  });

  afterEach(async () => {
    await rm(workspacePath, { recursive: true, force: true });
  });

  function run(input: JsonObject, options: { signal?: AbortSignal } = {}) {
    return runAction(createPipelineImportAction(), {
      input: { directory: 'repository', ...input },
      workspacePath,
      isDryRun: true,
      ...options,
    });
  }

  function written(folder: string): Promise<string> {
    return readFile(join(workspacePath, folder, 'deploy.yaml'), 'utf8');
  }

  it('writes a deploy.yaml of all workflows, and says what became of them', async () => {
    const { output, checkpoints } = await run({
      repository: 'example-org/sandbox-broker',
      failOnUnsupported: true,
      out: 'changes',
    });

    expect(output).toMatchObject({ written: ['deploy.yaml'], unsupported: [] });
    expect(output.report).toContain('.github/workflows/deploy.yml, job deploy');
    expect(checkpoints).toHaveLength(1);
    expect(await written('changes')).toContain('service: sandbox-broker-api');
    expect(await readdir(join(workspacePath, 'repository'))).toEqual([
      '.github',
    ]);
  });

  it('changes nothing a second time', async () => {
    await run({});

    expect((await run({})).output.written).toEqual([]);
  });

  it('does not overwrite a deploy.yaml, unless told so', async () => {
    await writeFile(join(workspacePath, 'repository/deploy.yaml'), 'mine');

    await expect(run({})).rejects.toThrow(
      'Nothing was written: deploy.yaml is there already',
    );
    expect(await written('repository')).toBe('mine');
    expect((await run({ force: true })).output.written).toEqual([
      'deploy.yaml',
    ]);
  });

  it('names what nothing stands in for, and ends if that is asked', async () => {
    const workflows = ['.github/workflows/cake.yml'];
    await writeFile(
      join(workspacePath, 'repository', workflows[0]),
      'on: push\njobs:\n  bake:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make cake\n',
    );

    await expect(run({ workflows, failOnUnsupported: true })).rejects.toThrow(
      /no word for all.*cake\.yml:6:14: unsupported/s,
    );
    expect(await readdir(join(workspacePath, 'repository'))).toEqual([
      '.github',
    ]);
    expect((await run({ workflows })).output.unsupported).toContainEqual({
      file: workflows[0],
      line: 6,
      column: 14,
      item: 'step 1, command "make cake"',
      message: 'a command that was not understood',
      remedy: expect.any(String),
    });
  });

  it.each([
    ['cannot be read', 'on: [', 'cake.yml:1:6: import: '],
    ['GitHub refuses', 'on: push\njobs: { a: { steps: [] } }', 'cake.yml:2:'],
  ])('writes nothing of a workflow that %s', async (_, text, message) => {
    const file = join(workspacePath, 'repository/.github/workflows/cake.yml');
    await writeFile(file, text);

    await expect(run({})).rejects.toThrow(message);
    expect(await readdir(join(workspacePath, 'repository'))).toEqual([
      '.github',
    ]);
  });

  it('reads and writes nothing outside the workspace', async () => {
    await mkdir(join(workspacePath, 'other'));
    await symlink('/etc', join(workspacePath, 'other/.github'));

    await expect(run({ directory: 'other' })).rejects.toThrow(
      'leads out of the workspace',
    );
    await expect(run({ workflows: ['../../x.yml'] })).rejects.toThrow(
      'leads out of the workspace',
    );
  });

  it('stops when the task is cancelled', async () => {
    await expect(run({}, { signal: AbortSignal.abort() })).rejects.toThrow(
      /abort/i,
    );
    expect(await readdir(join(workspacePath, 'repository'))).toEqual([
      '.github',
    ]);
  });
});
