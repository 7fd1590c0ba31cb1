/** Branches and tags that a condition lets pass, as globs. */
export interface ConditionRefs {
  branches: string[];
  tags: string[];
}

/** What a condition of generated workflows lets somebody bring by hand alone. */
const BY_HAND = / \|\| github\.event_name == 'workflow_dispatch' && (.*)$/s;

/** The branches that a condition lets somebody bring, where it lets no push of them pass. */
export function branchesByHand(condition: string): string[] {
  const [, byHand = ''] = BY_HAND.exec(condition) ?? [];
  return refsIn(byHand, []).branches;
}

/** The branches and tags whose pushes a condition lets pass. */
export function pushedIn(
  condition: string,
  known: readonly string[],
): ConditionRefs {
  return refsIn(condition.replace(BY_HAND, ''), known);
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
