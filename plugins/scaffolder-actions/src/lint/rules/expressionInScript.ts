import { SourceNode } from '../../workflows/SourceNode';
import { JobSource } from '../../workflows/WorkflowSource';
import { Rule, RuleFinding } from '../Finding';
import { expressionsIn } from './expressions';

/**
 * No `${{ }}` in a script: GitHub puts its value in as text, so that a branch called `$(…)` is a command. The
 * scripts of `actions/github-script` are scripts, too.
 */
export const expressionInScript: Rule = {
  name: 'expression-in-script',
  check: ({ jobs }) => jobs.flatMap(scriptsOf).flatMap(checkScript),
};

function scriptsOf({ steps }: JobSource): SourceNode[] {
  return steps.flatMap(({ run, uses, node }) => {
    const inline = uses?.text?.startsWith('actions/github-script@')
      ? node.get('with')?.get('script')
      : undefined;
    return [run, inline].filter(one => one !== undefined);
  });
}

function checkScript(script: SourceNode): RuleFinding[] {
  return expressionsIn(script.text ?? '').map(({ offset, body }) => ({
    ...script.positionIn(offset),
    message: `the value of ${body} becomes part of the script, whatever it is`,
    remedy: 'Pass it by env, and use the variable in quotes.',
  }));
}
