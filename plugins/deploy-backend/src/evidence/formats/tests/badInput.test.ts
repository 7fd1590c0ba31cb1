import { testFormats } from '.';
import { readText } from './__testUtils__/readFixture';

const testCase = '<testcase name="t"/>';

function parse(format: string, text: string) {
  const parser = testFormats
    .find(candidate => candidate.format === format)!
    .createParser();
  parser.write(text);
  return parser.end();
}

describe('JUnit XML that is refused', () => {
  it.each([
    ['negative counter', '<testsuite tests="-1"/>', 'Line 1, tests: "-1"'],
    ['percent', '<testsuite\n failures="12 %"/>', 'failures: "12 %"'],
    ['NaN counter', '<testsuite errors="NaN"/>', 'errors: "NaN"'],
    ['fraction', '<testsuite skipped="1.5"/>', 'skipped: "1.5"'],
    [
      'negative time',
      `<testsuite>\n\n<testcase time="-345"/></testsuite>`,
      'Line 3, time: -345 is negative',
    ],
    ['NaN time', '<testsuite time="NaN"/>', 'Line 1, time: "NaN"'],
    ['infinite time', '<testsuite time="1e999"/>', 'time: "1e999"'],
    ['hexadecimal time', '<testsuite time="0x10"/>', 'time: "0x10"'],
    ['percent as time', '<testsuite time="5%"/>', 'time: "5%"'],
    [
      'case outside of a suite',
      `<testsuites>\n${testCase}</testsuites>`,
      'Line 2: <testcase> outside of a <testsuite>',
    ],
    [
      'case in a case',
      `<testsuite><testcase>${testCase}</testcase></testsuite>`,
      '<testcase> outside of a <testsuite>',
    ],
    [
      'suite in a case',
      '<testsuite><testcase><testsuite/></testcase></testsuite>',
      '<testsuite> inside of a <testcase>',
    ],
    ['another root', '<coverage/>', '<coverage> is not the root'],
    ['truncated', `<testsuite>${testCase}`, 'unclosed tag'],
    ['empty', '', 'Line 1'],
    [
      'too deep',
      `${'<testsuite>'.repeat(10_000)}${'</testsuite>'.repeat(10_000)}`,
      'nested deeper than 256',
    ],
    [
      'entities',
      '<!DOCTYPE testsuite [<!ENTITY a "b">]><testsuite/>',
      'DOCTYPE with declarations',
    ],
  ])('%s', (_, text, message) => {
    expect(() => parse('junit', text)).toThrow(message);
    expect(() => parse('junit', text)).toThrow(
      expect.objectContaining({ name: 'InputError' }),
    );
  });
});

const stats =
  '"stats": {"startTime": "2026-11-21T07:00:00Z", "duration": 5, "unexpected": 0}';

function playwright(test: object): string {
  const spec = { title: 't', file: 'a.js', line: 1, tests: [test] };
  return JSON.stringify({ suites: [{ title: 'a.js', specs: [spec] }] });
}

function ctrf(test: object, summary: object = {}, version = '1.0.0'): string {
  return JSON.stringify({
    reportFormat: 'CTRF',
    specVersion: version,
    results: {
      tool: { name: 'x' },
      summary: { tests: 1, passed: 1, failed: 0, skipped: 0, ...summary },
      tests: [{ name: 't', status: 'passed', duration: 1, ...test }],
    },
  });
}

