import { lockKey, names } from '../names';
import { Group, PipelinePlan } from '../plan';
import { isChanged } from './changes';

/**
 * Skipped predecessors do not matter, failed and cancelled ones do: a job goes on beside services that did not
 * change. Pull requests deploy nothing.
 */
export function deployCondition(plan: PipelinePlan, unit: string): string {
  return [
    isChanged(unit),
    '!failure()',
    '!cancelled()',
    ...(plan.settings.pullRequests
      ? ["github.event_name != 'pull_request'"]
      : []),
  ].join(' && ');
}

/** The jobs that have to come before a deployment: tests, the image, earlier environments, its machine's queue. */
export function predecessors(plan: PipelinePlan, group: Group): string[] {
  return [
    ...new Set([
      'changes',
      ...(buildsImageApart(group)
        ? [names.image(group.key)]
        : testsOf(plan, group)),
      ...earlierEnvironments(plan, group),
      ...earlierOnTheMachine(plan, group),
    ]),
  ];
}

/** The tests that count for what a group deploys. */
export function testsOf(plan: PipelinePlan, group: Group): string[] {
  const asked = group.placements.flatMap(({ service }) => [
    service.key,
    ...(service.testedBy ?? []),
  ]);
  return plan.units
    .filter(({ services }) =>
      services.some(({ key, test }) => test && asked.includes(key)),
    )
    .map(({ key }) => names.test(key));
}

/** One image for several services is built once, before all of them. */
export function buildsImageApart({ placements }: Group): boolean {
  return (
    placements.length > 1 && placements[0].target.type === 'azure-container-app'
  );
}

function earlierEnvironments(plan: PipelinePlan, group: Group): string[] {
  const order = plan.spec.environments.map(({ name }) => name);
  return plan.groups
    .filter(
      other =>
        other.key === group.key &&
        order.indexOf(other.environment) < order.indexOf(group.environment),
    )
    .map(({ job }) => job);
}

/** Azure runs one command at a time on a machine: every job waits for all that come before it there. */
function earlierOnTheMachine(plan: PipelinePlan, group: Group): string[] {
  const key = lockKey(group);
  const position = plan.groups.indexOf(group);
  return key === ''
    ? []
    : plan.groups
        .slice(0, position)
        .filter(other => lockKey(other) === key)
        .map(({ job }) => job);
}
