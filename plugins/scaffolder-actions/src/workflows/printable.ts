/** What no terminal shows as it is: controls, marks of direction, what has no width. Lines and tabs may stay. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Whether somebody who reads a text would not see all of it. */
export function hidesSomething(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/**
 * A text of others as terminals and logs may have it: what could steer them is written out, such as `\u001b`. In strings of
 * JSON, and between double quotes in YAML, it means the same.
 */
export function printable(text: string): string {
  return text.replace(HIDDEN, found =>
    found
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
