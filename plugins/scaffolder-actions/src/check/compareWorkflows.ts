import { compare, Operation } from 'fast-json-patch';
import { RuleFinding } from '../lint/Finding';
import { SourceNode } from '../workflows/SourceNode';
import { isNewerPin, otherPins, Pin } from './pins';

/**
 * Where a committed workflow does something else than the one that its spec asks for. Layout, comments and the order of
 * keys are not compared. Actions may be pinned to other commits, as far as that is fine.
 *
 * @param isFine - whether one may; of a newer version unless said otherwise
 */
export function compareWorkflows(
  committed: string,
  expected: string,
  isFine: (pin: Pin, wanted: Pin) => boolean = isNewerPin,
): RuleFinding[] {
  const [left, right] = [committed, expected].map(text =>
    SourceNode.parse(text),
  );
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
  const replaced = new Map(
    otherPins(left.root, right.root, isFine).map(({ pin, wanted }) => [
      pin.uses,
      wanted.uses,
    ]),
  );
  return compare(
    normalise(left.root.value, replaced) as object,
    normalise(right.root.value, new Map()) as object,
  ).map(operation => explain(operation, left.root, right.root));
}

/** Actions of a committed workflow that are newer than what is generated: no drift, and worth knowing. */
export function newerActions(
  committed: string,
  expected: string,
): RuleFinding[] {
  const [left, right] = [committed, expected].map(text =>
    SourceNode.parse(text),
  );
  return 'problems' in left || 'problems' in right
    ? []
    : otherPins(left.root, right.root, isNewerPin).map(({ pin, wanted }) => ({
        line: pin.line,
        column: pin.column,
        message: `${pin.action} is ${pin.version}, and deploy-pipeline writes ${wanted.version}`,
      }));
}

/** Puts what means the same into one form. */
function normalise(
  value: unknown,
  replaced: ReadonlyMap<string, string>,
  key = '',
): unknown {
  if (Array.isArray(value)) {
    return value.map(one => normalise(one, replaced));
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([name, one]) => [
      name,
      normalise(one, replaced, name),
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
      return replaced.get(value) ?? value;
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
