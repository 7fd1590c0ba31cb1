import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/** What the tests' simulators recorded about the calls they validated, added up. */
export async function readValidationReports(directory) {
  const total = {
    rest: {},
    webhooks: {},
    cloud: {},
    violations: [],
    unvalidated: [],
  };
  for (const file of await listReports(directory)) {
    const report = JSON.parse(
      await readFile(path.join(directory, file), 'utf8'),
    );
    addCounts(total.rest, report.rest ?? {});
    addCounts(total.webhooks, report.webhooks ?? {});
    for (const [model, counts] of Object.entries(report.cloud ?? {})) {
      total.cloud[model] ??= {};
      addCounts(total.cloud[model], counts);
    }
    total.violations.push(...(report.violations ?? []));
    total.unvalidated.push(...(report.unvalidated ?? []));
  }
  return total;
}

/** Prints a report; says whether every call was validated and found right. */
export function printValidationReport({
  rest,
  webhooks,
  cloud = {},
  violations,
  unvalidated,
}) {
  printCounts("Validated against GitHub's OpenAPI description", rest);
  printCounts("Validated against GitHub's webhook schemas", webhooks);
  for (const [model, counts] of Object.entries(cloud)) {
    printCounts(`Validated against ${model}`, counts);
  }
  printProblems('Not as its maker describes it', violations);
  printProblems('Validated by nothing', unvalidated);
  return (
    violations.length === 0 &&
    unvalidated.length === 0 &&
    Object.keys(rest).length > 0 &&
    Object.keys(webhooks).length > 0
  );
}

async function listReports(directory) {
  try {
    const files = await readdir(directory);
    return files.filter(file => file.endsWith('.json')).sort();
  } catch {
    return [];
  }
}

function addCounts(total, counts) {
  for (const [operation, count] of Object.entries(counts)) {
    total[operation] = (total[operation] ?? 0) + count;
  }
}

function printCounts(title, counts) {
  const operations = Object.entries(counts).sort();
  console.log(`${title}: ${operations.length || 'nothing'}`);
  for (const [operation, count] of operations) {
    console.log(`  ${String(count).padStart(6)}  ${operation}`);
  }
}

function printProblems(title, problems) {
  if (problems.length === 0) {
    return;
  }
  console.log(`${title}: ${problems.length}`);
  for (const problem of problems) {
    console.log(
      `  ${typeof problem === 'string' ? problem : JSON.stringify(problem)}`,
    );
  }
}
