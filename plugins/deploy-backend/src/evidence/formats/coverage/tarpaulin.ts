import { InputError } from '@backstage/errors';
import { JsonReader } from '../JsonReader';
import { count } from '../numbers';
import { CoverageReport, ReportFormat, ReportParser } from '../types';
import { CoverageBuilder } from './CoverageBuilder';
import { coverageCount, lineNumber } from './counts';
import { Fields, fieldsOf, listOf } from './fields';
import { FileTally } from './FileTally';

/** tarpaulin's JSON. Lines only; the source code that the report holds too is passed over. */
class TarpaulinParser implements ReportParser {
  readonly #builder = new CoverageBuilder();
  readonly #reader = new JsonReader({
    paths: [
      '$.files.*.path',
      '$.files.*.traces.*',
      '$.files.*.covered',
      '$.files.*.coverable',
    ],
    onValue: (value, path) => this.#take(value, path),
  });
  #index = -1;
  #file?: FileTally;
  #covered: unknown;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): CoverageReport {
    this.#reader.end();
    if (this.#builder.isEmpty) {
      throw new InputError('files: the report has none');
    }
    return this.#builder.build({
      format: 'tarpaulin',
      tool: 'cargo-tarpaulin',
    });
  }

  #take(value: unknown, path: readonly (string | number)[]) {
    const [, index, part] = path;
    const place = path.join('.');
    if (part === 'path') {
      const [first, ...rest] = listOf(value, place).map(String);
      const root = first === '/' ? '/' : `${first}/`;
      this.#file = this.#builder.file(
        rest.length > 0 ? root + rest.join('/') : first,
        place,
      );
      this.#index = Number(index);
    } else if (part === 'covered') {
      this.#covered = value;
    } else if (part === 'coverable') {
      coverageCount(this.#covered, value, place);
    } else {
      this.#takeTrace(value, Number(index), place);
    }
  }

  #takeTrace(value: unknown, index: number, place: string) {
    if (!this.#file || this.#index !== index) {
      throw new InputError(`${place}: the path of the file is not before it`);
    }
    const { line, stats } = fieldsOf(value, place);
    this.#file.addLine(
      lineNumber(line, `${place}.line`),
      wasRun(fieldsOf(stats, `${place}.stats`), `${place}.stats`),
    );
  }
}

/** `{"Line": 3}`, times run; or, from instrumented branches, `{"Branch": {"been_true", "been_false"}}`. */
function wasRun(stats: Fields, where: string): boolean {
  if (stats.Branch !== undefined) {
    const branch = fieldsOf(stats.Branch, `${where}.Branch`);
    return branch.been_true === true || branch.been_false === true;
  }
  return count(stats.Line, `${where}.Line`) > 0;
}

export const tarpaulin: ReportFormat = {
  format: 'tarpaulin',
  detect: head => /^\s*\{\s*"files"\s*:\s*\[\s*\{\s*"path"\s*:\s*\[/.test(head),
  createParser: () => new TarpaulinParser(),
};
