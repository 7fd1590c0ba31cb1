import { InputError } from '@backstage/errors';
import {
  CoverageCount,
  CoverageCounts,
  EvidenceFormat,
} from '@vvp/backstage-plugin-deploy-common';
import { ownText } from '../ownText';
import { CoverageReport, FileCoverage } from '../types';
import { addCounts, nothing } from './counts';
import { FileTally } from './FileTally';

/** More files than any repository has that runs its tests in one job. */
const maxFiles = 100_000;

const maxPath = 4096;

/** Bounds memory and time; a report of 50 MB has one million. */
const maxLines = 10_000_000;

/** What a coverage report says beside its files. */
export interface AboutCoverage {
  format: EvidenceFormat;
  measuredAt?: string;
  tool?: string;
  roots?: string[];
  /** As the report states them; each is used if it is of more than the files tell of. */
  stated?: Partial<CoverageCounts>;
}

/** Gathers what a coverage report says of each file. */
export class CoverageBuilder {
  readonly #files = new Map<string, FileTally>();
  #lines = 0;
  readonly #spend = (lines: number) => {
    this.#lines += lines;
    if (this.#lines > maxLines) {
      throw new InputError(
        `A report of more than ${maxLines} lines is not read`,
      );
    }
  };

  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  /**
   * The tally of a file, which begins when it is first asked for.
   *
   * @param where - place in the report, for the message
   */
  file(path: string | undefined, where: string, packageName?: string) {
    if (!path || path.length > maxPath) {
      throw new InputError(
        `${where}: a file needs a path of at the most ${maxPath} characters`,
      );
    }
    const known = this.#files.get(path);
    if (known) {
      return known;
    }
    if (this.#files.size === maxFiles) {
      throw new InputError(
        `${where}: a report of more than ${maxFiles} files is not read`,
      );
    }
    const own = ownText(path);
    const ownPackage = packageName ? ownText(packageName) : undefined;
    const tally = new FileTally(own, ownPackage, this.#spend);
    this.#files.set(own, tally);
    return tally;
  }

  build(about: AboutCoverage): CoverageReport {
    const files = [...this.#files.values()].map(tally => tally.build());
    const totalOf = (kind: keyof CoverageCounts) =>
      larger(sum(files, kind), about.stated?.[kind]);
    const branches = unlessNone(totalOf('branches'));
    const functions = unlessNone(totalOf('functions'));
    return {
      type: 'coverage',
      format: about.format,
      measuredAt: about.measuredAt,
      tool: about.tool,
      roots: about.roots ?? [],
      files: files.map(file => ({
        ...file,
        branches: branches && (file.branches ?? nothing),
        functions: functions && (file.functions ?? nothing),
      })),
      totals: {
        lines: totalOf('lines'),
        branches,
        functions,
      },
    };
  }
}

function sum(
  files: readonly FileCoverage[],
  kind: keyof CoverageCounts,
): CoverageCount {
  return files.reduce(
    (total, file) => addCounts(total, file[kind] ?? nothing),
    nothing,
  );
}

function larger(counted: CoverageCount, stated?: CoverageCount) {
  return stated && stated.total > counted.total ? stated : counted;
}

/** A report without a single one does not measure them: tools write 0 of 0 then. */
function unlessNone(counted: CoverageCount) {
  return counted.total > 0 ? counted : undefined;
}
