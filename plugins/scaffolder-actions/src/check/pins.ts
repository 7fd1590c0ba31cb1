import { Position, SourceNode } from '../workflows/SourceNode';

/** An action that is pinned by a whole commit. */
export interface Pin extends Position {
  /** As it stands there. */
  uses: string;
  action: string;
  /** What stands behind the commit, such as `v4.2.2`; empty without. */
  version: string;
}

/** An action that is pinned to another commit than the generated one. */
export interface OtherPin {
  pin: Pin;
  wanted: Pin;
}

/**
 * The actions that are pinned otherwise, wherever that is fine. The same commit stands for the same code: if it is not
 * fine in one place, it is in none.
 */
export function otherPins(
  committed: SourceNode,
  expected: SourceNode,
  isFine: (pin: Pin, wanted: Pin) => boolean,
): OtherPin[] {
  const generated = pinsIn(expected);
  const others = pinsIn(committed).flatMap(pin => {
    const wanted = generated.find(one => one.action === pin.action);
    return wanted && wanted.uses !== pin.uses ? [{ pin, wanted }] : [];
  });
  return others.filter(({ pin: { uses } }) =>
    others.every(({ pin, wanted }) => pin.uses !== uses || isFine(pin, wanted)),
  );
}

function pinsIn(root: SourceNode): Pin[] {
  return root
    .texts()
    .filter(({ path }) => path[path.length - 1] === 'uses')
    .flatMap(({ text, node }) => {
      const [, action] = /^([^@\s]+)@[0-9a-f]{40}$/.exec(text) ?? [];
      const [version = ''] = (node.comment ?? '').split(/\s/);
      return action ? [{ uses: text, action, version, ...node.position }] : [];
    });
}

/**
 * Whether an action says that it is newer than the generated one, as Dependabot's pull requests make it. Another commit
 * of the same version is not, and neither is what says no version.
 */
export function isNewerPin(pin: Pin, wanted: Pin): boolean {
  const [left, right] = [pin.version, wanted.version].map(numbersOf);
  if (!left || !right) {
    return false;
  }
  const at = [0, 1, 2].find(
    index => (left[index] ?? 0) !== (right[index] ?? 0),
  );
  return at !== undefined && (left[at] ?? 0) > (right[at] ?? 0);
}

function numbersOf(version: string): number[] | undefined {
  const [, numbers] = /^v?(\d+(?:\.\d+){0,2})$/.exec(version) ?? [];
  return numbers?.split('.').map(Number);
}
