import { readText } from './__testUtils__/readFixture';

const failure = '<failure message="no">at a.b</failure>';

function suite(content: string, attributes = 'name="s"'): string {
  return `<testsuites><testsuite ${attributes}>${content}</testsuite></testsuites>`;
}

const go =
  '<properties><property name="go.version" value="go1.22.1"/></properties>';
const gradle =
  'name="s" tests="3" skipped="0" failures="2" errors="0" timestamp="2026-11-21T07:00:00" hostname="h" time="0.1"';

describe('a case that stands more than once in a suite', () => {
  const failed = `<testcase name="t" classname="c" time="1">${failure}</testcase>`;
  const passed = '<testcase name="t" classname="c" time="2"/>';
  const skipped = '<testcase name="t" classname="c"><skipped/></testcase>';
  const other = '<testcase name="t" classname="d"/>';

  it.each`
    tool                 | content                          | expected
    ${'Go'}              | ${go + failed + failed + passed} | ${{ total: 1, passed: 1, failed: 0, flaky: 1 }}
    ${'Go'}              | ${go + failed + failed + failed} | ${{ total: 1, passed: 0, failed: 1, flaky: 0 }}
    ${'Go'}              | ${go + failed + other}           | ${{ total: 2, passed: 1, failed: 1, flaky: 0 }}
    ${'Go'}              | ${go + failed + skipped}         | ${{ total: 2, skipped: 1, failed: 1, flaky: 0 }}
    ${'Go'}              | ${go + passed + passed}          | ${{ total: 2, passed: 2, failed: 0, flaky: 0 }}
    ${'Go'}              | ${go + passed + failed}          | ${{ total: 2, passed: 1, failed: 1, flaky: 0 }}
    ${'an unknown tool'} | ${failed + passed}               | ${{ total: 2, passed: 1, failed: 1, flaky: 0 }}
    ${'an unknown tool'} | ${failed + failed + failed}      | ${{ total: 3, passed: 0, failed: 3, flaky: 0 }}
  `('of $tool: $expected', async ({ content, expected }) => {
    const report = await readText(suite(content));

    expect(report.totals).toMatchObject(expected);
    expect(report.suites[0]).toMatchObject(expected);
  });

  it('of Gradle, whose retry plugin lists every try', async () => {
    const report = await readText(suite(failed + failed + passed, gradle));

    expect(report.totals).toMatchObject({ total: 1, passed: 1, flaky: 1 });
    expect(report.notable).toEqual([
      expect.objectContaining({
        name: 't',
        outcome: 'passed',
        flaky: true,
        message: 'no',
        trace: 'at a.b',
      }),
    ]);
  });

  it('is another case in another suite', async () => {
    const content = `${go}${failed}</testsuite><testsuite name="s">${go}${passed}`;

    const report = await readText(suite(content));

    expect(report.totals).toMatchObject({ total: 2, failed: 1, flaky: 0 });
  });
});

describe('what decides how a case ended', () => {
  it.each([
    ['', 'passed', false],
    ['<system-out>failure</system-out>', 'passed', false],
    ['<failure/>', 'failed', false],
    ['<error/>', 'failed', false],
    ['<failure/><error/>', 'failed', false],
    ['<skipped/><failure/>', 'failed', false],
    ['<skipped/>', 'skipped', false],
    ['<flakyFailure/>', 'passed', true],
    ['<flakyError/><flakyError/>', 'passed', true],
    ['<failure/><rerunFailure/><rerunError/>', 'failed', false],
    // cargo-nextest, of a flaky test that is set to fail
    ['<failure/><flakyFailure/>', 'failed', false],
  ])('%s', async (content, outcome, flaky) => {
    const report = await readText(
      suite(`<testcase name="t">${content}</testcase>`),
    );

    expect(report.totals).toMatchObject({
      total: 1,
      [outcome]: 1,
      flaky: flaky ? 1 : 0,
    });
  });

  it.each([
    ['run', 'passed'],
    ['passed', 'passed'],
    ['notrun', 'skipped'],
    ['disabled', 'skipped'],
    ['failed', 'failed'],
    ['error', 'failed'],
    ['constructor', 'passed'],
  ])('status="%s" alone: %s', async (status, outcome) => {
    const report = await readText(
      suite(`<testcase name="t" status="${status}"/>`),
    );

    expect(report.totals).toMatchObject({ total: 1, [outcome]: 1 });
  });
});

describe('counters that disagree with the cases', () => {
  const twoCases = '<testcase name="a"/><testcase name="b"/>';

  it.each([
    ['too few', 'tests="1" failures="0"', { total: 2, failed: 0 }],
    ['too many', 'tests="9" skipped="3"', { total: 2, failed: 0, skipped: 0 }],
    ['missing', '', { total: 2, failed: 0 }],
    ['unlisted failures', 'failures="1" errors="2"', { total: 5, failed: 3 }],
  ])('%s', async (_, counters, expected) => {
    const report = await readText(suite(twoCases, `name="s" ${counters}`));

    expect(report.totals).toMatchObject({ ...expected, passed: 2 });
  });

  it('counts failures that only the root tells of', async () => {
    const report = await readText(
      '<testsuites name="all" failures="2"><testsuite name="s" failures="1"/></testsuites>',
    );

    expect(report.totals).toMatchObject({ total: 2, failed: 2, suites: 2 });
    expect(report.suites.map(({ name }) => name)).toEqual(['s', 'all']);
  });

  it('does not count failures twice that several levels sum up', async () => {
    const content = `<testsuite name="inner" failures="1"><testcase name="t">${failure}</testcase></testsuite>`;

    const report = await readText(
      `<testsuites failures="1"><testsuite name="outer" failures="1">${content}</testsuite></testsuites>`,
    );

    expect(report.totals).toMatchObject({ total: 1, failed: 1, suites: 1 });
  });
});
