import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { resolveRoot } from './paths.mjs';

/** What the stages of a test run add up to. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** Counts a stage that either succeeds or does not, as one test. */
  addCheck(succeeded) {
    this.passed += succeeded ? 1 : 0;
    this.failed += succeeded ? 0 : 1;
  }

  /** Adds the results that jest wrote. A suite that could not run is a failure even without a test in it. */
  addJestResults(results) {
    this.passed += results.numPassedTests;
    this.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
    this.skipped += results.numPendingTests + results.numTodoTests;
  }

  /** Adds the last lines of Node's own test runner, such as `# pass 12`. */
  addTapSummary(output) {
    this.passed += readTapCount(output, 'pass');
    this.failed += readTapCount(output, 'fail');
    this.skipped +=
      readTapCount(output, 'skipped') + readTapCount(output, 'todo');
  }

  get clean() {
    return this.failed === 0 && this.skipped === 0;
  }

  toString() {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}

function readTapCount(output, kind) {
  const match = new RegExp(`^# ${kind} (\\d+)$`, 'm').exec(output);
  return match ? Number(match[1]) : 0;
}

/** Prints what comes now. */
export function heading(text) {
  console.log(`\n=== ${text}`);
}

/**
 * Runs a Node program and gives its exit code; undefined if it had not ended when its time was up.
 * A stage that hangs must not take the whole run with it. What it prints is printed, or goes to `onOutput`.
 */
export async function runNode(
  args,
  { cwd = resolveRoot(), env, signal, limitMinutes = 20, onOutput } = {},
) {
  return await new Promise((resolve, reject) => {
    const output = onOutput ? 'pipe' : 'inherit';
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
      signal,
      killSignal: 'SIGTERM',
    });
    for (const stream of onOutput ? [child.stdout, child.stderr] : []) {
      stream.setEncoding('utf8').on('data', onOutput);
    }
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      console.log(`Stopped: it had not ended after ${limitMinutes} minutes`);
      child.kill('SIGKILL');
    }, limitMinutes * 60_000);
    child.once('error', error => {
      clearTimeout(limit);
      reject(error);
    });
    const end = code => {
      clearTimeout(limit);
      resolve(timedOut ? undefined : code ?? 1);
    };
    child.once('exit', code => {
      // What it printed last may come after its exit; whom it left behind may hold the pipe for ever.
      if (!onOutput || timedOut) {
        end(code);
      }
    });
    child.once('close', end);
  });
}

/**
 * Runs programs that succeed or not, side by side, and counts each. One that hangs, of which none takes long,
 * is tried once more. Each prints as it ends, so that the lines of one stand together.
 *
 * @param checks - a title, and the arguments of Node
 */
export async function runChecks(tally, checks, options) {
  await Promise.all(
    checks.map(async ([title, ...args]) => {
      let output = '';
      const limited = {
        limitMinutes: 8,
        ...options,
        onOutput: chunk => {
          output += chunk;
        },
      };
      const code =
        (await runNode(args, limited)) ?? (await runNode(args, limited));
      heading(title);
      process.stdout.write(output);
      tally.addCheck(code === 0);
    }),
  );
}

/** Runs Node's own test runner on the files, and counts every test. */
export async function runNodeTests(tally, title, files, { signal } = {}) {
  heading(title);
  let output = '';
  const code = await new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--test', '--test-reporter=tap', ...files],
      { cwd: resolveRoot(), stdio: ['ignore', 'pipe', 'inherit'], signal },
    );
    child.stdout.setEncoding('utf8').on('data', chunk => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', resolve);
  });
  const failedBefore = tally.failed;
  tally.addTapSummary(output);
  if (code !== 0) {
    console.log(output);
  }
  if (code !== 0 && tally.failed === failedBefore) {
    tally.addCheck(false);
  }
}

/**
 * Runs jest through a program that passes its arguments on, and counts every test. With `atTheEnd` its output is printed
 * then, as another stage prints meanwhile.
 */
export async function runJest(
  tally,
  title,
  args,
  { atTheEnd = false, ...options } = {},
) {
  let output = '';
  if (!atTheEnd) {
    heading(title);
  }
  const resultFile = resolveRoot('.test', `${title.replace(/\W+/g, '-')}.json`);
  await mkdir(path.dirname(resultFile), { recursive: true });
  await rm(resultFile, { force: true });
  const code = await runNode(
    [...args, '--json', `--outputFile=${resultFile}`],
    {
      ...options,
      ...(atTheEnd && {
        onOutput: chunk => {
          output += chunk;
        },
      }),
    },
  );
  if (atTheEnd) {
    heading(title);
    process.stdout.write(output);
  }
  const failedBefore = tally.failed;
  try {
    tally.addJestResults(JSON.parse(await readFile(resultFile, 'utf8')));
  } catch {
    console.log(`${title}: jest ended without results`);
  }
  if (code !== 0 && tally.failed === failedBefore) {
    tally.addCheck(false);
  }
}
