import { formatFindings } from '../lint';
import { planFiles } from './plan';
import { ExitCode, Terminal } from './types';
import { writeFiles } from './writeFiles';

/** `deploy-pipeline generate` */
export async function generate(
  file: string,
  terminal: Terminal,
  { out, force, json }: { out: string; force: boolean; json: boolean },
): Promise<ExitCode> {
  const planned = await planFiles(file);
  if ('findings' in planned) {
    terminal.out(
      json
        ? JSON.stringify(planned.findings, undefined, 2)
        : formatFindings(planned.findings),
    );
    return 1;
  }
  const { edited, written, unchanged } = await writeFiles(planned.files, {
    folder: out,
    force,
  });
  // Told beside the output, which may be read by a program.
  if (planned.notes.length > 0) {
    terminal.error(formatFindings(planned.notes));
  }
  if (json) {
    terminal.out(JSON.stringify({ edited, written, unchanged }, undefined, 2));
  } else if (edited.length > 0) {
    terminal.error(
      `Nothing was written: ${edited.join(', ')} ${
        edited.length === 1 ? 'was' : 'were'
      } changed by hand, or not made by this tool. Say in deploy.yaml what was changed there, or overwrite with --force.`,
    );
  } else {
    terminal.out(
      [
        ...written.map(path => `wrote ${path}`),
        `${unchanged.length} unchanged`,
      ].join('\n'),
    );
  }
  return edited.length > 0 ? 1 : 0;
}
