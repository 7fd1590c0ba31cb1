import { InputError } from '@backstage/errors';
import {
  CoverageCount,
  CoverageCounts,
} from '@vvp/backstage-plugin-deploy-common';
import { CoverageReport, Report, TestReport } from '../formats/types';
import { pathPlacer } from './pathPlacer';
import { hasLongName } from './reportPath';
import { PathOwners, RepositoryLayout } from './repositoryLayout';

/** Paths that an error names. */
const NAMED = 3;

/**
 * Makes the paths of a report paths of the repository, so that they can be compared with a commit's.
 * Files of a coverage report that are not the service's are left out and not counted.
 *
 * @param options - `root`: directory of the repository that the report's paths start from
 * @throws InputError if no file of a coverage report is the service's, or one has a name of more than 255 characters
 */
export function placeReport(
  report: Report,
  layout: RepositoryLayout,
  options: { root?: string } = {},
): Report {
  switch (report.type) {
    case 'coverage':
      return placeCoverage(report, layout, options.root);
    case 'test':
      return placeTests(report, layout, options.root);
    default:
      return report;
  }
}

function placeCoverage(
  report: CoverageReport,
  layout: RepositoryLayout,
  root?: string,
): CoverageReport {
  if (report.files.length === 0) {
    return report;
  }
  assertNames(report, root);
  const owners = new PathOwners(layout);
  const place = pathPlacer(
    report.files.map(file => file.path),
    {
      repository: layout.repository,
      owners,
      roots: report.roots.filter(directory => !hasLongName(directory)),
      root,
    },
  );
  const files = report.files.flatMap(file => {
    const path = place(file.path);
    if (path === undefined) {
      return owners.known ? [] : [file];
    }
    return owners.ownerOf(path) === 'service' ? [{ ...file, path }] : [];
  });
  if (files.length === 0) {
    throw new InputError(notOneFile(report, layout, root));
  }
  return files.length === report.files.length
    ? { ...report, files }
    : { ...report, files, totals: sumOf(files) };
}

/** A test's file is only where an annotation goes: one that cannot be placed stays as it is. */
function placeTests(
  report: TestReport,
  layout: RepositoryLayout,
  root?: string,
): TestReport {
  const paths = report.notable
    .flatMap(test => test.file ?? [])
    .filter(path => !hasLongName(path));
  if (paths.length === 0 || (root !== undefined && hasLongName(root))) {
    return report;
  }
  const place = pathPlacer([...new Set(paths)], {
    repository: layout.repository,
    owners: new PathOwners(layout),
    roots: [],
    root,
  });
  return {
    ...report,
    notable: report.notable.map(test =>
      test.file === undefined || hasLongName(test.file)
        ? test
        : { ...test, file: place(test.file) ?? test.file },
    ),
  };
}

function assertNames(report: CoverageReport, root?: string): void {
  const path = [root ?? '', ...report.files.map(file => file.path)].find(
    hasLongName,
  );
  if (path !== undefined) {
    throw new InputError(
      `The path ${path.slice(
        0,
        200,
      )}… has a name of more than 255 characters, which no file can have. Check what wrote the report, and root if it was sent.`,
    );
  }
}

function notOneFile(
  report: CoverageReport,
  layout: RepositoryLayout,
  root?: string,
): string {
  const named = report.files
    .slice(0, NAMED)
    .map(file => file.path.slice(0, 200));
  const more = report.files.length > NAMED ? ', …' : '';
  const remedy =
    root === undefined
      ? 'Send root=<directory of the repository that the paths start from>, or mend paths in deploy.yaml.'
      : `Check root=${root}, or mend paths in deploy.yaml.`;
  return `None of the ${
    report.files.length
  } files in the report is the service's (${[
    ...layout.paths,
    ...layout.sharedPaths,
  ].join(', ')}): ${named.join(', ')}${more}. ${remedy}`;
}

function sumOf(files: readonly CoverageCounts[]): CoverageCounts {
  const sum = (key: keyof CoverageCounts): CoverageCount | undefined => {
    const counts = files.flatMap(file => file[key] ?? []);
    return counts.length === 0
      ? undefined
      : counts.reduce((left, right) => ({
          covered: left.covered + right.covered,
          total: left.total + right.total,
        }));
  };
  const branches = sum('branches');
  const functions = sum('functions');
  return {
    lines: sum('lines') ?? { covered: 0, total: 0 },
    ...(branches && { branches }),
    ...(functions && { functions }),
  };
}
