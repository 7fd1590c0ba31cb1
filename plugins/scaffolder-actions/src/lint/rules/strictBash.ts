import { Rule } from '../Finding';
import { isBash } from '../shell/isBash';

/** A script stops at the first command that fails, at an unset variable, and within a pipeline. */
export const strictBash: Rule = {
  name: 'strict-bash',
  check: ({ jobs }) =>
    jobs.flatMap(({ steps }) =>
      steps.flatMap(({ run, shell }) =>
        run?.text !== undefined &&
        isBash(shell) &&
        !isStrict(shell) &&
        !setsStrict(run.text)
          ? [
              {
                ...run.position,
                message: `the script runs by "${shell}", which goes on after an unset variable or a failure in a pipeline`,
                remedy:
                  'Add defaults.run.shell: bash -euo pipefail {0}, or begin the script with set -euo pipefail.',
              },
            ]
          : [],
      ),
    ),
};

function isStrict(shell: string): boolean {
  // GitHub runs "bash" as bash --noprofile --norc -eo pipefail {0}.
  const flags = [...shell.matchAll(/(?:^|\s)-([a-zA-Z]+)/g)]
    .map(match => match[1])
    .join('');
  return (
    flags.includes('e') && flags.includes('u') && /\bpipefail\b/.test(shell)
  );
}

/** Whether it begins so. */
function setsStrict(script: string): boolean {
  const first = script
    .split('\n')
    .map(line => line.trim())
    .find(line => line !== '' && !line.startsWith('#'));
  return first !== undefined && /^set\s/.test(first) && isStrict(first);
}
