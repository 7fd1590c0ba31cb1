import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { FailedRun } from '../../workflows';

const DAY_MS = 24 * 60 * 60 * 1000;

/** GitHub runs nothing again that is older. */
const OLDEST_DAYS = 30;

const UNDER_WAY = ['queued', 'waiting', 'in_progress'];
const FAILED = ['failed', 'errored', 'cancelled'];

/** `github:<repo>:<run>:<attempt>:<job>`; other sources are no job of a run. */
const JOB = /^github:[^:]+:\d+:(\d+):[^:]+$/;

/**
 * Why the failed jobs of the run behind a deployment cannot be run again, and what to do instead; undefined if
 * they can.
 *
 * @param context.repository - the one that the service's workflows run in
 */
export function whyNoRerun(
  deployment: Pick<Deployment, 'status' | 'source'>,
  run: FailedRun | undefined,
  context: { repository: string; now: Date },
): string | undefined {
  const { status, source } = deployment;
  if (source.startsWith('operation:')) {
    return 'An operation made this deployment. Ask for the rollback or redeployment again.';
  }
  const attempt = Number(JOB.exec(source)?.[1]);
  if (!attempt || !run) {
    return 'This deployment is not known to come from a run of GitHub Actions. Redeploy the release instead.';
  }
  if (UNDER_WAY.includes(status)) {
    return 'This deployment is still under way. Wait for its end.';
  }
  if (!FAILED.includes(status)) {
    return 'This deployment did not fail: its run has nothing to repeat. Redeploy the release instead.';
  }
  if (run.repository !== context.repository) {
    return `Its run is one of ${run.repository}, not of the service's own repository. Run it again at GitHub.`;
  }
  if (run.dispatchedBy) {
    return `The portal itself started the run, by operation ${run.dispatchedBy}. Ask for the promotion or redeployment again.`;
  }
  if (run.event?.startsWith('pull_request')) {
    return 'Its run is one of a pull request. Run it again at GitHub.';
  }
  if (run.newestAttempt > attempt) {
    return `The run has a newer attempt, ${run.newestAttempt}. Look at the deployment that came of that one.`;
  }
  if (run.inFlight) {
    return 'Other jobs of the run are still under way, and GitHub repeats only what has ended. Wait for its end.';
  }
  if (
    context.now.getTime() - Date.parse(run.createdAt) >
    OLDEST_DAYS * DAY_MS
  ) {
    return `The run is older than ${OLDEST_DAYS} days, and GitHub refuses to run it again. Redeploy or promote the release instead.`;
  }
  if (run.replaced) {
    return 'Something was deployed here since, which this would replace. Redeploy or promote the release instead.';
  }
  return undefined;
}
