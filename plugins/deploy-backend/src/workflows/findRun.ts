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

/** Whom runs that a workflow starts are by, whoever wrote that workflow. */
const ACTIONS = 'github-actions[bot]';

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
  const { correlation } = sought;
  const ref = sought.ref.replace(/^refs\/(heads|tags)\//, '');
  const ours = runs.filter(
    run =>
      run.event === 'workflow_dispatch' &&
      !sought.known.includes(run.id) &&
      isBy(run, sought) &&
      (correlation === undefined
        ? run.created_at >= sought.since &&
          (run.head_branch === undefined || run.head_branch === ref)
        : run.display_title?.includes(correlation)),
  );
  if (ours.length > 1) {
    return { state: 'several', runs: ours };
  }
  return ours.length === 1
    ? { state: 'found', run: ours[0] }
    : { state: 'none' };
}

/** Anybody who may start the workflow can copy a title. */
function isBy({ actor }: RunAnswer, { login }: SoughtRun): boolean {
  return login === undefined
    ? actor?.type === undefined ||
        (actor.type === 'Bot' && actor.login !== ACTIONS)
    : actor?.login === login;
}
