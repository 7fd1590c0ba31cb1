import { printable } from '../workflows/printable';
import { Finding } from './Finding';

/**
 * A line for each finding, `file:line:column: rule: message`, as editors and terminals take it for a link.
 *
 * @public
 */
export function formatFindings(findings: readonly Finding[]): string {
  const lines = findings.map(({ file, line, column, rule, message, remedy }) =>
    [
      `${file}:${line}:${column}: ${rule}: ${sentence(message)}`,
      ...(remedy ? [remedy] : []),
    ].join(' '),
  );
  return printable(lines.join('\n'));
}

function sentence(message: string): string {
  const text = message.replace(/\s*\n\s*/g, ' ').trim();
  return /[.!?)]$/.test(text) ? text : `${text}.`;
}
