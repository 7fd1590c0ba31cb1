import { readFixture } from './__testUtils__/readFixture';

/** Where the numbers come from stands in test/fixtures/reports/tests/README.md. */
describe('JSON reports by real tools', () => {
  it.each`
    file                                          | format                  | total | passed | failed | skipped | flaky | suites
    ${'playwright/playwright-1.38.1.json'}        | ${'playwright'}         | ${14} | ${7}   | ${4}   | ${3}    | ${1}  | ${4}
    ${'playwright/playwright-1.49.1.json'}        | ${'playwright'}         | ${14} | ${7}   | ${4}   | ${3}    | ${1}  | ${4}
    ${'playwright/playwright-1.38.1-broken.json'} | ${'playwright'}         | ${2}  | ${0}   | ${2}   | ${0}    | ${0}  | ${1}
    ${'playwright/playwright-1.49.1-broken.json'} | ${'playwright'}         | ${2}  | ${0}   | ${2}   | ${0}    | ${0}  | ${1}
    ${'ctrf/jest-29.json'}                        | ${'ctrf'}               | ${11} | ${6}   | ${3}   | ${2}    | ${1}  | ${4}
    ${'ctrf/playwright-1.49.1.json'}              | ${'ctrf'}               | ${14} | ${7}   | ${4}   | ${3}    | ${1}  | ${6}
    ${'ctrf/spec-minimal.json'}                   | ${'ctrf'}               | ${1}  | ${1}   | ${0}   | ${0}    | ${0}  | ${1}
    ${'ctrf/spec-with-retries.json'}              | ${'ctrf'}               | ${2}  | ${2}   | ${0}   | ${0}    | ${1}  | ${1}
    ${'ctrf/spec-comprehensive.json'}             | ${'ctrf'}               | ${3}  | ${2}   | ${1}   | ${0}    | ${1}  | ${3}
    ${'terraform/opentofu-valid.json'}            | ${'terraform-validate'} | ${1}  | ${1}   | ${0}   | ${0}    | ${0}  | ${1}
    ${'terraform/opentofu-invalid.json'}          | ${'terraform-validate'} | ${1}  | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
    ${'terraform/terraform-0.15.0-invalid.json'}  | ${'terraform-validate'} | ${1}  | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
    ${'terraform/terraform-1.5.7-invalid.json'}   | ${'terraform-validate'} | ${1}  | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
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
    [
      'ctrf/spec-comprehensive.json',
      'example-runner 3.5.0',
      '2021-01-01T00:00:00.000Z',
    ],
    ['terraform/opentofu-valid.json', 'Terraform', undefined],
  ])('takes tool and time from %s', async (file, tool, measuredAt) => {
    const report = await readFixture(file);

    expect(report.tool).toBe(tool);
    expect(report.measuredAt).toBe(measuredAt);
  });

  it.each([
    ['playwright/playwright-1.49.1.json', 19.674859],
    ['ctrf/spec-with-retries.json', 10],
    ['terraform/opentofu-valid.json', undefined],
  ])('takes the duration from %s', async (file, durationSeconds) => {
    const { totals } = await readFixture(file);

    expect(totals.durationSeconds).toBe(durationSeconds);
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
      'ctrf/spec-with-retries.json',
      {
        suite: 'default',
        name: 'flaky test',
        outcome: 'passed',
        flaky: true,
        message: 'Connection timeout',
      },
    ],
    [
      'terraform/opentofu-invalid.json',
      {
        suite: 'terraform',
        name: 'validate',
        outcome: 'failed',
        message: 'Missing required argument',
        trace: expect.stringContaining('error: Undefined variable'),
        file: 'testdata/validate-invalid/incorrectmodulename/main.tf',
        line: 1,
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
