import { literal } from '../expressions';
import { Refs, Stage } from '../planModel';

/** Whether the run is of one of these branches or tags. */
export function isOn(refs: Refs, stage: Pick<Stage, 'after'>): string {
  const pushed = oneOf([
    ...matches('github.ref', 'refs/heads/', refs.branches),
    ...matches('github.ref', 'refs/tags/', refs.tags),
  ]);
  if (stage.after === undefined) {
    return pushed;
  }
  // Such a run is always of the default branch: what counts is the one that started it.
  const started = oneOf(
    matches('github.event.workflow_run.head_branch', '', refs.branches),
  );
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
  value: string,
  prefix: string,
  globs: readonly string[],
): string[] {
  return globs.map(glob =>
    glob.includes('*')
      ? `startsWith(${value}, ${literal(
          `${prefix}${glob.slice(0, glob.indexOf('*'))}`,
        )})`
      : `${value} == ${literal(`${prefix}${glob}`)}`,
  );
}

function oneOf(conditions: readonly string[]): string {
  return conditions.length > 0 ? conditions.join(' || ') : 'false';
}
