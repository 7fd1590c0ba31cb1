import type { ValidationReport } from './types';

/** The report in lines: what validated each call and delivery, and what did not. */
export function formatValidationReport(report: ValidationReport): string {
  const rows = (counts: Record<string, number>) =>
    Object.entries(counts).map(
      ([name, count]) => `  ${String(count).padStart(6)}  ${name}`,
    );
  const lines = [
    'GitHub REST calls, by the operation of GitHub’s OpenAPI description that validated them:',
    ...rows(report.rest),
    'GitHub webhooks, by the schema of GitHub’s webhook description that validated them:',
    ...rows(report.webhooks),
  ];
  for (const call of report.unvalidated) lines.push(`UNVALIDATED ${call}`);
  for (const { kind, where, errors } of report.violations) {
    lines.push(`VIOLATION ${kind} ${where}: ${errors.join('; ')}`);
  }
  lines.push(
    report.violations.length === 0
      ? 'No violations.'
      : `${report.violations.length} violations.`,
  );
  return lines.join('\n');
}

/** Adds reports together. */
export function mergeValidationReports(
  reports: ValidationReport[],
): ValidationReport {
  const merged: ValidationReport = {
    rest: {},
    webhooks: {},
    violations: [],
    unvalidated: [],
  };
  const add = (into: Record<string, number>, from: Record<string, number>) => {
    for (const [name, count] of Object.entries(from)) {
      into[name] = (into[name] ?? 0) + count;
    }
  };
  for (const report of reports) {
    add(merged.rest, report.rest);
    add(merged.webhooks, report.webhooks);
    merged.violations.push(...report.violations);
    merged.unvalidated.push(...report.unvalidated);
  }
  return merged;
}
