import { InputError } from '@backstage/errors';
import { CoverageCounts } from '@vvp/backstage-plugin-deploy-common';
import { JsonReader } from '../JsonReader';
import { CoverageReport, ReportFormat, ReportParser } from '../types';
import { CoverageBuilder } from './CoverageBuilder';
import { coverageCount, lineNumber } from './counts';
import { Fields, fieldsOf, listOf } from './fields';
import { FileTally } from './FileTally';
import { timeOfText } from './time';

/** Versions of the format: 1 is not written, 2 since 5.0 and 3 since 7.6 of coverage.py. */
const formats = [undefined, 1, 2, 3];

/** coverage.py's JSON. Its lines are statements, as in its own report; branches if they were measured. */
class CoveragePyParser implements ReportParser {
  readonly #builder = new CoverageBuilder();
  readonly #reader = new JsonReader({
    paths: ['$.meta', '$.files.*', '$.totals'],
    onValue: (value, path) => this.#take(value, path),
  });
  #meta?: Fields;
  #totals?: CoverageCounts;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): CoverageReport {
    this.#reader.end();
    if (!this.#meta || !this.#totals) {
      throw new InputError(
        `${this.#meta ? 'totals' : 'meta'}: missing in a report of coverage.py`,
      );
    }
    const { version } = this.#meta;
    return this.#builder.build({
      format: 'coverage-py',
      tool: typeof version === 'string' ? `coverage.py ${version}` : undefined,
      measuredAt: timeOfText(this.#meta.timestamp),
      stated: this.#builder.isEmpty ? this.#totals : undefined,
    });
  }

  #take(value: unknown, [section, path]: readonly (string | number)[]) {
    if (section === 'files') {
      this.#takeFile(String(path), value);
    } else if (section === 'totals') {
      this.#totals = countsOf(fieldsOf(value, 'totals'), 'totals');
    } else {
      this.#meta = fieldsOf(value, 'meta');
      const { format } = this.#meta;
      if (!formats.includes(format as number | undefined)) {
        throw new InputError(
          `meta.format: version ${JSON.stringify(
            format,
          )} is not read; 1 to 3 are`,
        );
      }
    }
  }

  #takeFile(path: string, value: unknown) {
    const place = `files.${path}`;
    const fields = fieldsOf(value, place);
    const file = this.#builder.file(path, 'files');
    const { lines, branches } = countsOf(
      fieldsOf(fields.summary, `${place}.summary`),
      `${place}.summary`,
    );
    file.stateLines(lines);
    if (branches) {
      file.addBranches(branches);
    }
    addLines(file, fields, place, 'executed_lines');
    addLines(file, fields, place, 'missing_lines');
    if (fields.functions !== undefined) {
      addFunctions(file, fields.functions, `${place}.functions`);
    }
  }
}

function addLines(
  file: FileTally,
  fields: Fields,
  place: string,
  kind: 'executed_lines' | 'missing_lines',
) {
  const where = `${place}.${kind}`;
  for (const number of listOf(fields[kind], where)) {
    file.addLine(lineNumber(number, where), kind === 'executed_lines');
  }
}

/** Functions are listed since format 3; what is in none of them has an empty name. */
function addFunctions(file: FileTally, value: unknown, where: string) {
  for (const [name, region] of Object.entries(fieldsOf(value, where))) {
    const place = `${where}.${name}`;
    const fields = fieldsOf(region, place);
    const { lines } = countsOf(
      fieldsOf(fields.summary, `${place}.summary`),
      `${place}.summary`,
    );
    if (name !== '' && lines.total > 0) {
      file.addFunctions({ covered: lines.covered > 0 ? 1 : 0, total: 1 });
    }
  }
}

function countsOf(summary: Fields, where: string): CoverageCounts {
  return {
    lines: coverageCount(
      summary.covered_lines,
      summary.num_statements,
      `${where}.covered_lines`,
    ),
    branches:
      summary.num_branches === undefined
        ? undefined
        : coverageCount(
            summary.covered_branches,
            summary.num_branches,
            `${where}.covered_branches`,
          ),
  };
}

export const coveragePy: ReportFormat = {
  format: 'coverage-py',
  detect: head =>
    /^\s*\{\s*"meta"\s*:\s*\{/.test(head) &&
    /"(branch_coverage|show_contexts)"\s*:/.test(head),
  createParser: () => new CoveragePyParser(),
};
