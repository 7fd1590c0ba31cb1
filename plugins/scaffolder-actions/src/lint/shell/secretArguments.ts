import { WorkflowSource } from '../../workflows/WorkflowSource';
import { RuleFinding } from '../Finding';
import { isSecret } from '../rules/expressions';
import { BashNode, BashParser } from './BashParser';
import { isBash } from './isBash';

/** Commands of the shell itself: no process is started, so nobody sees their arguments. */
const BUILTINS = new Set([
  '[',
  ':',
  'cd',
  'declare',
  'echo',
  'exit',
  'export',
  'local',
  'printf',
  'read',
  'readonly',
  'return',
  'set',
  'shift',
  'test',
  'true',
  'unset',
]);

/** A secret on a command line: every process of the machine can read it there. */
export interface SecretArgument {
  variable: string;
  command: string;
  /** Where it stands in the script. */
  offset: number;
}

/**
 * Variables that hold secrets, as arguments of programs. What they are handed on to within the script is
 * followed; what a function does with its arguments is not.
 */
export function secretArguments(
  parser: BashParser,
  script: string,
  secrets: readonly string[],
): SecretArgument[] {
  if (!secrets.some(name => script.includes(name))) {
    return [];
  }
  return parser.read(script, root => {
    const known = withCopies(root, secrets);
    return nodesOf(root, 'command').flatMap(command => {
      const name = command.childForFieldName('name')?.text ?? '';
      if (BUILTINS.has(name)) {
        return [];
      }
      return command.childrenForFieldName('argument').flatMap(argument =>
        argument
          ? expansionsOf(argument)
              .filter(({ text }) => known.has(text))
              .map(({ text, startIndex }) => ({
                variable: text,
                command: name,
                offset: startIndex,
              }))
          : [],
      );
    });
  });
}

/** Of all steps of a workflow. */
export function checkSecretArguments(
  parser: BashParser,
  { root, jobs }: WorkflowSource,
): RuleFinding[] {
  return jobs.flatMap(job =>
    job.steps.flatMap(({ run, node, shell }) => {
      if (run?.text === undefined || !isBash(shell)) {
        return [];
      }
      const secrets = [root, job.node, node]
        .flatMap(place => place.get('env')?.entries() ?? [])
        .filter(({ value }) => isSecret(value.text ?? ''))
        .map(({ name }) => name);
      return secretArguments(parser, run.text, secrets).map(
        ({ variable, command, offset }) => ({
          ...run.positionIn(offset),
          message: `the secret in ${variable} is an argument of ${command}, which every process of the machine can read`,
          remedy:
            'Hand it over by standard input, a file that only this user can read, or the environment.',
        }),
      );
    }),
  );
}

/** With the variables that were given the value of one of them. */
function withCopies(root: BashNode, secrets: readonly string[]): Set<string> {
  const known = new Set(secrets);
  const assignments = nodesOf(root, 'variable_assignment').map(node => ({
    name: node.childForFieldName('name')?.text ?? '',
    from: expansionsOf(node.childForFieldName('value')).map(({ text }) => text),
  }));
  let before: number;
  do {
    before = known.size;
    assignments
      .filter(({ from }) => from.some(name => known.has(name)))
      .forEach(({ name }) => known.add(name));
  } while (known.size > before);
  return known;
}

/** The names of the variables that a word is put together from. What a program makes of one is another value. */
function expansionsOf(node: BashNode | null): BashNode[] {
  if (!node) {
    return [];
  }
  if (node.type === 'command_substitution') {
    return nodesOf(node, 'command')
      .filter(inner =>
        ['echo', 'printf'].includes(
          inner.childForFieldName('name')?.text ?? '',
        ),
      )
      .filter(inner => inner.parent?.type === 'command_substitution')
      .flatMap(inner =>
        inner.childrenForFieldName('argument').flatMap(expansionsOf),
      );
  }
  if (node.type === 'simple_expansion' || node.type === 'expansion') {
    // ${#NAME} is its length.
    if (node.text.startsWith('${#')) {
      return [];
    }
    return node.namedChildren.flatMap(child =>
      child?.type === 'variable_name' ? [child] : expansionsOf(child),
    );
  }
  return node.namedChildren.flatMap(expansionsOf);
}

function nodesOf(root: BashNode, type: string): BashNode[] {
  return root.descendantsOfType(type).flatMap(node => (node ? [node] : []));
}
