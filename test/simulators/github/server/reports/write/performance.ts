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
