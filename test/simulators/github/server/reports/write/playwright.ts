import { hashedNumber } from '../../state/Ids';

/** A report as Playwright's JSON reporter writes it. */
export function writePlaywright(options: {
  file: string;
  titles: string[];
  /** Failed on every try. */
  failed: string[];
  /** Passed on the second try. */
  flaky: string[];
  time: number;
}): string {
  const { failed, flaky } = options;
  const duration = (title: string) => hashedNumber(title, 900, 9_000);
  const specs = options.titles.map((title, index) => {
    const isFailed = failed.includes(title);
    const isFlaky = flaky.includes(title);
    const error = {
      message: 'Error: expect(locator).toBeVisible() failed',
      stack: `Error: expect(locator).toBeVisible() failed\n    at ${
        options.file
      }:${12 + index * 9}:7`,
    };
    const result = (retry: number, status: string) => ({
      workerIndex: 0,
      status,
      duration: duration(title),
      retry,
      startTime: new Date(options.time).toISOString(),
      errors: status === 'failed' ? [error] : [],
      ...(status === 'failed' && { error }),
    });
    const first = isFailed || isFlaky ? 'failed' : 'passed';
    const tries = [
      result(0, first),
      ...(first === 'failed'
        ? [result(1, isFailed ? 'failed' : 'passed')]
        : []),
    ];
    return {
      title,
      ok: !isFailed,
      tags: [],
      tests: [
        {
          timeout: 30_000,
          annotations: [],
          expectedStatus: 'passed',
          projectId: 'chromium',
          projectName: 'chromium',
          results: tries,
          status: statusOf(isFailed, isFlaky),
        },
      ],
      id: `spec-${index}`,
      file: options.file,
      line: 10 + index * 9,
      column: 1,
    };
  });
  const passed = options.titles.length - failed.length - flaky.length;
  return JSON.stringify({
    config: {
      version: '1.49.0',
      projects: [{ id: 'chromium', name: 'chromium' }],
    },
    suites: [
      {
        title: options.file,
        file: options.file,
        line: 0,
        column: 0,
        specs,
      },
    ],
    errors: [],
    stats: {
      startTime: new Date(options.time).toISOString(),
      duration: options.titles.reduce((sum, title) => sum + duration(title), 0),
      expected: passed,
      skipped: 0,
      unexpected: failed.length,
      flaky: flaky.length,
    },
  });
}

function statusOf(isFailed: boolean, isFlaky: boolean): string {
  if (isFailed) {
    return 'unexpected';
  }
  return isFlaky ? 'flaky' : 'expected';
}
