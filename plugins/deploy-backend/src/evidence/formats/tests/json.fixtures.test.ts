import { readFixture } from './__testUtils__/readFixture';

/** Where the numbers come from stands in test/fixtures/reports/tests/README.md. */
describe('JSON reports by real tools', () => {
  it.each`
    file                                          | format          | total | passed | failed | skipped | flaky | suites
    ${'playwright/playwright-1.38.1.json'}        | ${'playwright'} | ${14} | ${7}   | ${4}   | ${3}    | ${1}  | ${4}
    ${'playwright/playwright-1.49.1.json'}        | ${'playwright'} | ${14} | ${7}   | ${4}   | ${3}    | ${1}  | ${4}
    ${'playwright/playwright-1.38.1-broken.json'} | ${'playwright'} | ${2}  | ${0}   | ${2}   | ${0}    | ${0}  | ${1}
    ${'playwright/playwright-1.49.1-broken.json'} | ${'playwright'} | ${2}  | ${0}   | ${2}   | ${0}    | ${0}  | ${1}
    ${'ctrf/jest-29.json'}                        | ${'ctrf'}       | ${11} | ${6}   | ${3}   | ${2}    | ${1}  | ${4}
    ${'ctrf/playwright-1.49.1.json'}              | ${'ctrf'}       | ${14} | ${7}   | ${4}   | ${3}    | ${1}  | ${6}
    ${'ctrf/mocha-10.json'}                       | ${'ctrf'}       | ${6}  | ${2}   | ${2}   | ${2}    | ${1}  | ${1}
  `('reads $file', async ({ file, format, ...counts }) => {
    const report = await readFixture(file);

    expect(report).toMatchObject({ format, type: 'test', totals: counts });
    expect(report.suites).toHaveLength(counts.suites);
    expect(
      report.notable.filter(test => test.outcome === 'failed'),
    ).toHaveLength(counts.failed);
    expect(report.notable.filter(test => test.flaky)).toHaveLength(
      counts.flaky,
    );
  });

  it.each([
    [
      'playwright/playwright-1.38.1.json',
      'Playwright 1.38.1',
      '2026-11-21T07:10:26.232Z',
    ],
    [
      'playwright/playwright-1.49.1.json',
      'Playwright 1.49.1',
      '2026-11-21T07:09:30.116Z',
    ],
    ['ctrf/jest-29.json', 'jest', '2026-11-21T07:09:07.885Z'],
    ['ctrf/mocha-10.json', 'mocha', '2026-11-21T07:57:07.829Z'],
  ])('takes tool and time from %s', async (file, tool, measuredAt) => {
    const report = await readFixture(file);

    expect(report.tool).toBe(tool);
    expect(report.measuredAt).toBe(measuredAt);
  });

  it.each([
    ['playwright/playwright-1.49.1.json', 19.674859],
    ['ctrf/jest-29.json', 1.275],
  ])('takes the duration from %s', async (file, durationSeconds) => {
    const { totals } = await readFixture(file);

    expect(totals.durationSeconds).toBeCloseTo(durationSeconds, 6);
  });

  it.each([
    [
      'playwright/playwright-1.49.1.json',
      {
        suite: 'shop.spec.js [chromium]',
        name: 'basket › when full › settles in the end',
        outcome: 'passed',
        flaky: true,
        file: 'shop.spec.js',
        line: 13,
        durationSeconds: 0.132,
        message: expect.stringMatching(/^Error: the first time fails/),
      },
    ],
    [
      'playwright/playwright-1.49.1.json',
      {
        suite: 'shop.spec.js [mobile]',
        name: 'basket › takes too long',
        outcome: 'failed',
        message: 'Test timeout of 200ms exceeded.',
      },
    ],
    [
      'playwright/playwright-1.38.1.json',
      {
        suite: 'shop.spec.js [mobile]',
        name: 'basket › when full › settles in the end',
        outcome: 'skipped',
        message: 'not on phones',
      },
    ],
    [
      'playwright/playwright-1.49.1-broken.json',
      {
        suite: 'outside of tests',
        outcome: 'failed',
        message: expect.stringContaining("Cannot find module './not-there'"),
        trace: expect.stringContaining('shop.broken.js:1:1'),
      },
    ],
    [
      'ctrf/jest-29.json',
      {
        suite: 'shop.test.js > total > with a rebate',
        name: 'total with a rebate is exact',
        outcome: 'failed',
        message: expect.stringContaining('Expected: 8\nReceived: 9'),
        trace: expect.stringContaining('shop.test.js:15:50'),
      },
    ],
    [
      'ctrf/mocha-10.json',
      {
        name: 'total when <full> settles in the end',
        outcome: 'passed',
        flaky: true,
      },
    ],
  ])('keeps what is notable of %s', async (file, expected) => {
    const { notable } = await readFixture(file);

    expect(notable).toContainEqual(expect.objectContaining(expected));
  });

  it('takes the colours of the terminal out of messages', async () => {
    const { notable } = await readFixture('playwright/playwright-1.38.1.json');

    expect(notable.map(test => test.message).join()).not.toContain('\u001b');
  });
});