describe('JSON that is refused', () => {
  it.each([
    ['playwright', 'no test', `{${stats.replace('stats', 'x')}}`, 'suites'],
    [
      'playwright',
      'unknown status',
      playwright({ status: 'green', results: [] }),
      'suites.0.specs.0.tests.0.status: "green" is none of expected',
    ],
    [
      'playwright',
      'no status',
      playwright({ results: [] }),
      'suites.0.specs.0.tests.0.status: a text is missing',
    ],
    [
      'playwright',
      'negative duration',
      playwright({ status: 'expected', results: [{ duration: -1 }] }),
      'tests.0.results.0.duration: -1 is negative',
    ],
    [
      'playwright',
      'duration in words',
      playwright({ status: 'expected', results: [{ duration: '5%' }] }),
      'tests.0.results.0.duration: "5%"',
    ],
    [
      'playwright',
      'no results',
      playwright({ status: 'expected' }),
      'tests.0.results: a list is missing',
    ],
    ['playwright', 'suites are no objects', '{"suites": [1]}', 'suites.0'],
    ['playwright', 'truncated', '{"suites": [', 'ends too early'],
    ['ctrf', 'major version', ctrf({}, {}, '2.0.0'), 'specVersion: "2.0.0"'],
    ['ctrf', 'no version', ctrf({}, {}, 'latest'), 'specVersion: "latest"'],
    ['ctrf', 'another format', '{"reportFormat": "X"}', 'reportFormat'],
    ['ctrf', 'no summary', '{"results": {}}', 'results.summary is missing'],
    [
      'ctrf',
      'unknown status',
      ctrf({ status: 'ok' }),
      'results.tests.0.status: "ok" is none of passed, failed',
    ],
    [
      'ctrf',
      'no name',
      ctrf({ name: undefined }),
      'results.tests.0.name: a text is missing',
    ],
    [
      'ctrf',
      'negative duration',
      ctrf({ duration: -5 }),
      'results.tests.0.duration: -5 is negative',
    ],
    [
      'ctrf',
      'negative count',
      ctrf({}, { failed: -1 }),
      'results.summary.failed: -1',
    ],
    [
      'ctrf',
      'percent',
      ctrf({}, { passed: '90%' }),
      'results.summary.passed: "90%"',
    ],
    [
      'ctrf',
      'retries that are none',
      ctrf({ retries: 0.5 }),
      'results.tests.0.retries: 0.5',
    ],
    ['ctrf', 'suite', ctrf({ suite: [1] }), 'results.tests.0.suite'],
    ['ctrf', 'NaN', '{"results": {"tests": [NaN]}}', 'Line 1'],
    ['ctrf', 'truncated', ctrf({}).slice(0, -3), 'ends too early'],
    [
      'terraform-validate',
      'contradiction',
      '{"valid": true, "error_count": 1, "diagnostics": []}',
      'valid: true, but there are 1 errors',
    ],
    [
      'terraform-validate',
      'no verdict',
      '{"error_count": 0}',
      'valid is missing',
    ],
    [
      'terraform-validate',
      'verdict in words',
      '{"valid": "yes"}',
      'valid: neither true nor false',
    ],
    [
      'terraform-validate',
      'no count',
      '{"valid": true}',
      'error_count is missing',
    ],
    [
      'terraform-validate',
      'negative',
      '{"valid": false, "error_count": -1}',
      'error_count: -1',
    ],
    [
      'terraform-validate',
      'version',
      '{"format_version": "2.0", "valid": true, "error_count": 0}',
      'format_version: "2.0"',
    ],
    [
      'terraform-validate',
      'too deep',
      `{"valid": ${'['.repeat(10_000)}`,
      'nested deeper',
    ],
  ])('%s: %s', (format, _, text, message) => {
    expect(() => parse(format, text)).toThrow(message);
    expect(() => parse(format, text)).toThrow(
      expect.objectContaining({ name: 'InputError' }),
    );
  });
});

describe('what a summary counts and no test tells of', () => {
  it('counts as failed', async () => {
    const report = await readText(ctrf({}, { tests: 3, failed: 2 }));

    expect(report.totals).toMatchObject({ total: 3, passed: 1, failed: 2 });
  });

  it('is passed over if all tests are listed', async () => {
    const report = await readText(ctrf({}, { failed: 1 }));

    expect(report.totals).toMatchObject({ total: 1, passed: 1, failed: 0 });
  });
});
