import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ValidationReport } from '../simulators/azure';

const FOLDER = join(__dirname, '../../.test/validation');

/** Adds what the vendors' models said to the report of the test file that runs. */
export function recordValidation(report: ValidationReport): void {
  const file = join(FOLDER, `${testFile()}.json`);
  const total = readReport(file);
  for (const [model, counts] of Object.entries(report.cloud)) {
    const sum = total.cloud[model] ?? {};
    for (const [operation, count] of Object.entries(counts)) {
      sum[operation] = (sum[operation] ?? 0) + count;
    }
    total.cloud[model] = sum;
  }
  total.violations.push(...report.violations);
  total.unvalidated.push(...report.unvalidated);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(total, undefined, 2));
}

/** Reports of an earlier run of the same file are not added to. */
const begun = new Set<string>();

function readReport(file: string): ValidationReport {
  if (!begun.has(file)) {
    begun.add(file);
    return { cloud: {}, violations: [], unvalidated: [] };
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

function testFile(): string {
  const { testPath } = expect.getState();
  return basename(testPath ?? 'azureVm').replace(/\.test\.ts$/, '');
}
