import { readFixture } from './__testUtils__/readFixture';

/** Where the numbers come from stands in test/fixtures/reports/tests/README.md. */
describe('JUnit XML by real tools', () => {
  it.each`
    file                                        | total | passed | failed | skipped | flaky | suites
    ${'pytest/pytest-9.xml'}                    | ${11} | ${3}   | ${5}   | ${3}    | ${0}  | ${1}
    ${'pytest/pytest-9-xunit1.xml'}             | ${11} | ${4}   | ${4}   | ${3}    | ${0}  | ${1}
    ${'pytest/pytest-7-reruns.xml'}             | ${13} | ${6}   | ${4}   | ${3}    | ${0}  | ${1}
    ${'jest/jest-29-junit-16.xml'}              | ${11} | ${7}   | ${3}   | ${1}    | ${0}  | ${2}
    ${'jest/jest-27-junit-12.xml'}              | ${12} | ${7}   | ${4}   | ${1}    | ${0}  | ${3}
    ${'vitest/vitest-2.xml'}                    | ${6}  | ${2}   | ${2}   | ${2}    | ${0}  | ${2}
    ${'playwright-junit/playwright-1.38.1.xml'} | ${14} | ${7}   | ${4}   | ${3}    | ${0}  | ${4}
    ${'playwright-junit/playwright-1.49.1.xml'} | ${14} | ${7}   | ${4}   | ${3}    | ${0}  | ${4}
    ${'surefire/merged.xml'}                    | ${9}  | ${5}   | ${3}   | ${1}    | ${1}  | ${3}
    ${'gradle/merged.xml'}                      | ${7}  | ${3}   | ${3}   | ${1}    | ${0}  | ${2}
    ${'go/gotestsum-1.8-reruns.xml'}            | ${11} | ${7}   | ${3}   | ${1}    | ${1}  | ${2}
    ${'go/gotestsum-1.8-count.xml'}             | ${19} | ${14}  | ${3}   | ${2}    | ${0}  | ${2}
    ${'phpunit/phpunit-9.6.7.xml'}              | ${8}  | ${3}   | ${3}   | ${2}    | ${0}  | ${2}
    ${'googletest/googletest-1.12.1.xml'}       | ${7}  | ${3}   | ${2}   | ${2}    | ${0}  | ${2}
    ${'node/node-20.xml'}                       | ${6}  | ${2}   | ${2}   | ${2}    | ${0}  | ${3}
    ${'mocha/mocha-junit-reporter-2.2.1.xml'}   | ${4}  | ${2}   | ${2}   | ${0}    | ${0}  | ${4}
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

  // CTest keeps why a test failed to itself; TAP::Formatter::JUnit counts failures that no case tells of.
  it.each`
    file                                    | total | passed | failed | skipped
    ${'googletest/ctest-3.25.1.xml'}        | ${6}  | ${1}   | ${3}   | ${2}
    ${'prove/tap-formatter-junit-0.11.xml'} | ${11} | ${6}   | ${5}   | ${0}
  `('counts what $file tells little of', async ({ file, ...counts }) => {
    const { totals } = await readFixture(file);

    expect(totals).toMatchObject(counts);
  });

  it('keeps what ended a whole suite', async () => {
    const { notable } = await readFixture('prove/tap-formatter-junit-0.11.xml');

    expect(notable).toContainEqual(
      expect.objectContaining({
        suite: 'broken_t',
        outcome: 'failed',
        message: 'Dubious, test returned 255 (wstat 65280, 0xff00)',
      }),
    );
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
    [
      'googletest/googletest-1.12.1.xml',
      undefined,
      '2026-11-21T07:57:05.951Z',
      0,
    ],
    ['phpunit/phpunit-9.6.7.xml', undefined, undefined, 0.005234],
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
      'phpunit/phpunit-9.6.7.xml',
      {
        className: 'ShopTest',
        name: 'testThrows',
        file: '/home/runner/work/shop/shop/ShopTest.php',
        line: 23,
        message: 'ShopTest::testThrows',
        trace: expect.stringContaining('out of <stock>'),
      },
    ],
    [
      'googletest/googletest-1.12.1.xml',
      {
        suite: 'Some/Stock',
        name: 'IsEnough/0',
        line: 22,
        message: expect.stringContaining('actual: 0 vs 0'),
      },
    ],
    [
      'node/node-20.xml',
      {
        suite: 'shop > rebate',
        name: 'of ten',
        message: 'Expected values to be strictly equal:9 !== 8',
        trace: expect.stringContaining('shop.test.mjs:8:31'),
      },
    ],
    [
      'mocha/mocha-junit-reporter-2.2.1.xml',
      {
        suite: 'stock',
        name: 'stock "before all" hook for "is never asked"',
        message: 'out of stock',
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
      'surefire/merged.xml',
      'settlesInTheEnd',
      'the first time fails',
      'ShopTest.java',
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
