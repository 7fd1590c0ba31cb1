import { parseArgs } from 'node:util';
import { isError } from '@backstage/errors';
import { lint } from './lint';
import { ExitCode, Terminal } from './types';

const HELP = `deploy-pipeline lint <workflow...> [--json] [--no-shellcheck] [--shellcheck <program>]

  lint   checks workflow files, or folders of them, with GitHub's own parser, actionlint, ShellCheck on every
         script, and the rules that keep a pipeline safe. Nothing is run, and nothing leaves this machine.

  --json                   findings as JSON: [{file, line, column, rule, message, remedy?}]
  --no-shellcheck          leaves the scripts unchecked
  --shellcheck <program>   the program ShellCheck, if it is not on the PATH

Ends with 0 if there is nothing to say, 1 if there are findings, 2 if it could not do its work.`;

/** Runs the command line. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        'no-shellcheck': { type: 'boolean' },
        shellcheck: { type: 'string' },
      },
    });
    const [command, ...names] = positionals;
    if (values.help) {
      terminal.out(HELP);
      return 0;
    }
    if (command !== 'lint' || names.length === 0) {
      terminal.error(
        command === undefined || command === 'lint'
          ? HELP
          : `There is no command "${command}".\n\n${HELP}`,
      );
      return 2;
    }
    return await lint(names, terminal, {
      json: values.json ?? false,
      shellcheck: values['no-shellcheck'] ? false : values.shellcheck,
    });
  } catch (error) {
    terminal.error(isError(error) ? error.message : String(error));
    return 2;
  }
}
