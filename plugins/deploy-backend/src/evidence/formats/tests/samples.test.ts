import { readFixture } from './__testUtils__/readFixture';

/** Written by hand after the documentation of tools of which there is no report: see README.md beside them. */
describe('test reports written by hand', () => {
  it.each`
    file                                     | format                  | tool                   | total | passed | failed | skipped | flaky | suites
    ${'samples/dotnet-nunit.xml'}            | ${'junit'}              | ${undefined}           | ${5}  | ${2}   | ${2}   | ${1}    | ${0}  | ${1}
    ${'samples/nextest.xml'}                 | ${'junit'}              | ${'cargo-nextest'}     | ${4}  | ${2}   | ${2}   | ${0}    | ${1}  | ${2}
    ${'samples/go-junit-report.xml'}         | ${'junit'}              | ${'Go 1.23.1'}         | ${3}  | ${1}   | ${1}   | ${1}    | ${0}  | ${1}
    ${'samples/bazel-suite-log.xml'}         | ${'junit'}              | ${undefined}           | ${1}  | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
    ${'samples/nested.xml'}                  | ${'junit'}              | ${undefined}           | ${3}  | ${2}   | ${1}   | ${0}    | ${0}  | ${2}
    ${'samples/ctrf-1.json'}                 | ${'ctrf'}               | ${'shop-runner 2.1.0'} | ${5}  | ${2}   | ${1}   | ${2}    | ${1}  | ${3}
    ${'samples/ctrf-minimal.json'}           | ${'ctrf'}               | ${'shop-runner'}       | ${1}  | ${1}   | ${0}   | ${0}    | ${0}  | ${1}
    ${'samples/terraform-valid.json'}        | ${'terraform-validate'} | ${'Terraform'}         | ${1}  | ${1}   | ${0}   | ${0}    | ${0}  | ${1}
    ${'samples/terraform-invalid.json'}      | ${'terraform-validate'} | ${'Terraform'}         | ${1}  | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
    ${'samples/terraform-0.15-invalid.json'} | ${'terraform-validate'} | ${'Terraform'}         | ${1}  | ${0}   | ${1}   | ${0}    | ${0}  | ${1}
  `('reads $file', async ({ file, format, tool, ...totals }) => {
    const report = await readFixture(file);

    expect(report).toMatchObject({ format, totals });
    expect(report.tool).toBe(tool);
    expect(report.suites).toHaveLength(totals.suites);
  });

  it.each([
    ['samples/dotnet-nunit.xml', '2026-11-20T08:30:00.000Z', 1.25],
    ['samples/nextest.xml', '2026-11-20T08:30:00.250Z', 0.5],
    ['samples/go-junit-report.xml', '2026-11-20T08:30:00.000Z', 0.012],
    ['samples/ctrf-1.json', '2025-11-20T08:30:00.000Z', 4.5],
    ['samples/ctrf-minimal.json', undefined, 10],
    ['samples/terraform-valid.json', undefined, undefined],
  ])('takes time and duration from %s', async (file, time, seconds) => {
    const { measuredAt, totals } = await readFixture(file);

    expect(measuredAt).toBe(time);
    expect(totals.durationSeconds).toBe(seconds);
  });

  it.each([
    [
      'samples/dotnet-nunit.xml',
      {
        className: 'Shop.Orders.Tests.BasketTests',
        name: 'CostsTheSum(0.1d,0.2d)',
        outcome: 'failed',
        message: 'Expected: 0.3d\n  But was:  0.30000000000000004d',
        trace: expect.stringContaining('BasketTests.cs:line 21'),
      },
    ],
    [
      'samples/nextest.xml',
      {
        suite: 'shop::basket',
        name: 'total::costs_the_sum',
        outcome: 'failed',
        message:
          "thread 'total::costs_the_sum' panicked at tests/basket.rs:14:5:",
        trace: expect.not.stringContaining('running 1 test'),
      },
    ],
    [
      'samples/nextest.xml',
      {
        name: 'settles_in_the_end',
        outcome: 'passed',
        flaky: true,
        message:
          "thread 'settles_in_the_end' panicked at tests/basket.rs:30:9:",
        trace: expect.stringContaining('the first time fails'),
      },
    ],
    [
      'samples/bazel-suite-log.xml',
      { outcome: 'failed', message: 'exited with error code 1' },
    ],
    [
      'samples/nested.xml',
      {
        suite: 'shop > orders > rebate',
        outcome: 'failed',
        message: 'the suite cannot be left',
        trace: expect.stringContaining('at Rebate.tearDown(Rebate:35)'),
      },
    ],
    [
      'samples/ctrf-1.json',
      {
        suite: 'orders > rebate',
        name: 'costs the sum',
        outcome: 'failed',
        file: 'orders/rebate.test',
        line: 14,
        message: 'expected 8, got 9',
      },
    ],
    [
      'samples/ctrf-1.json',
      {
        suite: 'orders > basket',
        name: 'settles in the end',
        flaky: true,
        message: 'the first time fails',
      },
    ],
    [
      'samples/terraform-invalid.json',
      {
        suite: 'terraform',
        name: 'validate',
        outcome: 'failed',
        message: 'Reference to undeclared input variable',
        trace: expect.stringContaining('error: Missing required argument'),
        file: 'modules/queue/main.tf',
        line: 7,
      },
    ],
  ])('keeps what is notable of %s', async (file, expected) => {
    const { notable } = await readFixture(file);

    expect(notable).toContainEqual(expect.objectContaining(expected));
  });

  it('leaves out the code that Terraform cites', async () => {
    const report = await readFixture('samples/terraform-invalid.json');

    expect(JSON.stringify(report)).not.toContain('length = var.stock');
  });
});
