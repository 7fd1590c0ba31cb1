import { SourceNode } from '../../workflows/SourceNode';
import { Leaf } from '../types';
import { commandsOf } from './commands';

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
    const { value, position } = node;
    const leaf: Leaf = { file, path, value, node, ...position };
    const commands = isScript(path) ? commandsOf(node.text ?? '') : [];
    if (commands.length === 0) {
      const raw = rawScalar(lines[position.line - 1] ?? '', position.column);
      const surprise = surpriseOf(value, raw);
      leaves.push({ ...leaf, ...(surprise && { surprise }) });
      return;
    }
    commands.forEach((command, index) =>
      leaves.push({
        ...leaf,
        ...node.positionIn(command.offset),
        value: command.text,
        command: { ...command, index },
      }),
    );
  };
  walk(root, []);
  return leaves;
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
