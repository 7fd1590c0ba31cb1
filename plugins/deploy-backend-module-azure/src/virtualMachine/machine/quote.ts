import { InputError } from '@backstage/errors';

/** Control characters: the agent on the machine rewrites line ends, and no value has to hold any. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * A text as one word of a bash script that stands for nothing but itself. Throws an InputError for control
 * characters.
 *
 * @param field - for the message, such as `target.release.directory`
 */
export function shellQuote(text: string, field: string): string {
  if (CONTROL.test(text)) {
    throw new InputError(
      `${field} holds a control character. Write it without one.`,
    );
  }
  return `'${text.replace(/'/g, `'\\''`)}'`;
}

/** Assignments of shell variables, a line each. Throws an InputError for values that cannot be quoted. */
export function shellAssignments(
  values: Readonly<Record<string, string | number>>,
): string[] {
  return Object.entries(values).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new InputError(`"${name}" cannot name a shell variable.`);
    }
    return `${name}=${shellQuote(String(value), name)}`;
  });
}
