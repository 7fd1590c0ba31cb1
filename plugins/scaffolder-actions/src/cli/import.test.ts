import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './run';

jest.setTimeout(240_000);

const WORKFLOW = [
  'name: Shop',
  'on: { push: { branches: [main] } }',
  'jobs:',
  '  deploy:',
  '    runs-on: ubuntu-24.04',
  '    timeout-minutes: 20',
  '    environment: production',
  '    steps:',
  '      - uses: actions/checkout@v4',
  '      - run: az containerapp update --name shop --resource-group shops',
].join('\n');

describe('deploy-pipeline import', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'import-test-'));
    await mkdir(path.join(folder, '.github/workflows'), { recursive: true });
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function workflow(text: string): Promise<string> {
    const file = path.join(folder, '.github/workflows/deploy.yml');
    await writeFile(file, text);
    return file;
  }

  async function call(...args: string[]) {
    const out: string[] = [];
    const error: string[] = [];
    const code = await run(['import', ...args], {
      out: text => out.push(text),
      error: text => error.push(text),
    });
    return { code, out: out.join('\n'), error: error.join('\n') };
  }

  it('writes a deploy.yaml, and says what became of everything', async () => {
    const file = await workflow(WORKFLOW);
    const out = path.join(folder, 'deploy.yaml');

    const told = await call(
      folder,
      '--out',
      out,
      '--repository',
      'example-org/shop',
    );

    expect(told).toMatchObject({ code: 0, error: '' });
    expect(told.out).toContain(
      `${file}, job deploy\n  ${file}:5:14: kept: runs-on: what is taken`,
    );
    expect(told.out).toContain(`wrote ${out}`);
    expect(await readFile(out, 'utf8')).toContain(
      'repository: example-org/shop',
    );
  });

  it('ends with 1 if something has no place, as text on standard error beside the spec', async () => {
    const file = await workflow(`${WORKFLOW}\n      - run: make cake`);

    const told = await call(file);

    expect(told.code).toBe(1);
    expect(told.out).toMatch(/^apiVersion: deploy\.vvp\.io/);
    expect(told.error).toContain(
      `${file}:11:14: unsupported: step 3, command "make cake": a command that was not understood`,
    );
  });

  it('tells it as JSON', async () => {
    const told = await call(await workflow(WORKFLOW), '--json');
    const { text, items, guessed, unknown } = JSON.parse(told.out);

    expect(text).toMatch(/^apiVersion/);
    expect(items).toContainEqual(
      expect.objectContaining({
        line: 7,
        job: 'deploy',
        item: 'environment',
        disposition: 'imported',
        keys: ['spec.environments[production].name'],
        leaves: ['/jobs/deploy/environment'],
      }),
    );
    expect([guessed, unknown].every(Array.isArray)).toBe(true);
  });

  it('does not overwrite what is there, unless told so', async () => {
    const file = await workflow(WORKFLOW);
    const out = path.join(folder, 'deploy.yaml');
    await writeFile(out, 'mine');

    const refused = await call(file, '--out', out);

    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.error).toContain(`${out} is there already`);
    expect(await readFile(out, 'utf8')).toBe('mine');
    expect(await call(file, '--out', out, '--force')).toMatchObject({
      code: 0,
    });
  });

  it.each([
    ['cannot be read', 'on: push\njobs: [', ':2:8: import: '],
    [
      'GitHub refuses',
      WORKFLOW.replace('timeout-minutes', 'timeout'),
      ':6:5: github: ',
    ],
  ])('writes nothing of a workflow that %s', async (_, text, place) => {
    const file = await workflow(text);

    const told = await call(file, '--out', path.join(folder, 'deploy.yaml'));

    expect(told.code).toBe(1);
    expect(told.out).toContain(`${file}${place}`);
    expect(told.out).toContain('Mend it');
    expect(await readdir(folder)).toEqual(['.github']);
  });

  it('shows what could steer a terminal, and writes it so that it means the same', async () => {
    const file = await workflow(
      WORKFLOW.replace('name: Shop', 'name: "Shop\\e]0;x\\a\\u009b"').concat(
        '\n        env: { ODD: "a\\e[31mb" }\n      - run: "make \\e[2J\\r cake"',
      ),
    );

    const told = await call(file);

    expect(told.out + told.error).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(told.error).toContain('make \\u001b[2J');
  });

  it('says that there is no such file', async () => {
    expect(await call(path.join(folder, 'none.yml'))).toMatchObject({
      code: 2,
      error: expect.stringContaining('there is no such file or folder'),
    });
  });
});
