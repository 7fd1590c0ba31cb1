import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Ends of an operation that leave nothing open. */
const clearEnds = [
  'succeeded, done',
  'failed, as-before',
  'cancelled, as-before',
];

/** What the tests wrote down about the processes that they killed, one report for each target. */
export async function readKillReports(directory) {
  const files = await readdir(directory).catch(() => []);
  return await Promise.all(
    files
      .filter(file => file.endsWith('.json'))
      .sort()
      .map(async file =>
        JSON.parse(await readFile(path.join(directory, file), 'utf8')),
      ),
  );
}

/** Prints how many there were; says whether any were, and all of their operations came to a clear end. */
export function printKillReport(reports) {
  let isClear = reports.length > 0;
  for (const { target, cases } of reports) {
    const kills = sum(cases.map(one => one.kills));
    const ends = cases.flatMap(one => Object.entries(one.outcomes));
    const clear = sum(
      ends.filter(([end]) => clearEnds.includes(end)).map(([, count]) => count),
    );
    console.log(`${target}: ${kills} kills, ${clear} rolled back or as before`);
    for (const { title, kills: count } of cases) {
      console.log(`  ${String(count).padStart(4)}  ${title}`);
    }
    isClear &&= kills > 0 && kills === clear;
  }
  if (reports.length === 0) {
    console.log('None');
  }
  return isClear;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
