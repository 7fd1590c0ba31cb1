import {
  DeploymentView,
  isGoingBack,
  isInFlight,
  ServiceSnapshot,
  underWay,
} from './snapshot';

/** How far a revision is in being brought in. */
export type RolloutVerdict =
  /** It serves, alone, and ECS is done. */
  | { state: 'stable' }
  | { state: 'progressing'; summary: string }
  /** It does not come up, or ECS has taken it back by itself. */
  | { state: 'failed'; reason: string }
  /** Somebody else deployed something on top. */
  | { state: 'superseded'; by: string };

/**
 * Judges a service that a revision is being brought into.
 *
 * @param revision - `family:revision`
 * @param after - ARN of the newest service deployment from before; those since then are what this is about
 */
export function judgeRollout(
  snapshot: ServiceSnapshot,
  revision: string,
  after?: string,
): RolloutVerdict {
  const since = newerThan(snapshot.deployments, after);
  const ours = since.find(each => each.target === revision);
  const newest = snapshot.deployments[0];
  if (ours && isGoingBack(ours)) {
    return { state: 'failed', reason: takenBack(ours, revision) };
  }
  if (ours && isLeftStanding(ours, newest)) {
    return { state: 'failed', reason: gaveUp(ours, revision) };
  }
  if (after !== undefined && newest?.arn === after) {
    // What ECS took it does not tell of at once; until then all that it tells is from before. But if it went back to
    // the revision by itself before it was asked, it has nothing to begin.
    return wentBackTo(newest, snapshot, revision) &&
      judgeTasks(snapshot, revision).state === 'stable'
      ? { state: 'stable' }
      : { state: 'progressing', summary: 'ECS has not begun yet.' };
  }
  if (snapshot.taskDefinition !== revision) {
    return supersededBy(snapshot, newest);
  }
  return judgeTasks(snapshot, revision);
}

/** Whether ECS is at bringing a revision in. */
export function isComingIn(
  snapshot: ServiceSnapshot,
  revision: string,
): boolean {
  const current = underWay(snapshot);
  return current?.target === revision && !isGoingBack(current);
}

/**
 * When and why ECS gave a revision up, or took it back by itself, the last time that it was brought in;
 * `undefined` if it did not, or if that is no longer among the deployments that are looked at.
 */
export function givenUpOf(
  { deployments }: ServiceSnapshot,
  revision: string,
): { at: string; reason: string } | undefined {
  const last = deployments.find(each => each.target === revision);
  if (last?.updatedAt === undefined) {
    return undefined;
  }
  if (isGoingBack(last)) {
    return { at: last.updatedAt, reason: takenBack(last, revision) };
  }
  return isLeftStanding(last, deployments[0])
    ? { at: last.updatedAt, reason: gaveUp(last, revision) }
    : undefined;
}

/**
 * After how many failed tasks in a row a deployment is given up where no circuit breaker does: as many as
 * the circuit breaker of ECS takes unless told otherwise.
 *
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function failureThreshold(desiredCount: number): number {
  return Math.min(Math.max(3, Math.ceil(desiredCount / 2)), 200);
}

function judgeTasks(
  snapshot: ServiceSnapshot,
  revision: string,
): RolloutVerdict {
  const { service, primary } = snapshot;
  const desired = service.desiredCount ?? 0;
  const running = primary?.runningCount ?? 0;
  if (primary?.rolloutState === 'FAILED') {
    return {
      state: 'failed',
      reason: `ECS reports the deployment of ${revision} as failed: ${
        primary.rolloutStateReason ?? 'no reason given'
      }`,
    };
  }
  const failed = primary?.failedTasks ?? 0;
  if (
    running === 0 &&
    failed >= failureThreshold(desired) &&
    !service.deploymentConfiguration?.deploymentCircuitBreaker?.enable
  ) {
    return {
      state: 'failed',
      reason: `${failed} tasks of ${revision} failed in a row, and none came up.`,
    };
  }
  const current = underWay(snapshot);
  const others = (service.deployments ?? [])
    .filter(each => each !== primary)
    .reduce((sum, each) => sum + (each.runningCount ?? 0), 0);
  const complete =
    primary?.rolloutState === undefined || primary.rolloutState === 'COMPLETED';
  if (!current && complete && running >= desired && others === 0) {
    return { state: 'stable' };
  }
  return {
    state: 'progressing',
    summary: summaryOf(current, { running, desired, others, revision }),
  };
}

function summaryOf(
  current: DeploymentView | undefined,
  counts: {
    running: number;
    desired: number;
    others: number;
    revision: string;
  },
): string {
  const tasks = `${counts.running} of ${counts.desired} tasks of ${counts.revision} run, ${counts.others} of other revisions`;
  const stage = current?.stage ? `, stage ${current.stage}` : '';
  const waits = current?.awaitsAction
    ? '; a lifecycle hook waits for somebody to let it go on'
    : '';
  return `${tasks}${stage}${waits}.`;
}

function supersededBy(
  snapshot: ServiceSnapshot,
  newest: DeploymentView | undefined,
): RolloutVerdict {
  const going = newest && isInFlight(newest) && !isGoingBack(newest);
  return {
    state: 'superseded',
    by:
      (going ? newest.target : snapshot.taskDefinition) ??
      'a task definition of unknown name',
  };
}

/** The service is set to what ran before a deployment that ECS took back. */
function wentBackTo(
  deployment: DeploymentView,
  { taskDefinition }: ServiceSnapshot,
  revision: string,
): boolean {
  return (
    isGoingBack(deployment) &&
    deployment.source === revision &&
    taskDefinition === revision
  );
}

/** ECS stopped it for nothing newer. */
function isLeftStanding(
  deployment: DeploymentView,
  newest: DeploymentView | undefined,
): boolean {
  return deployment.status === 'STOPPED' && deployment === newest;
}

function gaveUp(deployment: DeploymentView, revision: string): string {
  return `ECS gave the deployment of ${revision} up${because(deployment)}`;
}

function takenBack(deployment: DeploymentView, revision: string): string {
  switch (deployment.status) {
    case 'ROLLBACK_SUCCESSFUL':
      return `ECS took ${revision} back by itself${because(deployment)}`;
    case 'ROLLBACK_FAILED':
      return `ECS tried to take ${revision} back by itself, and failed${because(
        deployment,
      )}`;
    default:
      return `ECS is taking ${revision} back by itself${because(deployment)}`;
  }
}

function because(deployment: DeploymentView): string {
  return deployment.reason ? `: ${deployment.reason}` : '.';
}

function newerThan(
  deployments: readonly DeploymentView[],
  after: string | undefined,
): DeploymentView[] {
  const end = deployments.findIndex(each => each.arn === after);
  // Without a beginning only the newest one can be what it is about.
  if (after === undefined) {
    return deployments.slice(0, 1).filter(isInFlight);
  }
  return deployments.slice(0, end < 0 ? deployments.length : end);
}
