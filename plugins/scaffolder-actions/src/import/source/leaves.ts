import { SourceNode } from '../../workflows/SourceNode';
import { Leaf } from '../types';
import { commandsOf } from './commands';
import { maskCommands, Masked, maskValue } from './literalSecrets';

/** Every scalar of a workflow with its path, and empty lists and mappings; scripts command by command. */
export function leavesOf(file: string, text: string, root: SourceNode): Leaf[] {
  const lines = text.split('\n');
  const leaves: Leaf[] = [];
  const walk = (node: SourceNode, path: readonly string[]): void => {
    const entries = node.entries();
    const items = node.items();
    entries.forEach(({ name, value }) => walk(value, [...path, name]));
    items.forEach((item, index) => walk(item, [...path, String(index)]));
    if (entries.length > 0 || items.length > 0) {
      return;
    }
    const { position } = node;
    const { value, ...secrets } = withoutSecrets(path, node.value);
    const leaf: Leaf = { file, path, value, node, ...secrets, ...position };
    const commands = isScript(path) ? commandsOf(node.text ?? '') : [];
    if (commands.length === 0) {
      const raw = rawScalar(lines[position.line - 1] ?? '', position.column);
      const surprise = surpriseOf(value, raw);
      leaves.push({ ...leaf, ...(surprise && { surprise }) });
      return;
    }
    const withoutThem = maskCommands(commands);
    commands.forEach((command, index) => {
      const masked = withoutThem[index];
      const { text: clean, words } = masked;
      leaves.push({
        file,
        path,
        node,
        ...secretsOf(masked),
        ...node.positionIn(command.offset),
        value: clean,
        command: { ...command, text: clean, words, index },
      });
    });
  };
  walk(root, []);
  return leaves;
}

/** Secrets that are written out go no further than here. */
function withoutSecrets(
  path: readonly string[],
  value: unknown,
): { value: unknown; secrets?: readonly string[] } {
  if (typeof value !== 'string' && typeof value !== 'number') {
    return { value };
  }
  const masked = maskValue(settingIn(path), String(value));
  return masked.isSecret
    ? { value: masked.text, ...secretsOf(masked) }
    : { value };
}

function secretsOf({ isSecret, names }: Masked): { secrets?: string[] } {
  return isSecret ? { secrets: names } : {};
}

/** Where names say what their values are. */
const SETTINGS = ['env', 'with', 'matrix', 'credentials', 'secrets', 'inputs'];

/**
 * What a value is called that somebody chose; empty for what GitHub prescribes, and for containers beside a job: what
 * opens them ends with them.
 */
function settingIn(path: readonly string[]): string {
  if (path[2] === 'services') {
    return '';
  }
  const named = path.filter(segment => !/^\d+$/.test(segment));
  const last = named.pop() ?? '';
  const name = last === 'default' ? named.pop() ?? '' : last;
  return named.some(segment => SETTINGS.includes(segment)) ? name : '';
}

/** What a leaf is known by among all workflows. */
export function keyOfLeaf({ file, path, command }: Leaf): string {
  return `${file}${pointerOf(path)}${command ? `#${command.index}` : ''}`;
}

/** A path as JSON pointer. */
export function pointerOf(path: readonly string[]): string {
  return path
    .map(segment => `/${segment.replace(/~/g, '~0').replace(/\//g, '~1')}`)
    .join('');
}

function isScript(path: readonly string[]): boolean {
  return (
    path.length === 5 &&
    path[0] === 'jobs' &&
    path[2] === 'steps' &&
    path[4] === 'run'
  );
}

/** What stands there, if it is written without quotes. */
function rawScalar(line: string, column: number): string {
  return /^[^\s,\]}#]*/.exec(line.slice(column - 1))?.[0] ?? '';
}

/** YAML 1.1, YAML 1.2 and people read these differently. */
function surpriseOf(value: unknown, raw: string): string | undefined {
  if (typeof value === 'number' && /^[-+.\w]+$/.test(raw)) {
    return String(value) === raw
      ? undefined
      : `${raw} is the number ${value} to GitHub`;
  }
  return typeof value === 'string' && /^(y|n|yes|no|on|off)$/i.test(raw)
    ? `${raw} is a text to GitHub, and true or false to YAML 1.1`
    : undefined;
}
