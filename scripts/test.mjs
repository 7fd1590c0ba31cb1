import { readdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { ensureInstalled } from './lib/install.mjs';
import { printKillReport, readKillReports } from './lib/killReport.mjs';
import { checkNodeVersion } from './lib/nodeVersion.mjs';
import { resolveRoot } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { Problem, runCommand } from './lib/problem.mjs';
import {
  Tally,
  heading,
  runChecks,
  runJest,
  runNodeTests,
} from './lib/stages.mjs';
import {
  printValidationReport,
  readValidationReports,
} from './lib/validationReport.mjs';

const help = `npm test               everything
npm run test:checks    types, lint and format
npm run test:unit      unit and integration tests, on SQLite and PostgreSQL
npm run test:e2e       end-to-end tests in a real browser
npm run test:faults    those of the unit tests that kill processes, at every moment`;

const parts = ['checks', 'unit', 'e2e'];
const choices = [...parts, 'faults'];
const validationDirectory = resolveRoot('.test/validation');
const killDirectory = resolveRoot('.test/kills');
const postgresVariable = 'BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING';

const stopRequest = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => stopRequest.abort());
}

await runCommand(async () => {
  const [part] = process.argv.slice(2);
  if (part !== undefined && !choices.includes(part)) {
    throw new Problem(`There is no part '${part}'.\n\n${help}`);
  }
  try {
    await runTests(part ? [part] : parts);
  } catch (error) {
    if (!stopRequest.signal.aborted) {
      throw error;
    }
    throw new Problem('Stopped before the end.');
  }
});

async function runTests(chosenParts) {
  await checkNodeVersion();
  await ensureInstalled(resolveRoot('.test/logs/install.log'));
  await rm(validationDirectory, { recursive: true, force: true });
  await rm(killDirectory, { recursive: true, force: true });

  const tally = new Tally();
  if (chosenParts.includes('checks')) {
    await checkSources(tally);
  }
  // The browser's tests wait for the demo more than they compute: what they leave is the unit tests'.
  await Promise.all([
    chosenParts.includes('unit') && runUnitTests(tally),
    chosenParts.includes('faults') && runFaultTests(tally),
    chosenParts.includes('e2e') &&
      runEndToEndTests(tally, { atTheEnd: chosenParts.length > 1 }),
  ]);
  if (chosenParts.includes('unit') || chosenParts.includes('faults')) {
    heading('Processes that were killed in the middle of an operation');
    tally.addCheck(printKillReport(await readKillReports(killDirectory)));
  }
  if (chosenParts.length > 1) {
    heading('GitHub: what validated each call and webhook');
    const report = await readValidationReports(validationDirectory);
    tally.addCheck(printValidationReport(report));
  }
  console.log(`\n${tally}`);
  process.exitCode = tally.clean ? 0 : 1;
}

async function checkSources(tally) {
  await runChecks(
    tally,
    [
      [
        'Types',
        bin('typescript/bin/tsc'),
        '--noEmit',
        '--incremental',
        'false',
      ],
      ['Lint', bin('@backstage/cli/bin/backstage-cli'), 'repo', 'lint'],
      [
        'Lint of the scripts',
        bin('eslint/bin/eslint.js'),
        '--ext',
        '.mjs',
        'scripts',
        'test',
      ],
      ['Format', bin('prettier/bin-prettier.js'), '--check', '.'],
    ],
    { signal: stopRequest.signal },
  );
}

async function runUnitTests(tally) {
  const scriptTests = (await readdir(resolveRoot('scripts/lib')))
    .filter(file => file.endsWith('.test.mjs'))
    .map(file => resolveRoot('scripts/lib', file));
  await runNodeTests(tally, 'Tests of the root commands', scriptTests, {
    signal: stopRequest.signal,
  });

  await runJestWithPostgres(tally, 'Unit and integration tests', [
    bin('@backstage/cli/bin/backstage-cli'),
    'repo',
    'test',
  ]);
}

/** Those of the unit tests that kill processes, or a target in them: at every moment, of which the others try a few. */
async function runFaultTests(tally) {
  process.env.FAULTS = 'all';
  await runJestWithPostgres(tally, 'Fault tests', [
    bin('jest/bin/jest.js'),
    '--config',
    resolveRoot('test/jest.config.js'),
    'test/faults/',
    'targets/.*(Kills|Kit|Conformance|kubernetes)\\.test',
  ]);
}

async function runJestWithPostgres(tally, title, args) {
  const postgres = process.env[postgresVariable]
    ? undefined
    : await startPostgres(resolveRoot('.test/logs/postgres.log'));
  try {
    await runJest(
      tally,
      title,
      // A busy machine takes longer than jest's five seconds to load a whole app for the first time
      // Many suites wait for other processes rather than compute: two for each core,
      // as far as the connections of one PostgreSQL go
      [
        ...args,
        '--testTimeout=240000',
        `--testSequencer=${resolveRoot('scripts/lib/slowFirst.cjs')}`,
        `--maxWorkers=${Math.min(cpus().length * 2, 8)}`,
        // Backstage's own limit of a gigabyte ends a worker every minute, and all that it has compiled with it
        '--workerIdleMemoryLimit=2500M',
      ],
      {
        signal: stopRequest.signal,
        // Hundreds of processes are started and killed.
        limitMinutes: 50,
        env: {
          CI: '1',
          NODE_ENV: 'test',
          TEST_VALIDATION_DIRECTORY: validationDirectory,
          BACKSTAGE_TEST_DISABLE_DOCKER: '1',
          ...(postgres && { [postgresVariable]: postgres.connectionString }),
        },
      },
    );
  } finally {
    await postgres?.stop();
  }
}

async function runEndToEndTests(tally, { atTheEnd }) {
  await runJest(
    tally,
    'End-to-end tests',
    [
      bin('jest/bin/jest.js'),
      '--config',
      resolveRoot('test/e2e/jest.config.js'),
      '--runInBand',
    ],
    {
      atTheEnd,
      // A machine that runs the other tests as well is slower.
      limitMinutes: 35,
      signal: stopRequest.signal,
      env: {
        CI: '1',
        NODE_ENV: 'test',
        TEST_VALIDATION_DIRECTORY: validationDirectory,
      },
    },
  );
}

function bin(file) {
  return resolveRoot('node_modules', file);
}
