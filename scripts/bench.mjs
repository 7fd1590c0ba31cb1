import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { ensureInstalled } from './lib/install.mjs';
import { readLines } from './lib/lines.mjs';
import { checkNodeVersion } from './lib/nodeVersion.mjs';
import { resolveRoot } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { Problem, runCommand } from './lib/problem.mjs';

// Runs every test/bench/*.bench.ts; each prints its results as lines of JSON: {name, value, unit, baseline, ratio}.
const benchDirectory = resolveRoot('test/bench');
const resultFile = resolveRoot('bench-results.json');

await runCommand(async () => {
  await checkNodeVersion();
  await ensureInstalled(resolveRoot('.test/logs/install.log'));
  const files = (await readdir(benchDirectory))
    .filter(file => file.endsWith('.bench.ts'))
    .filter(file => file.includes(process.argv[2] ?? ''))
    .sort();

  const postgres = await startPostgres(resolveRoot('.test/logs/postgres.log'));
  const results = [];
  try {
    for (const file of files) {
      console.log(`Running ${file}`);
      results.push(...(await runBench(file, postgres.connectionString)));
    }
  } finally {
    await postgres.stop();
  }

  printTable(results);
  await writeFile(resultFile, `${JSON.stringify(results, undefined, 2)}\n`);
});

async function runBench(file, connectionString) {
  const results = [];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', `${benchDirectory}/${file}`],
    {
      cwd: resolveRoot('test'),
      env: {
        ...process.env,
        BENCH_POSTGRES_CONNECTION_STRING: connectionString,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  readLines(child.stdout, line => {
    if (line.startsWith('{')) {
      results.push(JSON.parse(line));
    }
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new Problem(`${file} ended with exit code ${code}.`);
  }
  return results;
}

function printTable(results) {
  const header = ['name', 'value', 'unit', 'baseline', 'ratio'];
  const rows = [
    header,
    ...results.map(result => header.map(key => formatCell(result[key]))),
  ];
  const widths = header.map((_, column) =>
    Math.max(...rows.map(row => row[column].length)),
  );
  console.log('');
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  }
}

function formatCell(value) {
  if (typeof value === 'number') {
    return String(Number(value.toPrecision(4)));
  }
  return value ?? '';
}
