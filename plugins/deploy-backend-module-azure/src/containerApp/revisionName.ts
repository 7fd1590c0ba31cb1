import { createHash } from 'node:crypto';

/** Azure's limit for `<app>--<suffix>`. */
const LONGEST_NAME = 54;

/**
 * Suffix of a revision that an operation makes. Azure takes lower-case letters and digits, a letter first,
 * and each suffix only once.
 *
 * @param seed - whatever tells the revision from others
 * @param taken - names of the revisions that are there
 */
export function freeSuffix(
  app: string,
  seed: string,
  taken: readonly (string | undefined)[],
): string {
  const room = Math.max(
    Math.min(10, LONGEST_NAME - app.length - '--r'.length),
    4,
  );
  for (let count = 0; ; count += 1) {
    const digest = createHash('sha256')
      .update(`${seed} ${count}`)
      .digest('hex');
    const suffix = `r${digest.slice(0, room)}`;
    if (!taken.includes(`${app}--${suffix}`)) {
      return suffix;
    }
  }
}

/** Whether a revision's name begins as all names of this app's revisions do. */
export function belongsTo(app: string, revision: string): boolean {
  const name = app.toLowerCase();
  return (
    revision.startsWith(`${name}--`) &&
    /^[a-z0-9](-?[a-z0-9])*$/.test(revision.slice(name.length + 2))
  );
}
