/** Branches and tags that a condition lets pass, as globs. */
export interface ConditionRefs {
  branches: string[];
  tags: string[];
}

/**
 * The branches and tags that a condition names. Of a glob it knows only the beginning: which one is meant is looked for
 * among those that start the workflow.
 */
export function refsIn(
  condition: string,
  known: readonly string[],
): ConditionRefs {
  const find = (kind: 'heads' | 'tags', rest: string) => {
    const exact = [
      ...condition.matchAll(
        new RegExp(`github\\.ref == 'refs/${kind}/([^']+)'`, 'g'),
      ),
    ].map(([, name]) => name);
    const begun = [
      ...condition.matchAll(
        new RegExp(`startsWith\\(github\\.ref, 'refs/${kind}/([^']*)'\\)`, 'g'),
      ),
    ].map(
      ([, begin]) =>
        known.find(
          glob =>
            glob.includes('*') && glob.slice(0, glob.indexOf('*')) === begin,
        ) ?? `${begin}${rest}`,
    );
    return [...new Set([...exact, ...begun])];
  };
  return { branches: find('heads', '**'), tags: find('tags', '*') };
}
