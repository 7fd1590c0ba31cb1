import { literal } from '../expressions';
import { Reach, Refs, Stage } from '../planModel';

/** Where a run says what it is of: whole, and without what all of its kind begin with. */
interface Source {
  whole: string;
  name: string;
}

const REF: Source = { whole: 'github.ref', name: 'github.ref_name' };

const STARTED: Source = {
  whole: 'github.event.workflow_run.head_branch',
  name: 'github.event.workflow_run.head_branch',
};

const BY_HAND = "github.event_name == 'workflow_dispatch'";

/**
 * Whether an expression says exactly what a glob matches: a name, all that begins with something (`release/**`), or
 * all of that without a slash (`v*`).
 */
export function isSaid(glob: string): boolean {
  return /^([^*]*(\*\*)?|[^*/]*\*)$/.test(glob);
}

/** Whether the run is of one of these branches or tags. */
export function isOn({ branches, tags }: Refs): string {
  return oneOf([
    ...matches(REF, 'refs/heads/', branches),
    ...matches(REF, 'refs/tags/', tags),
  ]);
}

/** Whether what the run is of gets somewhere: what was pushed by itself, what somebody brings if it may be there. */
export function getsThere(
  { refs, allowed }: Reach,
  { after }: Pick<Stage, 'after'>,
): string {
  if (after !== undefined) {
    // Such a run is always of the default branch: what counts is the one that started it.
    const started = oneOf(matches(STARTED, '', refs.branches));
    return [
      `${BY_HAND} && ${inParentheses(isOn(allowed))}`,
      `github.event_name == 'workflow_run' && ${inParentheses(started)}`,
    ].join(' || ');
  }
  const byHand = without(allowed, refs);
  return isNone(byHand)
    ? isOn(refs)
    : `${isOn(refs)} || ${BY_HAND} && ${inParentheses(isOn(byHand))}`;
}

/** What gets to any of several places. */
export function together(all: readonly Reach[]): Reach {
  const union = (parts: readonly Refs[]): Refs => ({
    branches: [...new Set(parts.flatMap(({ branches }) => branches))],
    tags: [...new Set(parts.flatMap(({ tags }) => tags))],
  });
  return {
    refs: union(all.map(({ refs }) => refs)),
    allowed: union(all.map(({ allowed }) => allowed)),
    signedTags: [...new Set(all.flatMap(({ signedTags }) => signedTags))],
  };
}

/** Whether a part of what starts a workflow is meant, and not all of it. */
export function isNarrower(part: Reach, whole: Reach): boolean {
  return !(
    isNone(without(whole.refs, part.refs)) &&
    isNone(without(whole.allowed, part.allowed))
  );
}

/** Whether something takes all that another one does. */
export function takesAll(one: Refs, other: Refs): boolean {
  return isNone(without(other, one));
}

/** Only pushes to this very repository that succeeded: what a stranger proposes never runs beside secrets. */
export const isTrusted = [
  "github.event.workflow_run.event == 'push'",
  "github.event.workflow_run.conclusion == 'success'",
  'github.event.workflow_run.head_repository.full_name == github.repository',
].join(' && ');

/** For use within a longer condition. */
export function inParentheses(condition: string): string {
  return condition.includes(' || ') ? `(${condition})` : condition;
}

function without(all: Refs, { branches, tags }: Refs): Refs {
  return {
    branches: all.branches.filter(one => !branches.includes(one)),
    tags: all.tags.filter(one => !tags.includes(one)),
  };
}

function isNone({ branches, tags }: Refs): boolean {
  return branches.length === 0 && tags.length === 0;
}

function matches(
  { whole, name }: Source,
  prefix: string,
  globs: readonly string[],
): string[] {
  return globs.map(glob => {
    if (!isSaid(glob)) {
      throw new Error(`No expression says exactly what ${glob} matches.`);
    }
    const [start] = glob.split('*');
    const begins = `startsWith(${whole}, ${literal(`${prefix}${start}`)})`;
    if (start === glob) {
      return `${whole} == ${literal(`${prefix}${glob}`)}`;
    }
    return glob.endsWith('**')
      ? begins
      : `(${begins} && !contains(${name}, '/'))`;
  });
}

function oneOf(conditions: readonly string[]): string {
  return conditions.length > 0 ? conditions.join(' || ') : 'false';
}
