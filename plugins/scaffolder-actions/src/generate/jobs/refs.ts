import { literal } from '../expressions';
import { Refs, Stage } from '../planModel';

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

/**
 * Whether an expression says exactly what a glob matches: a name, all that begins with something (`release/**`), or
 * all of that without a slash (`v*`).
 */
export function isSaid(glob: string): boolean {
  return /^([^*]*(\*\*)?|[^*/]*\*)$/.test(glob);
}

/** Whether the run is of one of these branches or tags. */
export function isOn(refs: Refs, stage: Pick<Stage, 'after'>): string {
  const pushed = oneOf([
    ...matches(REF, 'refs/heads/', refs.branches),
    ...matches(REF, 'refs/tags/', refs.tags),
  ]);
  if (stage.after === undefined) {
    return pushed;
  }
  // Such a run is always of the default branch: what counts is the one that started it.
  const started = oneOf(matches(STARTED, '', refs.branches));
  return [
    `github.event_name == 'workflow_dispatch' && ${inParentheses(pushed)}`,
    `github.event_name == 'workflow_run' && ${inParentheses(started)}`,
  ].join(' || ');
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

/** Whether a part of the branches and tags is meant, and not all that the workflow runs on. */
export function isNarrower(part: Refs, whole: Refs): boolean {
  return (
    part.branches.length < whole.branches.length ||
    part.tags.length < whole.tags.length
  );
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
