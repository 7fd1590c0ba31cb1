import { readFile } from 'node:fs/promises';
import { createCoverageMap } from 'istanbul-lib-coverage';
import { fixture, parseCoverage } from '../__testUtils__/reports';

/** What the independent parsers below give of a file, as far as it is compared. */
interface OracleFile {
  file: string;
  lines: {
    found: number;
    hit: number;
    details: { line: number; hit: number }[];
  };
  functions?: { found: number; hit: number };
  branches?: { found: number; hit: number };
}

type Callback = (error: Error | null, files: OracleFile[]) => void;

function readContent(name: string): Promise<string> {
  return readFile(fixture(`coverage/${name}`), 'utf8');
}

/** These packages have no types, and take a callback. */
async function parseBy(
  oracle: string,
  name: string,
  method?: string,
): Promise<OracleFile[]> {
  const module = jest.requireActual(oracle);
  const parse = method ? module[method] : module;
  const content = await readContent(name);
  return new Promise((resolve, reject) => {
    const done: Callback = (error, files) =>
      error ? reject(error) : resolve(files);
    parse(content, done);
  });
}

/** Lines by number, whether hit; a file or line told of twice is hit if it ever was. */
function linesByFile(files: readonly OracleFile[]) {
  const byFile: Record<string, Record<number, boolean>> = {};
  for (const { file, lines } of files) {
    byFile[file] ??= {};
    for (const { line, hit } of lines.details) {
      byFile[file][line] ||= hit > 0;
    }
  }
  return byFile;
}

async function ourLines(name: string) {
  const { files } = await parseCoverage(name);
  return Object.fromEntries(
    files.map(file => [
      file.path,
      Object.fromEntries([
        ...file.coveredLines.map(line => [line, true]),
        ...file.missedLines.map(line => [line, false]),
      ]),
    ]),
  );
}

describe('coverage reports, against independent parsers', () => {
  it.each(['jest.json', 'c8.json', 'vitest.json'])(
    'reads istanbul/%s as istanbul-lib-coverage does',
    async name => {
      const content = JSON.parse(await readContent(`istanbul/${name}`));
      const map = createCoverageMap(content);

      const report = await parseCoverage(`istanbul/${name}`);

      const { lines, branches, functions } = map.getCoverageSummary();
      expect(report.totals).toMatchObject({
        lines: { covered: lines.covered, total: lines.total },
        branches: { covered: branches.covered, total: branches.total },
        functions: { covered: functions.covered, total: functions.total },
      });
      for (const file of report.files) {
        expect(file.missedLines.map(String)).toEqual(
          map.fileCoverageFor(file.path).getUncoveredLines(),
        );
      }
    },
  );

  it.each(['jest', 'c8', 'vitest', 'geninfo-c', 'coverage-py-7'])(
    'reads lcov/%s.info as lcov-parse does',
    async name => {
      const files = await parseBy('lcov-parse', `lcov/${name}.info`);

      const lines = await ourLines(`lcov/${name}.info`);

      expect(lines).toEqual(linesByFile(files));
    },
  );

  it.each([
    'coverage-py-6',
    'coverage-py-7',
    'gcovr-c',
    'gcovr-cpp',
    'vitest',
    'phpunit-invoice',
    'phpunit-parcel',
    // Not jest: the oracle takes the decimals of "71.428%" for a number of branches.
  ])('reads cobertura/%s.xml as cobertura-parse does', async name => {
    const files = await parseBy(
      'cobertura-parse',
      `cobertura/${name}.xml`,
      'parseContent',
    );

    const lines = await ourLines(`cobertura/${name}.xml`);

    expect(lines).toEqual(linesByFile(files));
  });

  it('reads jacoco/scale.xml as jacoco-parse does', async () => {
    const name = 'jacoco/scale.xml';
    const files = await parseBy('jacoco-parse', name, 'parseContent');

    const report = await parseCoverage(name);

    expect(await ourLines(name)).toEqual(linesByFile(files));
    expect(
      report.files.map(({ path, branches, functions }) => [
        path,
        branches,
        functions,
      ]),
    ).toEqual(
      files.map(({ file, branches, functions }) => [
        file,
        { covered: branches?.hit, total: branches?.found },
        { covered: functions?.hit, total: functions?.found },
      ]),
    );
  });

  it.each(['meter', 'router'])(
    'lists the lines of go-cover/%s.out as golang-cover-parse does',
    async name => {
      const files = await parseBy(
        'golang-cover-parse',
        `go-cover/${name}.out`,
        'parseContent',
      );

      const lines = await ourLines(`go-cover/${name}.out`);

      expect(lines).toEqual(linesByFile(files));
    },
  );
});
