import { InputError } from '@backstage/errors';
import { count } from '../numbers';
import { ownText } from '../ownText';
import { CoverageReport, ReportFormat, ReportParser } from '../types';
import { TextLines } from '../TextLines';
import { CoverageBuilder } from './CoverageBuilder';
import { coverageCount, lineNumber } from './counts';
import { FileTally } from './FileTally';
import { LcovNames } from './LcovNames';

/** Leaves room for as many branches on one line. */
const branchesPerLine = 2 ** 20;

/**
 * LCOV tracefiles as geninfo, Jest, c8, tarpaulin and others write them, up to version 2. A file that has a
 * record for each test counts once: what any test ran is covered. Counts come from the records of lines,
 * branches and functions; the sums beside them are checked only, and serve where a file has nothing else.
 */
class LcovParser implements ReportParser {
  readonly #builder = new CoverageBuilder();
  readonly #lines = new TextLines((text, line) => this.#take(text, line));
  readonly #branchNames = new Map<string, number>();
  readonly #functions = new Map<FileTally, LcovNames>();
  #file?: FileTally;
  #names?: LcovNames;
  readonly #stated = new Map<string, string>();

  write(text: string): void {
    this.#lines.write(text);
  }

  end(): CoverageReport {
    this.#lines.end();
    if (this.#file) {
      throw new InputError(
        `Line ${this.#lines.number}: the file ends before end_of_record`,
      );
    }
    if (this.#builder.isEmpty) {
      throw new InputError(
        `Line ${this.#lines.number}: the file has no SF record`,
      );
    }
    for (const [file, names] of this.#functions) {
      file.addFunctions(names.count());
    }
    return this.#builder.build({ format: 'lcov' });
  }

  #take(text: string, line: number) {
    if (text === '' || text.startsWith('#')) {
      return;
    }
    if (text === 'end_of_record') {
      this.#closeRecord(line);
      return;
    }
    const colon = text.indexOf(':');
    const key = text.slice(0, colon);
    const value = text.slice(colon + 1);
    if (key === 'SF') {
      this.#file = this.#builder.file(value, `Line ${line}, SF`);
      this.#names = this.#functions.get(this.#file);
    } else if (key === 'TN' && colon > 0) {
      return;
    } else if (!this.#file) {
      throw new InputError(
        `Line ${line}: ${JSON.stringify(
          text.slice(0, 40),
        )} outside of a record; a record begins with SF`,
      );
    } else {
      this.#takeRecord(this.#file, key, value, line);
    }
  }

  #takeRecord(file: FileTally, key: string, value: string, line: number) {
    const where = () => `Line ${line}, ${key}`;
    switch (key) {
      case 'DA': {
        const [number, hits] = value.split(',', 2);
        file.addLine(lineNumber(number, where), count(hits, where) > 0);
        break;
      }
      case 'BRDA':
        this.#takeBranch(file, value, where);
        break;
      case 'FN':
      case 'FNL':
      case 'FNDA':
      case 'FNA':
        this.#namesOf(file).take(key, value, where);
        break;
      case 'LF':
      case 'LH':
      case 'BRF':
      case 'BRH':
      case 'FNF':
      case 'FNH':
        count(value, where);
        this.#stated.set(key, ownText(value));
        break;
      case 'VER':
      case 'MCDC':
      case 'MCF':
      case 'MCH':
        break;
      default:
        throw new InputError(
          `Line ${line}: ${JSON.stringify(
            key.slice(0, 40),
          )} is no record of LCOV`,
        );
    }
  }

  /** `line,block,branch,taken`; taken is `-` where the line was not reached. */
  #takeBranch(file: FileTally, value: string, where: () => string) {
    const first = value.indexOf(',');
    const last = value.lastIndexOf(',');
    const line = lineNumber(value.slice(0, first), where);
    const taken = value.slice(last + 1);
    const name = value.slice(first + 1, last);
    const known = this.#branchNames.get(name);
    const number = known ?? this.#branchNames.size;
    if (known === undefined) {
      if (first < 0 || last <= first || number === branchesPerLine) {
        throw new InputError(
          `${where()}: needs line, block, branch and times taken`,
        );
      }
      this.#branchNames.set(ownText(name), number);
    }
    file
      .branchList()
      .add(
        line * branchesPerLine + number,
        taken !== '-' && count(taken, where) > 0,
      );
  }

  #namesOf(file: FileTally): LcovNames {
    if (!this.#names) {
      this.#names = new LcovNames();
      this.#functions.set(file, this.#names);
    }
    return this.#names;
  }

  #closeRecord(line: number) {
    const file = this.#file;
    if (!file) {
      throw new InputError(`Line ${line}: end_of_record without SF`);
    }
    const stated = (kind: string) => {
      const total = this.#stated.get(`${kind}F`);
      const covered = this.#stated.get(`${kind}H`);
      return total === undefined || covered === undefined
        ? undefined
        : coverageCount(covered, total, `Line ${line}, ${kind}H`);
    };
    const lines = stated('L');
    const branches = stated('BR');
    const functions = stated('FN');
    if (lines && !file.hasLines) {
      file.stateLines(lines);
    }
    if (branches?.total && !file.hasBranchList) {
      file.addBranches(branches);
    }
    if (functions?.total && !this.#names) {
      file.addFunctions(functions);
    }
    this.#names?.closeRecord();
    this.#stated.clear();
    this.#file = undefined;
    this.#names = undefined;
  }
}

export const lcov: ReportFormat = {
  format: 'lcov',
  detect: head => /^(?:(?:#[^\n]*|TN:[^\n]*|[ \t\r]*)\n)*SF:/.test(head),
  createParser: () => new LcovParser(),
};
