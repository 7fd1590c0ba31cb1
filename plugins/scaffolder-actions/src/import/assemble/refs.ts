import {
  atomsOf,
  Condition,
  conjuncts,
  decided,
} from '../conditions/Condition';
import { parseCondition } from '../conditions/parseCondition';
import {
  instanceOf,
  refsNamed,
  runsOf,
  Triggers,
} from '../conditions/triggers';
import { JobView } from '../source/JobView';

/** Branches and tags that a condition lets pass, as globs. */
export interface ConditionRefs {
  branches: string[];
  tags: string[];
}

/** What asks who started a run, or what it is of. */
const EVENT = 'github.event_name';

/** The branches that a job lets somebody bring, besides what it lets pass by itself. */
export function branchesByHand({ tree }: JobView): string[] {
  return tree ? refsNamed(partsByHand(tree)).branches : [];
}

/** Such as the second half of `github.ref == 'a' || github.event_name == 'workflow_dispatch' && github.ref == 'b'`. */
function partsByHand(condition: Condition): Condition[] {
  const starts = (part: Condition, event: string) =>
    conjuncts(part).some(
      one =>
        one.kind === 'atom' &&
        !one.isNegated &&
        one.equal?.subject === EVENT &&
        one.equal.is === event,
    );
  return conjuncts(condition)
    .flatMap(one => (one.kind === 'any' ? [one.of] : []))
    .filter(parts => !parts.some(part => starts(part, 'workflow_run')))
    .flatMap(parts => {
      const byHand = parts.filter(part => starts(part, 'workflow_dispatch'));
      return byHand.length < parts.length ? byHand : [];
    });
}

/** All branches that a job names and lets somebody bring by hand. */
export function branchesAllowed({ tree }: JobView): string[] {
  return tree
    ? refsNamed([tree]).branches.filter(branch =>
        runsOf(
          { events: [], branches: {}, tags: [] },
          'workflow_dispatch',
          [instanceOf(branch)],
          [],
        ).some(world => decided(tree, world) !== false),
      )
    : [];
}

/**
 * The part of what starts a workflow that a job lets pass, by whatever else it asks for; undefined if that is all of it,
 * or nothing. Negations and alternatives are weighed, for each branch and tag.
 */
export function partOf(
  { tree }: JobView,
  triggers: Triggers,
  pushed: ConditionRefs,
): ConditionRefs | undefined {
  const [event] = ['push', 'workflow_run', 'workflow_dispatch'].filter(one =>
    triggers.events.includes(one),
  );
  if (!tree || event === undefined || !isAboutRefs(tree)) {
    return undefined;
  }
  const named = refsNamed([tree]);
  const candidates = (kind: 'branches' | 'tags') => [
    ...new Set([
      ...pushed[kind],
      ...named[kind].filter(
        glob => !pushed[kind].some(other => beginsAlike(glob, other)),
      ),
    ]),
  ];
  const passes = (branches: string[], tags: string[]) =>
    runsOf(triggers, event, branches, tags).some(
      world => decided(tree, world) !== false,
    );
  const part: ConditionRefs = {
    branches: candidates('branches').filter(glob =>
      passes([instanceOf(glob)], []),
    ),
    tags: candidates('tags').filter(glob => passes([], [instanceOf(glob)])),
  };
  const isNothing = part.branches.length + part.tags.length === 0;
  const isAll =
    isSame(part.branches, pushed.branches) && isSame(part.tags, pushed.tags);
  return isNothing || isAll ? undefined : part;
}

function isAboutRefs(tree: Condition): boolean {
  const { branches, tags } = refsNamed([tree]);
  return (
    branches.length + tags.length > 0 ||
    atomsOf(tree).some(({ text }) => /\bgithub\.ref/.test(text))
  );
}

/** Whether both are globs, and of the same beginning. */
/** Whether what a step asks for lets it be for each of these tags: it names them, or none. */
export function isForTags(condition: string, tags: readonly string[]): boolean {
  const tree = parseCondition(condition);
  const named = tree ? refsNamed([tree]).tags : [];
  return (
    named.length === 0 ||
    tags.every(tag => named.some(glob => beginsAlike(glob, tag)))
  );
}

function beginsAlike(one: string, other: string): boolean {
  return (
    one === other ||
    (one.includes('*') &&
      other.includes('*') &&
      one.split('*')[0] === other.split('*')[0])
  );
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join('\n') === [...right].sort().join('\n');
}
