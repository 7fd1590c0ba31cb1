import { CoverageReport, FileCoverage, TestReport } from '../formats/types';
import { placeReport } from './placeReport';
import { RepositoryLayout } from './repositoryLayout';

const verifier: RepositoryLayout = {
  repository: 'example-org/vvp',
  paths: ['services/verifier/**'],
  sharedPaths: ['common/**'],
  otherPaths: ['services/issuer/**', 'services/witness/**'],
};

const app: RepositoryLayout = {
  repository: 'example-org/sandbox',
  paths: ['app/**', 'Dockerfile'],
  sharedPaths: [],
  otherPaths: [],
};

const anyPython: RepositoryLayout = {
  repository: 'example-org/tools',
  paths: ['**/*.py'],
  sharedPaths: [],
  otherPaths: [],
};

const noSpec: RepositoryLayout = {
  repository: 'example-org/vvp',
  paths: [],
  sharedPaths: [],
  otherPaths: [],
};

function file(path: string): FileCoverage {
  return {
    path,
    lines: { covered: 1, total: 2 },
    branches: { covered: 1, total: 4 },
    coveredLines: [1],
    missedLines: [2],
  };
}

function report(paths: string[], roots: string[] = []): CoverageReport {
  return {
    type: 'coverage',
    format: 'cobertura',
    files: paths.map(file),
    totals: {
      lines: { covered: paths.length, total: 2 * paths.length },
      branches: { covered: paths.length, total: 4 * paths.length },
    },
    roots,
  };
}

function place(
  paths: string[],
  layout: RepositoryLayout,
  options: { roots?: string[]; root?: string } = {},
): string[] {
  const placed = placeReport(report(paths, options.roots), layout, options);
  return (placed as CoverageReport).files.map(one => one.path);
}

