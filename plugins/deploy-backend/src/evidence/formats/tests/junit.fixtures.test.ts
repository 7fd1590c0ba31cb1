import { readFixture } from './__testUtils__/readFixture';

/** Where the numbers come from stands in test/fixtures/reports/tests/README.md. */
describe('JUnit XML by real tools', () => {
  it.each`
    file                                        | total  | passed | failed | skipped | flaky | suites
    ${'pytest/pytest-9.xml'}                    | ${11}  | ${3}   | ${5}   | ${3}    | ${0}  | ${1}
    ${'pytest/pytest-9-xunit1.xml'}             | ${11}  | ${4}   | ${4}   | ${3}    | ${0}  | ${1}
    ${'pytest/pytest-7-reruns.xml'}             | ${13}  | ${6}   | ${4}   | ${3}    | ${0}  | ${1}
    ${'pytest/horovod-fail.xml'}                | ${5}   | ${3}   | ${1}   | ${1}    | ${0}  | ${1}
    ${'pytest/horovod-gloo.xml'}                | ${97}  | ${80}  | ${0}   | ${17}   | ${0}  | ${1}
    ${'jest/jest-29-junit-16.xml'}              | ${11}  | ${7}   | ${3}   | ${1}    | ${0}  | ${2}
    ${'jest/jest-27-junit-12.xml'}              | ${12}  | ${7}   | ${4}   | ${1}    | ${0}  | ${3}
    ${'jest/small.xml'}                         | ${2}   | ${2}   | ${0}   | ${0}    | ${0}  | ${1}
    ${'vitest/vitest-2.xml'}                    | ${6}   | ${2}   | ${2}   | ${2}    | ${0}  | ${2}
    ${'playwright-junit/playwright-1.38.1.xml'} | ${14}  | ${7}   | ${4}   | ${3}    | ${0}  | ${4}
    ${'playwright-junit/playwright-1.49.1.xml'} | ${14}  | ${7}   | ${4}   | ${3}    | ${0}  | ${4}
    ${'surefire/merged.xml'}                    | ${9}   | ${5}   | ${3}   | ${1}    | ${1}  | ${3}
    ${'surefire/olamy-FlakyTest.xml'}           | ${1}   | ${1}   | ${0}   | ${0}    | ${1}  | ${1}
    ${'surefire/olamy-AlwaysFailTest.xml'}      | ${1}   | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
    ${'surefire/pulsar.xml'}                    | ${808} | ${793} | ${1}   | ${14}   | ${0}  | ${176}
    ${'gradle/merged.xml'}                      | ${7}   | ${3}   | ${3}   | ${1}    | ${0}  | ${2}
    ${'go/gotestsum-1.8-reruns.xml'}            | ${11}  | ${7}   | ${3}   | ${1}    | ${1}  | ${2}
    ${'go/gotestsum-1.8-count.xml'}             | ${19}  | ${14}  | ${3}   | ${2}    | ${0}  | ${2}
    ${'go/gotestsum-golden.xml'}                | ${61}  | ${42}  | ${14}  | ${5}    | ${0}  | ${6}
    ${'go/gotestsum-golden-hidden-skipped.xml'} | ${56}  | ${42}  | ${14}  | ${0}    | ${0}  | ${6}
    ${'go/go-junit-report-103.xml'}             | ${4}   | ${2}   | ${2}   | ${0}    | ${0}  | ${1}
    ${'dotnet/testlogger-nunit.xml'}            | ${52}  | ${32}  | ${14}  | ${6}    | ${0}  | ${1}
    ${'dotnet/trx2junit-mstest-datadriven.xml'} | ${5}   | ${3}   | ${2}   | ${0}    | ${0}  | ${1}
    ${'dotnet/trx2junit-nunit-ignore.xml'}      | ${5}   | ${2}   | ${1}   | ${2}    | ${0}  | ${1}
    ${'dotnet/trx2junit-xunit-memberdata.xml'}  | ${5}   | ${3}   | ${2}   | ${0}    | ${0}  | ${1}
    ${'nextest/fixture-project.xml'}            | ${3}   | ${2}   | ${1}   | ${0}    | ${1}  | ${1}
    ${'nextest/oxidized-navigation.xml'}        | ${3}   | ${2}   | ${1}   | ${0}    | ${0}  | ${1}
    ${'nextest/stress-test.xml'}                | ${4}   | ${4}   | ${0}   | ${0}    | ${0}  | ${2}
    ${'other/nested.xml'}                       | ${3}   | ${2}   | ${1}   | ${0}    | ${0}  | ${3}
    ${'other/bazel-suite-logs.xml'}             | ${1}   | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
    ${'other/no-cases-but-tests.xml'}           | ${1}   | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
  `('reads $file', async ({ file, ...counts }) => {
    const report = await readFixture(file);

    expect(report).toMatchObject({
      format: 'junit',
      type: 'test',
      totals: counts,
    });
    expect(report.suites).toHaveLength(counts.suites);
    expect(sum(report.suites.map(suite => suite.failed))).toBe(counts.failed);
    expect(sum(report.suites.map(suite => suite.total))).toBe(counts.total);
    expect(
      report.notable.filter(test => test.outcome === 'failed'),
    ).toHaveLength(counts.failed);
    expect(report.notable.filter(test => test.flaky)).toHaveLength(
      counts.flaky,
    );
    expect(
      report.notable.filter(test => test.outcome === 'skipped'),
    ).toHaveLength(counts.skipped);
    for (const test of report.notable) {
      expect(test.message ?? test.outcome).not.toBe('failed');
    }
  });

  it('adds the files of one class each up to what Surefire says of all', async () => {
    const reports = await Promise.all(
      ['ShopTest', 'StockTest', 'StockTestWhenEmpty'].map(name =>
        readFixture(`surefire/TEST-test.example.shop.${name}.xml`),
      ),
    );

    const totals = reports.map(report => report.totals);
    expect(sum(totals.map(({ total }) => total))).toBe(9);
    expect(sum(totals.map(({ failed }) => failed))).toBe(3);
    expect(sum(totals.map(({ flaky }) => flaky))).toBe(1);
  });

  it.each([
    ['pytest/pytest-9.xml', 'pytest', '2026-11-21T07:04:51.821Z', 0.13],
    ['pytest/horovod-gloo.xml', 'pytest', '2020-08-31T09:24:41.605Z', 205.094],
    ['jest/jest-29-junit-16.xml', 'Jest', '2026-11-21T07:09:03.000Z', 1.327],
    ['vitest/vitest-2.xml', 'Vitest', '2026-11-21T07:09:25.378Z', 1.404],
    [
      'playwright-junit/playwright-1.49.1.xml',
      'Playwright',
      '2026-11-21T07:09:30.244Z',
      19.674859,
    ],
    ['surefire/merged.xml', 'Maven Surefire', undefined, 0.061],
    ['gradle/merged.xml', 'Gradle', '2026-11-21T07:11:18.000Z', 0.013],
    [
      'go/gotestsum-1.8-reruns.xml',
      'Go 1.19.8',
      '2026-11-21T07:05:00.000Z',
      5.159058,
    ],
    ['go/gotestsum-golden.xml', 'Go 7.7.7', undefined, 2.1],
    [
      'nextest/fixture-project.xml',
      'cargo-nextest',
      '2024-01-09T07:50:12.664Z',
      0.023,
    ],
    [
      'dotnet/testlogger-nunit.xml',
      undefined,
      '2021-04-04T16:42:06.000Z',
      0.87068,
    ],
  ])(
    'takes tool, time and duration from %s',
    async (file, tool, measuredAt, durationSeconds) => {
      const report = await readFixture(file);

      expect(report.tool).toBe(tool);
      expect(report.measuredAt).toBe(measuredAt);
      expect(report.totals.durationSeconds).toBe(durationSeconds);
    },
  );

  it.each([
    [
      'pytest/pytest-9-xunit1.xml',
      {
        suite: 'pytest',
        className: 'test_shop.TestTotal',
        name: 'test_sum[prices2-0.3]',
        file: 'test_shop.py',
        line: 23,
        message: expect.stringMatching(/^assert 0.30000000000000004 == 0.3/),
        trace: expect.stringContaining('test_shop.py:25: AssertionError'),
      },
    ],
    [
      'jest/jest-27-junit-12.xml',
      {
        suite: 'broken.test.js',
        className: 'Test suite failed to run',
        name: 'broken.test.js',
        message: '● Test suite failed to run',
        trace: expect.stringContaining("Cannot find module './not-there'"),
      },
    ],
    [
      'playwright-junit/playwright-1.49.1.xml',
      {
        suite: 'shop.spec.js [mobile]',
        name: 'basket › when full › costs the sum',
        file: 'shop.spec.js',
        message: 'shop.spec.js:9:5 costs the sum',
        trace: expect.stringContaining('Received: 0.30000000000000004'),
      },
    ],
    [
      'gradle/merged.xml',
      {
        suite: 'test.example.shop.StockTest',
        name: 'isEnough[2]',
        message: 'java.lang.AssertionError: expected:<0> but was:<1>',
        trace: expect.stringContaining('StockTest.java:27'),
      },
    ],
    [
      'go/gotestsum-1.8-reruns.xml',
      {
        suite: 'example.test/shop/price',
        name: 'TestRebate',
        message: 'price_test.go:15: rebate: got 9, want 8',
        trace: expect.stringContaining('--- FAIL: TestRebate'),
      },
    ],
    [
      'nextest/fixture-project.xml',
      {
        suite: 'fixture-project::basic',
        name: 'test_failure_assert',
        message:
          "thread 'test_failure_assert' panicked at tests/basic.rs:19:5:",
        trace: expect.not.stringContaining('running 1 test'),
      },
    ],
    [
      'dotnet/testlogger-nunit.xml',
      {
        className: 'JUnit.Xml.TestLogger.NetFull.Tests.UnitTest1',
        name: 'FailTest11',
        message: 'Expected: False\n  But was:  True',
        trace: expect.stringContaining('UnitTest1.FailTest11()'),
      },
    ],
    [
      'other/nested.xml',
      {
        suite: 'test.AutomatedTests > test.db.DatabaseTest > test.3rdlevel',
        message: 'bla bla',
        trace: expect.stringContaining('at test.Test(Test:35)'),
      },
    ],
  ])('keeps where and why a case failed: %s', async (file, expected) => {
    const { notable } = await readFixture(file);

    expect(notable).toContainEqual(
      expect.objectContaining({ ...expected, outcome: 'failed', flaky: false }),
    );
  });

  it.each([
    [
      'surefire/olamy-FlakyTest.xml',
      'testApp',
      'obvious fail',
      'FlakyTest.java:27',
    ],
    [
      'surefire/merged.xml',
      'settlesInTheEnd',
      'the first time fails',
      'ShopTest.java',
    ],
    [
      'nextest/fixture-project.xml',
      'test_flaky_mod_4',
      "thread 'test_flaky_mod_4' panicked at tests/basic.rs:43:9:",
      'attempt 1 % 4',
    ],
    [
      'go/gotestsum-1.8-reruns.xml',
      'TestFlaky',
      'price_test.go:25: the first time fails',
      'FAIL: TestFlaky',
    ],
  ])(
    'keeps the first failure of a flaky case: %s',
    async (file, name, message, trace) => {
      const { notable } = await readFixture(file);

      expect(notable).toContainEqual(
        expect.objectContaining({
          name,
          message,
          outcome: 'passed',
          flaky: true,
          trace: expect.stringContaining(trace),
        }),
      );
    },
  );

  it('keeps why a case was skipped', async () => {
    const { notable } = await readFixture('pytest/pytest-9.xml');

    expect(notable).toContainEqual(
      expect.objectContaining({
        name: 'test_tuesday',
        outcome: 'skipped',
        message: 'only on Tuesdays',
        trace: undefined,
      }),
    );
  });

  it('takes two Jest tests of one title for two', async () => {
    const { notable } = await readFixture('jest/jest-29-junit-16.xml');

    expect(notable).toContainEqual(
      expect.objectContaining({
        name: 'total is the same twice',
        outcome: 'failed',
      }),
    );
  });
});

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
