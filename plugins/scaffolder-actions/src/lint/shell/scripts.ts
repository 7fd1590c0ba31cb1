import { SourceNode } from '../../workflows/SourceNode';
import { WorkflowSource } from '../../workflows/WorkflowSource';
import { expressionsIn } from '../rules/expressions';
import { isBash } from './isBash';

/** A script as ShellCheck reads it. */
export interface CheckedScript {
  /** One line longer than what stands in the workflow: the first names the shell. */
  text: string;
  node: SourceNode;
}

/** The scripts of a workflow that run by bash or sh. */
export function scriptsOf({ jobs }: WorkflowSource): CheckedScript[] {
  return jobs.flatMap(({ steps }) =>
    steps.flatMap(({ run, shell }) =>
      run?.text !== undefined && isBash(shell)
        ? [
            {
              text: `${shebangOf(shell)}\n${withoutExpressions(run.text)}`,
              node: run,
            },
          ]
        : [],
    ),
  );
}

/** With the flags: `set -e` makes a failing `cd` harmless. */
function shebangOf(shell: string): string {
  const program = /(^|[\s/])bash(\s|$)/.test(shell) ? 'bash' : 'sh';
  const stops = shell.trim() === 'bash' || /(^|\s)-[a-z]*e/.test(shell);
  return `#!/bin/${program}${stops || program === 'sh' ? ' -e' : ''}`;
}

/** Expressions made words of the same length, so that places stay what they are. */
export function withoutExpressions(script: string): string {
  return expressionsIn(script).reduce(
    (text, { offset, length }) =>
      text.slice(0, offset) +
      text.slice(offset, offset + length).replace(/[^\n]/g, 'x') +
      text.slice(offset + length),
    script,
  );
}
