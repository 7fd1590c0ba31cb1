const STEP = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[([0-9]{1,4})\]/g;

/**
 * What stands at a path of a JSON value, such as `$.git_sha` or `$.builds[0].commit`; undefined if there is
 * nothing. The grammar is that of `version.commit` in `deploy.yaml`.
 */
export function valueAt(value: unknown, path: string): unknown {
  let found = value;
  for (const [, name, index] of path.matchAll(STEP)) {
    if (typeof found !== 'object' || found === null) {
      return undefined;
    }
    const isList = Array.isArray(found);
    const key = name ?? String(Number(index));
    if (isList !== (name === undefined) || !Object.hasOwn(found, key)) {
      return undefined;
    }
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

const COMMIT = /^[0-9a-f]{7,40}$|^[0-9a-f]{64}$/;

/** A value as a commit in lower case: a full SHA, or at least its first 7 digits; undefined if it is none. */
export function asCommit(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return COMMIT.test(text) ? text : undefined;
}

/** Whether two commits are the same, one of them perhaps shortened to at least 7 digits. */
export function isSameCommit(one: string, other: string): boolean {
  const [short, long] = [one.toLowerCase(), other.toLowerCase()].sort(
    (a, b) => a.length - b.length,
  );
  return short.length >= 7 && long.startsWith(short);
}
