import { SpecFinding } from './types';

const MAX_LINES = 20;

/**
 * One line per finding, as `deploy.yaml:12:5 message. Remedy.`, at most 20 and a line that counts the rest.
 *
 * @public
 */
export function formatSpecFindings(
  findings: readonly SpecFinding[],
  file: string,
): string {
  const lines = findings
    .slice(0, MAX_LINES)
    .map(
      ({ line, column, message, remedy }) =>
        `${file}:${line}:${column} ${message}. ${remedy}`,
    );
  const rest = findings.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}
