import {
  Atom,
  Condition,
  decided,
  keyOf,
  textOf,
  withAtoms,
} from './Condition';
import { JobGraph } from './JobGraph';
import { isAboutTriggers, mayPass, refsNamed, worldsOf } from './triggers';

/** A job of a workflow. */
export interface JobPlace {
  graph: JobGraph;
  key: string;
}

/** How the two sets of jobs are called. */
export interface Renaming {
  /** The generated jobs that do what a foreign one does. */
  jobs(key: string): readonly string[];
  /** What the generated condition asks in place of an atom. */
  atom(atom: Atom): Atom;
}

/** What differs between the condition of a job and that of the one that is generated in its place. */
export interface Difference {
  /** What the generated one does not ask for, as it is written. */
  lost: string[];
  /** What it asks for besides. */
  added: string[];
}

/**
 * Compares the condition of a job with that of a generated one, part by part: what is asked for on both sides in whatever
 * order, what follows from what starts the generated workflow and from the jobs before it, and what is left over.
 */
export function differenceOf(
  foreign: JobPlace,
  generated: JobPlace,
  renaming: Renaming,
): Difference {
  const wanted = foreign.graph.own(foreign.key);
  const asked = generated.graph.effective(generated.key);
  const keys = new Set(asked.map(keyOf));
  const isCovered = (one: Condition) =>
    keys.has(keyOf(one)) ||
    keys.has(keyOf(withAtoms(one, renaming.atom))) ||
    (isAboutTriggers(one) && holdsAlways(one, foreign, generated)) ||
    isStatusOf(one, generated) ||
    isSuccessOf(one, generated, renaming);
  const ours = new Set(
    foreign.graph
      .effective(foreign.key)
      .flatMap(one => [keyOf(one), keyOf(withAtoms(one, renaming.atom))]),
  );
  return {
    lost: wanted.filter(one => !isCovered(one)).map(textOf),
    added: generated.graph
      .own(generated.key)
      .filter(one => !ours.has(keyOf(one)))
      .map(textOf),
  };
}

/** Whether a generated job never runs where a condition on what started it is not true. */
function holdsAlways(
  condition: Condition,
  foreign: JobPlace,
  { graph, key }: JobPlace,
): boolean {
  const asked = graph.effective(key);
  const lists = [foreign.graph.triggers, graph.triggers];
  const named = refsNamed([...asked, condition]);
  const refs = {
    branches: [
      ...named.branches,
      ...lists.flatMap(({ branches }) =>
        Object.values(branches).flatMap(list => list ?? []),
      ),
    ],
    tags: [...named.tags, ...lists.flatMap(({ tags }) => tags ?? [])],
  };
  return worldsOf(graph.triggers, refs)
    .filter(world => mayPass(asked, world))
    .every(world => decided(condition, world) === true);
}

/** Whether a generated job does not run either after what must not have happened. */
function isStatusOf(condition: Condition, { graph, key }: JobPlace): boolean {
  const asked = graph.own(key).map(keyOf);
  const broken = {
    '!failure()': ['!failure()'],
    '!cancelled()': ['!cancelled()'],
    "!contains(needs.*.result, 'failure')": ['!failure()'],
    "!contains(needs.*.result, 'cancelled')": [
      "!contains(needs.*.result, 'cancelled')",
    ],
    'success()': undefined,
  };
  const text = textOf(condition) as keyof typeof broken;
  if (!Object.hasOwn(broken, text)) {
    return false;
  }
  return (
    graph.isStrict(key) ||
    (broken[text]?.every(one => asked.includes(one)) ??
      graph.needs(key).every(one => hasSucceeded(one, { graph, key })))
  );
}

/** Whether generated jobs ask for the success of those that do what another one does. */
function isSuccessOf(
  condition: Condition,
  generated: JobPlace,
  renaming: Renaming,
): boolean {
  const [, needed] =
    /^needs\.([\w-]+)\.result == 'success'$/.exec(textOf(condition)) ?? [];
  const jobs = needed === undefined ? [] : renaming.jobs(needed);
  return (
    jobs.length > 0 &&
    jobs.every(job => job === generated.key || hasSucceeded(job, generated))
  );
}

/** Whether a job has succeeded wherever one that waits for it runs: neither failed, nor was skipped. */
function hasSucceeded(needed: string, { graph, key }: JobPlace): boolean {
  const effective = new Set(graph.effective(key).map(keyOf));
  const own = new Set(graph.own(key).map(keyOf));
  const isNeeded = graph.needs(key).includes(needed);
  const runsToo = graph
    .own(needed)
    .every(
      one =>
        effective.has(keyOf(one)) ||
        /^!(failure|cancelled)\(\)$/.test(keyOf(one)),
    );
  return (
    effective.has(`needs.${needed}.result == 'success'`) ||
    (isNeeded && graph.isStrict(key)) ||
    (isNeeded &&
      runsToo &&
      own.has('!failure()') &&
      own.has("!contains(needs.*.result, 'cancelled')"))
  );
}
