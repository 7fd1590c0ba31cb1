import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ValidationReport } from '../simulators/azure';

const folder = resolve(__dirname, '..', '..', '.test', 'validation');

/** Adds up what several simulators of a test file counted. */
export class ValidationTotals {
  readonly #total: ValidationReport = {
    cloud: {},
    violations: [],
    unvalidated: [],
  };

  add(report: ValidationReport): void {
    for (const [model, counts] of Object.entries(report.cloud)) {
      const sum = (this.#total.cloud[model] ??= {});
      for (const [operation, count] of Object.entries(counts)) {
        sum[operation] = (sum[operation] ?? 0) + count;
      }
    }
    this.#total.violations.push(...report.violations);
    this.#total.unvalidated.push(...report.unvalidated);
  }

  /** For `.ci/run`, which prints it; fails if anything was not as its maker describes it. */
  async write(name: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, `${name}.json`),
      JSON.stringify(this.#total, undefined, 2),
    );
    const problems = [...this.#total.violations, ...this.#total.unvalidated];
    if (problems.length > 0) {
      throw new Error(`Not as its maker describes it: ${problems.join('\n')}`);
    }
  }
}
