import { stringify } from 'yaml';

/**
 * Values by where they go, with slashes between the keys; undefined takes out what stands there. Under `#` is why they come
 * back otherwise, and mean the same to workflows.
 */
export type Turn = Readonly<Record<string, unknown>>;

type Tree = Record<string, unknown>;

/** A copy of a document with some values in it. */
export function turnedOn(document: unknown, turns: readonly Turn[]): unknown {
  const copy = structuredClone(document) as Tree;
  for (const turn of turns) {
    for (const [path, value] of Object.entries(turn)) {
      if (path === '#') {
        continue;
      }
      const keys = path.split('/');
      const last = keys.pop() as string;
      let holder: Tree = copy;
      for (const key of keys) {
        holder[key] ??= {};
        holder = holder[key] as Tree;
      }
      if (value === undefined) {
        delete holder[last];
      } else {
        holder[last] = structuredClone(value);
      }
    }
  }
  return copy;
}

/** A document as YAML. */
export function textOf(document: unknown): string {
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}
