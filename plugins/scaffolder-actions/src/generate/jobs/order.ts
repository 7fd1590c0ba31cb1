import { isMatrix, lockKey, names } from '../names';
import { Group, PipelinePlan } from '../planModel';

/** The deployments that bring what a group brings to earlier environments, whatever else their jobs bring. */
export function earlierGroups(plan: PipelinePlan, group: Group): Group[] {
  return plan.groups.filter(
    other =>
      positionOf(plan, other) < positionOf(plan, group) &&
      sharesService(other, group),
  );
}

/**
 * Keys of what has to be wanted for a group to be deployed: its own, and those of the same services in later
 * environments. Where jobs bring other services together there, nothing gets there that was not here.
 */
export function unitKeysOf(plan: PipelinePlan, group: Group): string[] {
  const later = plan.groups.filter(
    other =>
      positionOf(plan, other) > positionOf(plan, group) &&
      sharesService(other, group),
  );
  return [
    ...new Set([group.key, ...later.flatMap(other => unitKeysOf(plan, other))]),
  ];
}

/** Key of the job that looks at all legs of a matrix; undefined where each deployment looks for itself. */
export function verifyJobOf(group: Group): string | undefined {
  return isMatrix(group) &&
    group.placements.some(({ environment }) => environment.url)
    ? names.verify(group.job)
    : undefined;
}

/** Azure runs one command at a time on a machine: every job waits for all that come before it there. */
export function earlierOnTheMachine(plan: PipelinePlan, group: Group): Group[] {
  const key = lockKey(group);
  return key === ''
    ? []
    : plan.groups
        .slice(0, plan.groups.indexOf(group))
        .filter(other => lockKey(other) === key);
}

function positionOf({ spec }: PipelinePlan, { environment }: Group): number {
  return spec.environments.findIndex(({ name }) => name === environment);
}

function sharesService(one: Group, { placements }: Group): boolean {
  return one.placements.some(({ service: { key } }) =>
    placements.some(({ service }) => service.key === key),
  );
}
