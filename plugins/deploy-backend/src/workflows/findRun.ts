import { RunAnswer } from './answers';

/** What is known of a dispatch before its run is. */
export interface SoughtRun {
  /** By GitHub's clock, a little before the dispatch; ISO 8601. */
  since: string;
  /** Runs that were there before. */
  known: readonly number[];
  /** Branch or tag, as dispatched. */
  ref: string;
  /** Text that the title of the run has, if the workflow puts it there. */
  correlation?: string;
  /** Who dispatched; an app if absent. */
  login?: string;
}

export type FoundRun =
  | { state: 'none' }
  | { state: 'found'; run: RunAnswer }
  /** More than one fits: which one it is cannot be told. */
  | { state: 'several'; runs: RunAnswer[] };

/**
 * The run that a dispatch started. The commit is no help: the branch may have moved between the look
 * at it and the dispatch, and a run that is overlooked for that would be started twice.
 */
export function findRun(
  runs: readonly RunAnswer[],
  sought: SoughtRun,
): FoundRun {
  const fitting = runs.filter(
    run => run.event === 'workflow_dispatch' && !sought.known.includes(run.id),
  );
  if (sought.correlation !== undefined) {
    const correlation = sought.correlation;
    const titled = fitting
      .filter(run => run.display_title?.includes(correlation))
      .sort((left, right) => left.id - right.id);
    return titled.length > 0
      ? { state: 'found', run: titled[0] }
      : { state: 'none' };
  }
  const ref = sought.ref.replace(/^refs\/(heads|tags)\//, '');
  const ours = fitting.filter(
    run =>
      run.created_at >= sought.since &&
      (run.head_branch === undefined || run.head_branch === ref) &&
      (sought.login === undefined
        ? run.actor?.type === undefined || run.actor.type === 'Bot'
        : run.actor?.login === sought.login),
  );
  if (ours.length > 1) {
    return { state: 'several', runs: ours };
  }
  return ours.length === 1
    ? { state: 'found', run: ours[0] }
    : { state: 'none' };
}
