import { formatFindings, LintOptions, lintWorkflows } from '../lint';
import { findWorkflows } from './findWorkflows';
import { ExitCode, Terminal } from './types';

/** `deploy-pipeline lint` */
export async function lint(
  names: readonly string[],
  terminal: Terminal,
  { json, ...options }: LintOptions & { json: boolean },
): Promise<ExitCode> {
  const files = await findWorkflows(names);
  const findings = await lintWorkflows(files, options);
  if (json) {
    terminal.out(JSON.stringify(findings, undefined, 2));
  } else if (findings.length > 0) {
    terminal.out(formatFindings(findings));
  }
  if (!json) {
    terminal.error(
      `${count(files.length, 'workflow')}, ${count(
        findings.length,
        'finding',
      )}`,
    );
  }
  return findings.length > 0 ? 1 : 0;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
