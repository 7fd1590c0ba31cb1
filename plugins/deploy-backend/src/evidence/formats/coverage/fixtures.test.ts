import { readFile } from 'node:fs/promises';
import {
  CoverageCount,
  CoverageCounts,
} from '@vvp/backstage-plugin-deploy-common';
import { parseCoverage, fixture } from '../__testUtils__/reports';

function counts(text: string): CoverageCount | undefined {
  const [covered, total] = text.split('/').map(Number);
  return text === '' ? undefined : { covered, total };
}

// Every number here is of the tool's own summary: see README.md beside the fixtures.
const totals: [
  name: string,
  lines: string,
  branches: string,
  functions: string,
][] = [
  ['cobertura/coverage-py-6.xml', '16/20', '', ''],
  ['cobertura/coverage-py-7.xml', '21/32', '2/12', ''],
  ['cobertura/gcovr-c.xml', '17/22', '6/12', ''],
  ['cobertura/gcovr-cpp.xml', '25/27', '17/21', ''],
  ['cobertura/jest.xml', '14/18', '8/16', '7/8'],
  ['cobertura/vitest.xml', '12/14', '3/6', '4/5'],
  ['cobertura/phpunit-invoice.xml', '8/11', '', '2/2'],
  ['cobertura/phpunit-parcel.xml', '7/12', '', '3/5'],
  ['jacoco/scale.xml', '11/18', '2/11', '4/9'],
  ['jacoco/shop.xml', '14/18', '4/6', '5/7'],
  ['lcov/c8.info', '21/31', '6/9', '4/6'],
  ['lcov/coverage-py-7.info', '21/32', '2/12', '6/7'],
  ['lcov/geninfo-c.info', '17/22', '6/12', '5/6'],
  ['lcov/geninfo-cpp.info', '25/28', '', '5/5'],
  ['lcov/jest.info', '14/18', '8/16', '7/8'],
  ['lcov/vitest.info', '12/14', '3/6', '4/5'],
  ['clover/c8.xml', '21/31', '6/9', '4/6'],
  ['clover/jest.xml', '14/18', '8/16', '7/8'],
  ['clover/phpunit-invoice.xml', '8/11', '', ''],
  ['clover/phpunit-parcel.xml', '7/12', '', '0/5'],
  ['istanbul/c8.json', '21/31', '6/9', '4/6'],
  ['istanbul/jest.json', '14/18', '8/16', '7/8'],
  ['istanbul/vitest.json', '12/14', '3/6', '4/5'],
  ['istanbul-summary/c8.json', '21/31', '6/9', '4/6'],
  ['istanbul-summary/jest.json', '14/18', '8/16', '7/8'],
  ['istanbul-summary/vitest.json', '12/14', '3/6', '4/5'],
  ['go-cover/meter.out', '11/16', '', ''],
  ['go-cover/router.out', '6/8', '', ''],
  ['coverage-py/ledger-7.json', '21/32', '2/12', '6/7'],
  ['coverage-py/relay-6.json', '16/20', '', ''],
];

