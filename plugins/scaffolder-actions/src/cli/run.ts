import { parseArgs } from 'node:util';
import { isError } from '@backstage/errors';
import { printable } from '../workflows/printable';
import { check } from './check';
import { generate } from './generate';
import { importCommand } from './import';
import { lint } from './lint';
import { ExitCode, Terminal } from './types';

const HELP = `deploy-pipeline generate <deploy.yaml> --out <folder> [--force]
deploy-pipeline check    <deploy.yaml> --repo <folder>
deploy-pipeline lint     <workflow...> [--no-shellcheck] [--shellcheck <program>]
deploy-pipeline import   <workflow...> [--out <deploy.yaml>] [--repository <owner/name>] [--force]

  generate   writes the workflows that deploy.yaml describes, the scripts that they call, what the cloud has to trust,
             and a runbook for each service
  check      says where the workflows of a repository no longer do what deploy.yaml says
  lint       checks workflow files, or folders of them, with GitHub's own parser, actionlint, ShellCheck on every
             script, and the rules that keep a pipeline safe. Nothing is run, and nothing leaves this machine.
  import     reads workflow files, or folders of them, into a deploy.yaml, and says what became of every value in them

  --force                  overwrites files that were changed by hand
  --json                   findings as JSON: [{file, line, column, rule, message, remedy?}]; of import
                           {text, items, guessed, unknown}
  --repository <name>      owner/name of the repository, which workflows do not say
  --no-shellcheck          leaves the scripts unchecked
  --shellcheck <program>   the program ShellCheck, if it is not on the PATH

Ends with 0 if there is nothing to say, 1 if there are findings, 2 if it could not do its work.`;

/** Runs the command line. What comes from files cannot steer the terminal. */
export async function run(
  args: readonly string[],
  { out: print, error: complain }: Terminal,
): Promise<ExitCode> {
  const terminal: Terminal = {
    out: text => print(printable(text)),
    error: text => complain(printable(text)),
  };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        out: { type: 'string' },
        repo: { type: 'string' },
        force: { type: 'boolean' },
        repository: { type: 'string' },
        'no-shellcheck': { type: 'boolean' },
        shellcheck: { type: 'string' },
      },
    });
    const [command, ...names] = positionals;
    const json = values.json ?? false;
    if (values.help) {
      terminal.out(HELP);
      return 0;
    }
    if (command === 'generate' && names.length === 1 && values.out) {
      const { out, force = false } = values;
      return await generate(names[0], terminal, { out, force, json });
    }
    if (command === 'check' && names.length === 1 && values.repo) {
      return await check(names[0], terminal, { repo: values.repo, json });
    }
    if (command === 'lint' && names.length > 0) {
      return await lint(names, terminal, {
        json,
        shellcheck: values['no-shellcheck'] ? false : values.shellcheck,
      });
    }
    if (command === 'import' && names.length > 0) {
      const { out, force = false, repository } = values;
      return await importCommand(names, terminal, {
        out,
        force,
        json,
        repository,
      });
    }
    terminal.error(
      command === undefined ||
        ['generate', 'check', 'lint', 'import'].includes(command)
        ? HELP
        : `There is no command "${command}".\n\n${HELP}`,
    );
    return 2;
  } catch (error) {
    terminal.error(isError(error) ? error.message : String(error));
    return 2;
  }
}
