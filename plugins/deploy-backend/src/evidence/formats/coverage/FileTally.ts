import { CoverageCount } from '@vvp/backstage-plugin-deploy-common';
import { FileCoverage } from '../types';
import { addCounts, nothing } from './counts';
import { HitList } from './HitList';
import { LineBranches } from './LineBranches';

/** Lines are accounted for in lots. */
const accounted = 1000;

/** What a report has said of one source file so far; it may come back to the file. */
export class FileTally {
  readonly path: string;
  readonly package?: string;
  readonly #lines = new HitList();
  readonly #spend: (lines: number) => void;
  #added = 0;
  #lineBranches?: LineBranches;
  #branchList?: HitList;
  #branches?: CoverageCount;
  #functions?: CoverageCount;
  #statedLines?: CoverageCount;

  /** @param spend - told of lines that are added; throws when a report has too many */
  constructor(
    path: string,
    packageName: string | undefined,
    spend: (lines: number) => void,
  ) {
    this.path = path;
    this.package = packageName;
    this.#spend = spend;
  }

  /** A line that is added more than once counts once, covered if it ever was. */
  addLine(number: number, hit: boolean): void {
    this.#added += 1;
    if (this.#added === accounted) {
      this.#spend(accounted);
      this.#added = 0;
    }
    this.#lines.add(number, hit);
  }

  get hasLines(): boolean {
    return !this.#lines.isEmpty;
  }

  /** Branches that leave a line. */
  addLineBranches(line: number, branches: CoverageCount): void {
    this.#lineBranches ??= new LineBranches();
    this.#lineBranches.add(line, branches);
  }

  /** Branches one by one, by whatever number. */
  branchList(): HitList {
    this.#branchList ??= new HitList();
    return this.#branchList;
  }

  get hasBranchList(): boolean {
    return this.#branchList !== undefined;
  }

  addBranches(branches: CoverageCount): void {
    this.#branches = addCounts(this.#branches ?? nothing, branches);
  }

  addFunctions(functions: CoverageCount): void {
    this.#functions = addCounts(this.#functions ?? nothing, functions);
  }

  /** Lines by number only, or counted otherwise than one by one. */
  stateLines(lines: CoverageCount): void {
    this.#statedLines = addCounts(this.#statedLines ?? nothing, lines);
  }

  build(): FileCoverage {
    const { hit, missed } = this.#lines.split();
    return {
      path: this.path,
      package: this.package,
      lines: this.#statedLines ?? this.#lines.count(),
      branches:
        this.#lineBranches?.count() ??
        this.#branchList?.count() ??
        this.#branches,
      functions: this.#functions,
      coveredLines: hit,
      missedLines: missed,
    };
  }
}