describe('real coverage reports', () => {
  it.each(totals)(
    'reads the sums of %s',
    async (name, lines, branches, functions) => {
      const report = await parseCoverage(name);

      expect(report.format).toBe(name.split('/')[0]);
      expect(report.totals).toEqual({
        lines: counts(lines),
        branches: counts(branches),
        functions: counts(functions),
      });
    },
  );

  it.each(totals)('lists each line of %s once', async name => {
    const { files } = await parseCoverage(name);

    for (const { coveredLines, missedLines } of files) {
      const all = [...coveredLines, ...missedLines];
      expect(new Set(all).size).toBe(all.length);
      expect(coveredLines).toEqual([...coveredLines].sort((a, b) => a - b));
    }
  });

  it.each([
    ['cobertura/coverage-py-6.xml', 'coverage.py 6.5.0'],
    ['cobertura/coverage-py-7.xml', 'coverage.py 7.16.2'],
    ['cobertura/gcovr-c.xml', 'gcovr 5.2'],
    ['cobertura/jest.xml', undefined],
    ['jacoco/shop.xml', 'JaCoCo'],
    ['coverage-py/relay-6.json', 'coverage.py 6.5.0'],
    ['coverage-py/ledger-7.json', 'coverage.py 7.16.2'],
    ['go-cover/meter.out', 'Go'],
  ])('names the tool of %s', async (name, tool) => {
    const report = await parseCoverage(name);

    expect(report.tool).toBe(tool);
  });

  it.each([
    ['cobertura/jest.xml', /timestamp="(\d+)"/, 1],
    ['cobertura/gcovr-c.xml', /timestamp="(\d+)"/, 1000],
    ['clover/phpunit-parcel.xml', /generated="(\d+)"/, 1000],
    ['clover/jest.xml', /generated="(\d+)"/, 1],
    ['jacoco/scale.xml', /dump="(\d+)"/, 1],
  ])('tells when %s was measured', async (name, pattern, unit) => {
    const stamp = pattern.exec(
      await readFile(fixture(`coverage/${name}`), 'utf8'),
    )?.[1];

    const { measuredAt } = await parseCoverage(name);

    expect(measuredAt).toBe(new Date(Number(stamp) * unit).toISOString());
  });

  it.each([
    ['cobertura/coverage-py-6.xml', ['/home/runner/work/relay/relay']],
    ['cobertura/gcovr-c.xml', ['.']],
    ['lcov/jest.info', []],
  ])('keeps the roots of %s', async (name, roots) => {
    const report = await parseCoverage(name);

    expect(report.roots).toEqual(roots);
  });

  it.each([
    ['cobertura/coverage-py-6.xml', 'app/limits.py', 'app'],
    ['jacoco/shop.xml', 'shop/cart/Cart.java', 'shop.cart'],
    ['clover/phpunit-parcel.xml', undefined, undefined],
    ['go-cover/meter.out', 'example.test/meter/meter.go', 'example.test/meter'],
  ])('keeps paths and packages of %s', async (name, path, packageName) => {
    const { files } = await parseCoverage(name);

    const file = path ? files.find(one => one.path === path) : files[0];
    expect(file?.package).toBe(packageName);
    expect(file).toBeDefined();
  });

  it.each<[string, Record<string, string>]>([
    // gcovr's and lcov's tables
    [
      'cobertura/gcovr-c.xml',
      { 'main.c': '5/7', 'matrix.c': '11/14', 'matrix.h': '1/1' },
    ],
    [
      'cobertura/gcovr-cpp.xml',
      { 'main.cpp': '6/6', 'src/tokens.cpp': '15/17', 'src/tokens.hpp': '4/4' },
    ],
    // coverage.py's table
    [
      'coverage-py/relay-6.json',
      {
        'app/__init__.py': '0/0',
        'app/limits.py': '5/6',
        'app/routes.py': '11/14',
      },
    ],
    // JaCoCo's table of classes, added up
    [
      'jacoco/scale.xml',
      { 'test/scale/Main.java': '5/6', 'test/scale/Scale.java': '6/12' },
    ],
  ])('counts each file of %s', async (name, expected) => {
    const { files } = await parseCoverage(name);

    const found = files.map(
      ({ path, lines }: CoverageCounts & { path: string }) => [
        path,
        `${lines.covered}/${lines.total}`,
      ],
    );
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it('names the uncovered lines that gcovr names', async () => {
    const { files } = await parseCoverage('cobertura/gcovr-c.xml');

    const missed = files.map(({ path, missedLines }) => [path, missedLines]);
    expect(Object.fromEntries(missed)).toEqual({
      'main.c': [7, 8],
      'matrix.c': [21, 24, 25],
      'matrix.h': [],
    });
  });
});

// Of tarpaulin there is no report: this one is written by hand.
describe('samples/tarpaulin.json', () => {
  it('is read as cargo-tarpaulin counts', async () => {
    const { files, ...report } = await parseCoverage('samples/tarpaulin.json');

    expect(report).toMatchObject({
      format: 'tarpaulin',
      tool: 'cargo-tarpaulin',
      totals: { lines: counts('3/4') },
    });
    expect(files).toMatchObject([
      {
        path: '/home/runner/work/parcel/parcel/src/label.rs',
        coveredLines: [3, 4],
        missedLines: [9],
      },
      {
        path: '/home/runner/work/parcel/parcel/src/weigh.rs',
        coveredLines: [1],
        missedLines: [],
      },
      { coveredLines: [], missedLines: [] },
    ]);
  });
});
