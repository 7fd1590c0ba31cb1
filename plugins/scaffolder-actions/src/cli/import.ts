import path from 'node:path';
import { formatImportReport, ImportResult, importWorkflows } from '../import';
import { githubFindings } from '../import/githubFindings';
import { Finding, formatFindings, WorkflowFile } from '../lint';
import { findWorkflows } from './findWorkflows';
import { ExitCode, Terminal } from './types';
import { writeFiles } from './writeFiles';

/** Where the result goes, and what workflows do not say. */
export interface ImportCommand {
  out?: string;
  force: boolean;
  json: boolean;
  repository?: string;
}

/** `deploy-pipeline import` */
export async function importCommand(
  names: readonly string[],
  terminal: Terminal,
  { out, force, json, repository }: ImportCommand,
): Promise<ExitCode> {
  const result = await read(await findWorkflows(names), repository);
  if ('findings' in result) {
    terminal.out(
      json
        ? JSON.stringify({ findings: result.findings }, undefined, 2)
        : formatFindings(result.findings),
    );
    return 1;
  }
  if (out !== undefined && !(await write(result.text, out, force))) {
    terminal.error(
      `Nothing was written: ${out} is there already. Choose another name, or overwrite it with --force.`,
    );
    return 1;
  }
  if (json) {
    const { text, report } = result;
    terminal.out(JSON.stringify({ text, ...report }, undefined, 2));
  } else if (out === undefined) {
    terminal.out(result.text.trimEnd());
    terminal.error(formatImportReport(result.report));
  } else {
    terminal.out(`${formatImportReport(result.report)}\n\nwrote ${out}`);
  }
  return result.report.items.some(
    ({ disposition, remedy }) =>
      disposition === 'unsupported' || remedy !== undefined,
  )
    ? 1
    : 0;
}

/** What this tool cannot read is told before GitHub's parser is asked. */
async function read(
  files: readonly WorkflowFile[],
  repository: string | undefined,
): Promise<ImportResult | { findings: Finding[] }> {
  const result = importWorkflows(files, { repository });
  if ('findings' in result) {
    return result;
  }
  const findings = await githubFindings(files);
  return findings.length > 0 ? { findings } : result;
}

/** Whether it was written, or is there just so. */
async function write(
  text: string,
  out: string,
  force: boolean,
): Promise<boolean> {
  const { edited } = await writeFiles(
    [{ path: path.basename(out), content: text }],
    { folder: path.dirname(out), force },
  );
  return edited.length === 0;
}
