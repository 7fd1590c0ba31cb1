import { readText } from './__testUtils__/readFixture';

const failure = '<failure message="no">at a.b</failure>';

function suite(content: string, attributes = 'name="s"'): string {
  return `<testsuites><testsuite ${attributes}>${content}</testsuite></testsuites>`;
}

describe('bounds', () => {
  it('cuts messages, traces and names', async () => {
    const long = 'é'.repeat(30_000);

    const report = await readText(
      suite(
        `<testcase name="${long}"><failure message="${long}">${long}</failure></testcase>`,
      ),
    );

    const [test] = report.notable;
    expect(test.name).toHaveLength(1_000);
    expect(test.message).toHaveLength(1_000);
    expect(test.trace).toHaveLength(10_000);
  });

  it('never cuts a character in two', async () => {
    const report = await readText(
      suite(
        `<testcase name="t"><failure message="${'😀'.repeat(
          600,
        )}"/></testcase>`,
      ),
    );

    expect(report.notable[0].message).toBe(`${'😀'.repeat(499)}…`);
  });

  it('counts all cases and keeps 10,000, failed ones first', async () => {
    const cases = (count: number, content: string) =>
      `<testcase name="t">${content}</testcase>`.repeat(count);

    const report = await readText(
      suite(
        cases(6_000, '<skipped/>') +
          cases(3_000, '<flakyFailure/>') +
          cases(4_000, failure),
      ),
    );

    expect(report.totals).toMatchObject({
      total: 13_000,
      failed: 4_000,
      flaky: 3_000,
      skipped: 6_000,
    });
    expect(report.notable).toHaveLength(10_000);
    expect(report.notable[3_999].outcome).toBe('failed');
    expect(report.notable[4_000].flaky).toBe(true);
    expect(report.notable[7_000].outcome).toBe('skipped');
  });

  it('counts all suites and keeps 10,000', async () => {
    const report = await readText(
      `<testsuites>${'<testsuite name="s"><testcase name="t"/></testsuite>'.repeat(
        10_050,
      )}</testsuites>`,
    );

    expect(report.totals).toMatchObject({ total: 10_050, suites: 10_050 });
    expect(report.suites).toHaveLength(10_000);
  });

  it('keeps the counts of 10,000 suites by name', async () => {
    const tests = Array.from({ length: 10_050 }, (_, at) => ({
      name: 't',
      status: 'passed',
      duration: 1,
      suite: `s${at}`,
    }));

    const report = await readText(
      JSON.stringify({
        results: {
          tool: { name: 'x' },
          summary: { tests: 0, passed: 0, failed: 0, skipped: 0, other: 0 },
          tests,
        },
      }),
    );

    expect(report.totals).toMatchObject({ total: 10_050, suites: 10_001 });
    expect(report.suites).toHaveLength(10_000);
  });

  it('is not slowed down by blank lines without end', async () => {
    const message = `=== RUN${'&#10;'.repeat(150_000)}`;

    const report = await readText(
      suite(`<testcase name="t"><failure message="${message}"/></testcase>`),
    );

    expect(report.notable[0].message).toBe('=== RUN');
  });

  it('keeps 16 million characters of traces and the counts of all', async () => {
    const trace = 'x'.repeat(10_000);

    const report = await readText(
      suite(
        `<testcase name="t"><failure>${trace}</failure></testcase>`.repeat(
          2_000,
        ),
      ),
    );

    const traces = report.notable.filter(test => test.trace);
    expect(report.notable).toHaveLength(2_000);
    expect(report.totals.failed).toBe(2_000);
    expect(traces).toHaveLength(Math.floor((16 * 1024 * 1024) / 10_000));
  });
});
