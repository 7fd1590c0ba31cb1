import { CoverageCounts } from '@vvp/backstage-plugin-deploy-common';
import { JsonReader } from '../JsonReader';
import { CoverageReport, ReportFormat, ReportParser } from '../types';
import { CoverageBuilder } from './CoverageBuilder';
import { coverageCount } from './counts';
import { fieldsOf } from './fields';

/** Istanbul's `coverage-summary.json`: counts by file, or just the total. */
class IstanbulSummaryParser implements ReportParser {
  readonly #builder = new CoverageBuilder();
  readonly #reader = new JsonReader({
    paths: ['$.*'],
    onValue: (value, [key]) => this.#take(String(key), value),
  });
  #total?: CoverageCounts;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): CoverageReport {
    this.#reader.end();
    return this.#builder.build({
      format: 'istanbul-summary',
      stated: this.#builder.isEmpty ? this.#total : undefined,
    });
  }

  #take(key: string, value: unknown) {
    const fields = fieldsOf(value, key);
    const counts = {
      lines: countOf(fields.lines, `${key}.lines`),
      branches: countOf(fields.branches, `${key}.branches`),
      functions: countOf(fields.functions, `${key}.functions`),
    };
    if (key === 'total') {
      this.#total = counts;
      return;
    }
    const file = this.#builder.file(key, key);
    file.stateLines(counts.lines);
    file.addBranches(counts.branches);
    file.addFunctions(counts.functions);
  }
}

function countOf(value: unknown, where: string) {
  const { covered, total } = fieldsOf(value, where);
  return coverageCount(covered, total, where);
}

export const istanbulSummary: ReportFormat = {
  format: 'istanbul-summary',
  detect: head =>
    /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"(lines|statements|functions|branches)"\s*:\s*\{\s*"total"/.test(
      head,
    ),
  createParser: () => new IstanbulSummaryParser(),
};
