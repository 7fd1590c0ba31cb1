import { compare, Operation } from 'fast-json-patch';
import { RuleFinding } from '../lint/Finding';
import { SourceNode } from '../workflows/SourceNode';

/**
 * Where a committed workflow does something else than the one that its spec asks for. Layout, comments, the order of
 * keys and the version of an action are not compared.
 */
export function compareWorkflows(
  committed: string,
  expected: string,
): RuleFinding[] {
  const [left, right] = [committed, expected].map(SourceNode.parse);
  if ('problems' in left) {
    return left.problems.map(({ line, column, message }) => ({
      line,
      column,
      message,
      remedy: 'Write it anew with deploy-pipeline generate.',
    }));
  }
  if ('problems' in right) {
    throw new Error('What is generated can be read.');
  }
  return compare(
    normalise(left.root.value) as object,
    normalise(right.root.value) as object,
  ).map(operation => explain(operation, left.root, right.root));
}

const IGNORED = '(whatever version)';

/** Puts what means the same into one form. */
function normalise(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    return value.map(one => normalise(one));
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([name, one]) => [
      name,
      normalise(one, name),
    ]);
    return Object.fromEntries(entries);
  }
  if (typeof value !== 'string') {
    return key === 'needs' ? [value] : value;
  }
  switch (key) {
    case 'needs':
      return [value];
    case 'uses':
      return value.replace(/@.*$/, `@${IGNORED}`);
    case 'if':
      return value.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1').trim();
    case 'run':
      return value.trim();
    default:
      return value;
  }
}

function explain(
  operation: Operation,
  committed: SourceNode,
  expected: SourceNode,
): RuleFinding {
  const path = operation.path
    .split('/')
    .slice(1)
    .map(segment => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
  const name = path.join('.');
  const position = positionOf(committed, path);
  const remedy = 'Say it in deploy.yaml, or write the workflow anew.';
  if (operation.op === 'remove') {
    return {
      ...position,
      message: `${name} is not what deploy.yaml asks for: it should not be there`,
      remedy,
    };
  }
  const wanted = short(valueAt(expected.value, path));
  return {
    ...position,
    message:
      operation.op === 'add'
        ? `${name} is missing: ${wanted}`
        : `${name} is ${short(
            valueAt(committed.value, path),
          )}, and deploy.yaml asks for ${wanted}`,
    remedy,
  };
}

/** Where it stands, or the nearest thing around it that does. */
function positionOf(root: SourceNode, path: readonly string[]) {
  let node = root;
  for (const segment of path) {
    const next = /^\d+$/.test(segment)
      ? node.items()[Number(segment)]
      : node.get(segment);
    if (!next) {
      break;
    }
    node = next;
  }
  return node.position;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, segment) =>
      found !== null && typeof found === 'object'
        ? (found as Record<string, unknown>)[segment]
        : found,
    value,
  );
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
  const line = text.replace(/\s+/g, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`;
}