describe('placeReport', () => {
  it.each<{
    name: string;
    layout: RepositoryLayout;
    paths: string[];
    roots?: string[];
    root?: string;
    expected: string[];
  }>([
    {
      name: 'paths of the repository',
      layout: verifier,
      paths: ['services/verifier/app/x.py', './common/keys.py'],
      expected: ['services/verifier/app/x.py', 'common/keys.py'],
    },
    {
      name: "absolute paths on GitHub's runner",
      layout: verifier,
      paths: ['/home/runner/work/vvp/vvp/services/verifier/app.py'],
      expected: ['services/verifier/app.py'],
    },
    {
      name: 'a directory named like the service in front',
      layout: app,
      paths: [
        '/home/runner/work/sandbox/sandbox/app/main.py',
        '/home/runner/work/sandbox/sandbox/app/app/deep.py',
      ],
      expected: ['app/main.py', 'app/app/deep.py'],
    },
    {
      name: 'a container whose working directory is named like the service',
      layout: app,
      paths: ['/app/app/main.py', '/app/app/routes/list.py'],
      expected: ['app/main.py', 'app/routes/list.py'],
    },
    {
      name: 'a checkout of any place',
      layout: verifier,
      paths: ['/builds/4711/vvp/services/verifier/app.py'],
      expected: ['services/verifier/app.py'],
    },
    {
      name: "a runner's container",
      layout: verifier,
      paths: ['/github/workspace/services/verifier/app.py'],
      expected: ['services/verifier/app.py'],
    },
    {
      name: 'Windows',
      layout: verifier,
      paths: ['D:\\a\\vvp\\vvp\\services\\verifier\\App.cs'],
      expected: ['services/verifier/App.cs'],
    },
    {
      name: 'file URLs',
      layout: verifier,
      paths: ['file:///home/runner/work/vvp/vvp/services/verifier/app.js'],
      expected: ['services/verifier/app.js'],
    },
    {
      name: "paths from the service's directory",
      layout: verifier,
      paths: ['app/x.py', 'app/y.py'],
      expected: ['services/verifier/app/x.py', 'services/verifier/app/y.py'],
    },
    {
      name: "paths from the service's directory that climb to a shared one",
      layout: verifier,
      paths: ['app/x.py', '../../common/keys.py'],
      expected: ['services/verifier/app/x.py', 'common/keys.py'],
    },
    {
      name: 'sources that the report names',
      layout: verifier,
      paths: ['app/x.py'],
      roots: ['/home/runner/work/vvp/vvp/services/verifier'],
      expected: ['services/verifier/app/x.py'],
    },
    {
      name: 'several sources that the report names',
      layout: verifier,
      paths: ['app.py', 'lib/keys.py'],
      roots: ['/src/vvp/tools', '/src/vvp/services/verifier'],
      expected: ['services/verifier/app.py', 'services/verifier/lib/keys.py'],
    },
    {
      name: 'a source from the root of the repository',
      layout: verifier,
      paths: ['app/x.py'],
      roots: ['services/verifier'],
      expected: ['services/verifier/app/x.py'],
    },
    {
      name: "Go's packages, with the repository as module",
      layout: verifier,
      paths: ['github.example.test/example-org/vvp/services/verifier/main.go'],
      expected: ['services/verifier/main.go'],
    },
    {
      name: "Go's packages, with another module name",
      layout: verifier,
      paths: ['example.test/mod/services/verifier/pkg/file.go'],
      expected: ['services/verifier/pkg/file.go'],
    },
    {
      name: "Go's packages, with the service's directory as module",
      layout: verifier,
      paths: [
        'example.test/verifier/pkg/file.go',
        'example.test/verifier/x.go',
      ],
      expected: ['services/verifier/pkg/file.go', 'services/verifier/x.go'],
    },
    {
      name: 'globs that begin with a wildcard',
      layout: anyPython,
      paths: ['/tmp/build/main.py', '/tmp/build/lib/x.py'],
      expected: ['main.py', 'lib/x.py'],
    },
    {
      name: 'root=',
      layout: verifier,
      paths: ['x.py'],
      root: 'services/verifier/app',
      expected: ['services/verifier/app/x.py'],
    },
    {
      name: 'root= for absolute paths of a report that names its source',
      layout: verifier,
      paths: ['/srv/lib/x.py', '/srv/main.py'],
      roots: ['/srv'],
      root: 'services/verifier',
      expected: ['services/verifier/lib/x.py', 'services/verifier/main.py'],
    },
    {
      name: 'root= of the repository itself',
      layout: app,
      paths: ['app/main.py'],
      root: '',
      expected: ['app/main.py'],
    },
    {
      name: 'a service without paths',
      layout: noSpec,
      paths: ['app/x.py', '../y.py', '/opt/z.py'],
      expected: ['app/x.py', '../y.py', '/opt/z.py'],
    },
    {
      name: 'a service without paths on a runner',
      layout: noSpec,
      paths: ['/home/runner/work/vvp/vvp/app/x.py'],
      expected: ['app/x.py'],
    },
  ])('places $name', ({ layout, paths, roots, root, expected }) => {
    expect(place(paths, layout, { roots, root })).toEqual(expected);
  });

  it('leaves out what is not of the service, and does not count it', () => {
    const placed = placeReport(
      report([
        'services/verifier/app.py',
        'services/issuer/app.py',
        'tools/x.py',
        'common/keys.py',
      ]),
      verifier,
    );

    expect(placed).toMatchObject({
      files: [{ path: 'services/verifier/app.py' }, { path: 'common/keys.py' }],
      totals: {
        lines: { covered: 2, total: 4 },
        branches: { covered: 2, total: 8 },
      },
    });
  });

  it('does not put files of elsewhere into the service because one fits', () => {
    expect(place(['services/verifier/app.py', 'tools/x.py'], verifier)).toEqual(
      ['services/verifier/app.py'],
    );
  });

  it("keeps the report's own totals if every file counts", () => {
    const totals = { lines: { covered: 7, total: 9 } };
    const placed = placeReport(
      { ...report(['common/keys.py']), totals },
      verifier,
    );

    expect(placed).toMatchObject({ totals });
  });

  it('takes a report that has totals only', () => {
    const totalsOnly = report([]);

    expect(placeReport(totalsOnly, verifier)).toBe(totalsOnly);
  });

  it.each([
    [
      'of another service',
      ['services/issuer/a.py', 'services/issuer/b.py'],
      {},
    ],
    ['of another place', ['/usr/lib/python3/site.py'], {}],
    ['that lead out of the repository', ['../../../etc/passwd'], {}],
    ['of a wrong root', ['a.py'], { root: 'services/issuer' }],
    ['that leave their root', ['../../../a.py'], { root: 'common' }],
  ])(
    'refuses paths %s, naming them and the remedy',
    (_case, paths, options) => {
      expect(() => place(paths, verifier, options)).toThrow(
        expect.objectContaining({
          name: 'InputError',
          message: expect.stringMatching(
            new RegExp(`services/verifier.*${paths[0]}.*root=`),
          ),
        }),
      );
    },
  );

  it.each([
    ['a file', ['services/verifier/app.py', `${'x'.repeat(256)}/a.py`], {}],
    ['a root', ['a.py'], { root: `services/${'x'.repeat(256)}` }],
  ])('refuses %s that cannot be for its long name', (_case, paths, options) => {
    expect(() => place(paths, verifier, options)).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(
          /^The path (services\/)?x+… has a name of more than 255 characters/,
        ),
      }),
    );
  });

  it('takes the longest name that a file can have', () => {
    const path = `services/verifier/${'x'.repeat(255)}`;

    expect(place([path], verifier)).toEqual([path]);
  });

  it('looks for no file in a directory that cannot be', () => {
    const roots = [`/${'x'.repeat(256)}`, 'services/verifier'];

    expect(place(['app.py'], verifier, { roots })).toEqual([
      'services/verifier/app.py',
    ]);
  });

  it('places the files of tests where that is possible', () => {
    const tests = (paths: (string | undefined)[]): TestReport => ({
      type: 'test',
      format: 'junit',
      totals: {
        total: 1,
        passed: 0,
        failed: 1,
        skipped: 0,
        flaky: 0,
        suites: 1,
      },
      suites: [],
      notable: paths.map(path => ({
        suite: 's',
        name: 'n',
        outcome: 'failed',
        flaky: false,
        ...(path && { file: path }),
      })),
    });

    const tooLong = `tests/${'x'.repeat(256)}`;

    const placed = placeReport(
      tests(['tests/test_x.py', '/usr/lib/odd.py', tooLong, undefined]),
      verifier,
    ) as TestReport;

    expect(placed.notable.map(test => test.file)).toEqual([
      'services/verifier/tests/test_x.py',
      '/usr/lib/odd.py',
      tooLong,
      undefined,
    ]);
  });
});
