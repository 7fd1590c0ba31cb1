import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
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

/** Whether python3 with pytest is there. */
export const hasPytest =
  spawnSync('python3', ['-m', 'pytest', '--version']).status === 0;

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

/** What the compiler says of the service and its tests. */
export async function typeErrors(folder: string): Promise<string[]> {
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const read = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const program = ts.createProgram(read?.fileNames ?? [], read?.options ?? {});
  return [...(read?.errors ?? []), ...ts.getPreEmitDiagnostics(program)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

/** Counts lines with what Python itself has for it, for pytest-cov need not be there. */
const TRACED = `
import pathlib, sys, threading, trace
import pytest

app = str(pathlib.Path.cwd() / "app")
covered = set()

def enter(frame, _event, _value):
    file = frame.f_code.co_filename
    if not file.startswith(app):
        return None

    def step(inner, event, _value):
        if event == "line":
            covered.add((file, inner.f_lineno))
        return step

    return step

threading.settrace(enter)
sys.settrace(enter)
code = pytest.main(["-q", "-p", "no:cacheprovider"])
sys.settrace(None)
executable = {
    (str(file), line)
    for file in pathlib.Path(app).glob("*.py")
    for line in trace._find_executable_linenos(str(file))
    if line > 0
}
print(f"lines {len(executable & covered)} of {len(executable)}")
sys.exit(code)
`;

/** Runs pytest on the service. */
export async function runPytest(folder: string): Promise<TestsRun> {
  const { stdout } = await run('python3', ['-c', TRACED], {
    cwd: folder,
    env: { ...cleanEnvironment(), PYTHONDONTWRITEBYTECODE: '1' },
  });
  const [, covered, executable] = /lines (\d+) of (\d+)/.exec(stdout) ?? [];
  return {
    output: stdout,
    coverage: (100 * Number(covered)) / Number(executable),
  };
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
