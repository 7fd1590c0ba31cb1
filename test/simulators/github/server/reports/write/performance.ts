/** What k6 gives to `handleSummary` for one run. Times in milliseconds. */
export function writeK6(options: {
  average: number;
  requests: number;
  seconds: number;
  users: number;
  /** 0 to 1. */
  errorRate: number;
}): string {
  const { average, requests, seconds } = options;
  const failed = Math.round(requests * options.errorRate);
  return JSON.stringify({
    state: { isStdOutTTY: false, testRunDurationMs: seconds * 1000 },
    metrics: {
      http_req_duration: {
        type: 'trend',
        contains: 'time',
        values: {
          avg: average,
          min: average * 0.2,
          med: average * 0.82,
          max: average * 6.1,
          'p(90)': average * 1.7,
          'p(95)': average * 2.2,
          'p(99)': average * 3.6,
        },
      },
      http_reqs: {
        type: 'counter',
        contains: 'default',
        values: { count: requests, rate: requests / seconds },
      },
      http_req_failed: {
        type: 'rate',
        contains: 'default',
        values: {
          rate: failed / requests,
          passes: failed,
          fails: requests - failed,
        },
      },
      vus_max: {
        type: 'gauge',
        contains: 'default',
        values: {
          value: options.users,
          min: options.users,
          max: options.users,
        },
      },
    },
  });
}

/** Single values in the plain format of the portal. */
export function writeMeasurements(
  time: number,
  measurements: Array<{
    metric: string;
    value: number;
    unit: string;
    scenario?: string;
  }>,
): string {
  return JSON.stringify({
    measuredAt: new Date(time).toISOString(),
    measurements,
  });
}

/** What `terraform validate -json` says. */
export function writeTerraformValidate(valid: boolean): string {
  const diagnostics = valid
    ? []
    : [
        {
          severity: 'error',
          summary: 'Unsupported argument',
          detail: 'An argument named "task_cpus" is not expected here.',
          range: {
            filename: 'main.tf',
            start: { line: 41, column: 3, byte: 1201 },
            end: { line: 41, column: 12, byte: 1210 },
          },
        },
      ];
  return JSON.stringify({
    format_version: '1.0',
    valid,
    error_count: diagnostics.length,
    warning_count: 0,
    diagnostics,
  });
}
