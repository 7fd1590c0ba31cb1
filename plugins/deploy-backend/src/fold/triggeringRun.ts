import { RunFact } from '@vvp/backstage-plugin-deploy-node';

/** How long after its cause GitHub may start a run by `workflow_run`. */
export const TRIGGER_WINDOW_MS = 10 * 60 * 1000;

/**
 * The run that started `child` by `workflow_run`, out of the runs of its repository.
 *
 * GitHub does not say which one it was, in its events or its API. It was a run of another workflow
 * that had completed when the child was created, and the child follows within minutes; the child
 * is on the default branch's commit, most often its parent's.
 */
export function findTriggeringRun(
  child: RunFact,
  candidates: readonly RunFact[],
): RunFact | undefined {
  if (child.event !== 'workflow_run') {
    return undefined;
  }
  const createdAt = Date.parse(child.createdAt);
  return candidates
    .filter(run => {
      const gap = createdAt - Date.parse(run.updatedAt);
      return (
        run.repository === child.repository &&
        run.runId !== child.runId &&
        run.workflowName !== child.workflowName &&
        run.status === 'completed' &&
        // GitHub's timestamps have whole seconds.
        gap >= -2_000 &&
        gap <= TRIGGER_WINDOW_MS
      );
    })
    .sort(
      (left, right) =>
        Number(right.commit === child.commit) -
          Number(left.commit === child.commit) ||
        right.updatedAt.localeCompare(left.updatedAt) ||
        right.runId.localeCompare(left.runId),
    )[0];
}
