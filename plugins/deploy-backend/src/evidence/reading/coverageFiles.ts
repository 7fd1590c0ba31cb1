import {
  CoverageCount,
  CoverageCounts,
  CoveredFile,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { EvidenceFileRow } from '../../store/rows';

const MAX_FILES = 200;
const MAX_PACKAGES = 200;

/** Without the lines, which are the bulk of it. */
type CountsRow = Omit<EvidenceFileRow, 'evidence_id' | 'covered' | 'missed'>;

type PackageCounts = CoverageCounts & { name: string };

const counts = [
  'lines_covered',
  'lines_total',
  'branches_covered',
  'branches_total',
  'functions_covered',
  'functions_total',
] as const;

/** The least covered files of a report, and all its packages; the least covered first. */
export async function loadFiles(
  knex: Knex,
  evidenceId: string,
): Promise<{ files: CoveredFile[]; packages: PackageCounts[] }> {
  const rows: CountsRow[] = await knex<EvidenceFileRow>('evidence_files')
    .where('evidence_id', evidenceId)
    .select('path', 'package', ...counts);
  const files = rows.map(toCoveredFile);
  return {
    files: files.sort(byCoverage('path')).slice(0, MAX_FILES),
    packages: packagesOf(files).slice(0, MAX_PACKAGES),
  };
}

/** Sums by package; a file without one belongs to its directory. The least covered first. */
export function packagesOf(files: readonly CoveredFile[]): PackageCounts[] {
  const packages = new Map<string, PackageCounts>();
  for (const file of files) {
    const name = file.package || directoryOf(file.path);
    const sum = packages.get(name);
    packages.set(name, {
      name,
      lines: sum ? add(sum.lines, file.lines) : file.lines,
      ...optional('branches', sum?.branches, file.branches),
      ...optional('functions', sum?.functions, file.functions),
    });
  }
  return [...packages.values()].sort(byCoverage('name'));
}

/** Least covered first, then what has the most to cover; what has no lines comes last. */
function byCoverage<K extends string>(key: K) {
  const missed = ({ lines }: CoverageCounts) => lines.total - lines.covered;
  const share = ({ lines }: CoverageCounts) =>
    lines.total === 0 ? 2 : lines.covered / lines.total;
  return <T extends CoverageCounts & Record<K, string>>(left: T, right: T) =>
    share(left) - share(right) ||
    missed(right) - missed(left) ||
    (left[key] < right[key] ? -1 : 1);
}

function optional<K extends 'branches' | 'functions'>(
  key: K,
  left: CoverageCount | undefined,
  right: CoverageCount | undefined,
): { [key in K]?: CoverageCount } {
  const sum = left && right ? add(left, right) : left ?? right;
  return (sum ? { [key]: sum } : {}) as { [key in K]?: CoverageCount };
}

function add(left: CoverageCount, right: CoverageCount): CoverageCount {
  return {
    covered: left.covered + right.covered,
    total: left.total + right.total,
  };
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

function toCoveredFile(row: CountsRow): CoveredFile {
  return {
    path: row.path,
    ...(row.package && { package: row.package }),
    lines: { covered: row.lines_covered, total: row.lines_total },
    ...countOf('branches', row.branches_covered, row.branches_total),
    ...countOf('functions', row.functions_covered, row.functions_total),
  };
}

function countOf(
  key: 'branches' | 'functions',
  covered: number | null | undefined,
  total: number | null | undefined,
) {
  return typeof covered === 'number' && typeof total === 'number'
    ? { [key]: { covered, total } }
    : {};
}
