import table from './pins.json';

/** A version of an action. */
export interface Pin {
  tag: string;
  /** 40 hexadecimal digits. */
  commit: string;
  /** Where it can be seen that the tag is this commit. */
  source: string;
}

/** Which version of an action generated workflows use, by the action's repository. */
export const pins: Readonly<Record<string, Pin>> = table;

/**
 * The pin of an action such as `actions/checkout` or, with a path, `github/codeql-action/init`.
 *
 * @throws Error for an action that is not in the table: nothing is used unpinned.
 */
export function pinOf(action: string): Pin {
  const repository = action.split('/').slice(0, 2).join('/');
  const pin = Object.hasOwn(pins, repository) ? pins[repository] : undefined;
  if (!pin) {
    throw new Error(`The action ${action} has no pin.`);
  }
  return pin;
}
