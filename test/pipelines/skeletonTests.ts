import { execFile, spawnSync } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const run = promisify(execFile);

const ROOT = resolve(__dirname, '../..');

/** What a run of a skeleton's tests came to. */
export interface TestsRun {
  output: string;
  /** Lines that were covered, in percent of those of the service. */
  coverage: number;
}

/** Whether this Node.js runs TypeScript as it is, and knows the least coverage of its own test runner. */
export const runsTypeScript = isAtLeast('22.18.0');

/** The Python that has pytest and pytest-cov: Debian's, which `.ci/run` installs, or the path's. */
const python = ['/usr/bin/python3', 'python3'].find(
  command =>
    spawnSync(command, ['-c', 'import pytest, pytest_cov']).status === 0,
);

/** Whether there is such a Python. */
export const hasPytest = python !== undefined;

/** Runs `npm test` of the service, as the pipeline does. */
export async function runNpmTest(
  folder: string,
  minimum: number,
): Promise<TestsRun> {
  const { stdout } = await run('npm', ['test'], {
    cwd: folder,
    env: { ...cleanEnvironment(), COVERAGE_MINIMUM: String(minimum) },
  });
  const lcov = await readFile(join(folder, 'coverage/lcov.info'), 'utf8');
  return { output: stdout, coverage: lineCoverage(lcov) };
}

/** The same tests on a Node.js that knows no types: they are taken off first. */
export async function runWithoutTypes(folder: string): Promise<TestsRun> {
  const plain = join(folder, '.plain');
  const files = await filesBelow(folder, /\.ts$/);
  for (const file of files) {
    const to = join(plain, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(
      to,
      ts.transpileModule(await readFile(join(folder, file), 'utf8'), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
        },
      }).outputText,
    );
  }
  await writeFile(join(plain, 'package.json'), '{"type": "module"}');
  const tests = files
    .filter(file => file.endsWith('.test.ts'))
    .map(file => file.replace(/\.ts$/, '.js'));
  const { stdout } = await run(
    process.execPath,
    [
      '--test',
      '--experimental-test-coverage',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=lcov',
      '--test-reporter-destination=lcov.info',
      ...tests,
    ],
    { cwd: plain, env: cleanEnvironment() },
  );
  const lcov = await readFile(join(plain, 'lcov.info'), 'utf8');
  return { output: stdout, coverage: lineCoverage(lcov) };
}

/** What was read of dependencies, which every service has in common. */
const declarations = new Map<string, ts.SourceFile>();

/** What the compiler says of the service and its tests. */
export async function typeErrors(folder: string): Promise<string[]> {
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const read = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  // Nobody asks what is wrong in Node.js's own declarations, which takes longer than all else.
  const options = { ...read?.options, skipLibCheck: true };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram(read?.fileNames ?? [], options, {
    ...host,
    getSourceFile: (file, ...rest) => {
      const parsed =
        declarations.get(file) ?? host.getSourceFile(file, ...rest);
      if (parsed && file.startsWith(join(ROOT, 'node_modules/'))) {
        declarations.set(file, parsed);
      }
      return parsed;
    },
  });
  return [...(read?.errors ?? []), ...ts.getPreEmitDiagnostics(program)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

/** How GitHub has bash run a step. */
const GITHUBS = ['--noprofile', '--norc', '-eo', 'pipefail', '-c'];

/** A step of a generated workflow that runs a script. */
export interface ScriptStep {
  run: string;
  'working-directory'?: string;
}

/**
 * Runs the step with which the pipeline tests a service in Python, threshold of the coverage included.
 *
 * @param repository - folder of the repository
 * @returns what it printed, and whether it succeeded
 */
export async function runPytestStep(
  repository: string,
  step: ScriptStep,
): Promise<{ output: string; passed: boolean }> {
  const commands = await mkdtemp(join(tmpdir(), 'python-'));
  for (const [name, command] of [
    ['python', `exec ${python} "$@"`],
    ['pytest', `exec ${python} -m pytest "$@"`],
  ]) {
    await writeFile(join(commands, name), `#!/bin/sh\n${command}\n`, {
      mode: 0o755,
    });
  }
  const { status, stdout, stderr } = spawnSync('bash', [...GITHUBS, step.run], {
    cwd: join(repository, step['working-directory'] ?? '.'),
    env: {
      ...cleanEnvironment(),
      PATH: `${commands}:${process.env.PATH}`,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    encoding: 'utf8',
  });
  await rm(commands, { recursive: true, force: true });
  return { output: `${stdout}${stderr}`, passed: status === 0 };
}

/** Of the files of the service; tests cover themselves. */
function lineCoverage(lcov: string): number {
  let found = 0;
  let hit = 0;
  for (const record of lcov.split('end_of_record')) {
    if (/^SF:(.*\/)?src\//m.test(record)) {
      found += Number(/^LF:(\d+)/m.exec(record)?.[1]);
      hit += Number(/^LH:(\d+)/m.exec(record)?.[1]);
    }
  }
  return (100 * hit) / found;
}

/** Without what jest and this test's own runner told. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME } as NodeJS.ProcessEnv;
}

async function filesBelow(folder: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter(entry => entry.isFile() && name.test(entry.name))
    .map(entry =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name)),
    );
}

function isAtLeast(version: string): boolean {
  const [left, right] = [process.versions.node, version].map(one =>
    one.split('.').map(Number),
  );
  return left[0] > right[0] || (left[0] === right[0] && left[1] >= right[1]);
}
