import { Leaf, Told } from '../types';

/** What a name stands for at some place of a workflow. */
export type Scope = ReadonlyMap<string, Leaf>;

const DEPTH = 5;

/** Variables that stand in an `env`, by `env.NAME`. */
export function environmentScope(leaves: readonly Leaf[]): Scope {
  return new Map(
    leaves.map(leaf => [`env.${leaf.path[leaf.path.length - 1]}`, leaf]),
  );
}

/**
 * Puts in what variables of the workflow and values of the matrix stand for, wherever that is written down. What is
 * only known when it runs stays as it is.
 */
export function resolve(
  text: string,
  scope: Scope,
  { shell = false, depth = 0 }: { shell?: boolean; depth?: number } = {},
): Told<string> {
  const leaves: Leaf[] = [];
  const put = (whole: string, name: string): string => {
    const leaf = scope.get(name);
    if (!leaf || leaf.surprise || depth >= DEPTH) {
      return whole;
    }
    const inner = resolve(String(leaf.value ?? ''), scope, {
      depth: depth + 1,
    });
    leaves.push(leaf, ...inner.leaves);
    return inner.value;
  };
  const expressions = text.replace(
    /\$\{\{\s*((?:env|matrix)\.[\w-]+)\s*\}\}/g,
    put,
  );
  const value = shell
    ? expressions
        .replace(/\$\{(\w+)\}/g, (whole, name) => put(whole, `env.${name}`))
        .replace(/\$(\w+)/g, (whole, name) => put(whole, `env.${name}`))
    : expressions;
  return { value, leaves };
}

/** Whether a text says all: no expression, no variable of a shell. */
export function isPlain(text: string): boolean {
  return !/\$\{\{|\$[A-Za-z_{(]|`/.test(text);
}

/** The text inside a lone `${{ }}`. */
export function expressionIn(text: string): string | undefined {
  return /^\s*\$\{\{\s*((?:(?!\}\}).)*?)\s*\}\}\s*$/s.exec(text)?.[1];
}

const SUCCEEDED = String.raw`needs\.[\w-]+\.result == 'success'`;
const ON = [
  String.raw`github\.(?:ref|event_name|event\.workflow_run\.head_branch) == '[^']*'`,
  String.raw`startsWith\(github\.(?:ref|event\.workflow_run\.head_branch), '[^']*'\)`,
  String.raw`needs\.(?:changes|release)\.outputs\.[\w-]+ == 'true'|inputs\.\w+ == '[^']*'`,
  String.raw`!contains\(github\.(?:ref_name|event\.workflow_run\.head_branch), '/'\)`,
  '[ ()|&]|false',
].join('|');

/** What generated conditions end with: that earlier environments have what comes next, where they take it, and that it was tested. */
const AFTER_EARLIER = new RegExp(
  String.raw`( && (${SUCCEEDED}|\(${SUCCEEDED} \|\| !\((${ON})+?\)\)))+$`,
);

/** A condition, with or without `${{ }}` around it. */
export function conditionOf(text: string): string {
  return (expressionIn(text) ?? text).trim().replace(AFTER_EARLIER, '');
}

/** A value as `deploy.yaml` has it; undefined for an expression that it has no word for. */
export function settingOf(
  text: string,
): string | Record<'secret' | 'variable' | 'from', string> | undefined {
  const expression = expressionIn(text);
  const named = /^(secrets|vars)\.([A-Za-z_]\w*)$/.exec(expression ?? '');
  if (named) {
    const [, kind, name] = named;
    return { [kind === 'secrets' ? 'secret' : 'variable']: name } as never;
  }
  if (expression === 'github.sha' || expression === 'github.repository') {
    const from = expression === 'github.sha' ? 'commit' : 'repository';
    return { from } as never;
  }
  return text.includes('${{') || text === '' ? undefined : text;
}

/** A text that stands somewhere, with what it refers to. */
export function toldOf(
  leaf: Leaf | undefined,
  scope: Scope,
): Told<string> | undefined {
  if (!leaf || leaf.value === null || typeof leaf.value === 'object') {
    return undefined;
  }
  const { value, leaves } = resolve(String(leaf.value), scope);
  return { value, leaves: [leaf, ...leaves] };
}
