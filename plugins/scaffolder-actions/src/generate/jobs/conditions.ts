import { literal } from '../expressions';
import { Job } from '../model';
import { lockKey, names } from '../names';
import { Group, PipelinePlan } from '../plan';
import { isChanged, mayRun } from './changes';

/** Whether whoever starts the workflow has to type what is to happen, and nothing else starts it. */
export function isByHand({ settings }: PipelinePlan): boolean {
  return settings.safetyLevel === 4;
}

/** The job that everything waits for; none where somebody says what is wanted. */
export function firstJob(plan: PipelinePlan): string[] {
  return isByHand(plan) ? [] : ['changes'];
}

/** What a job waits for, if anything. */
export function needing(jobs: readonly string[]): Pick<Job, 'needs'> {
  return jobs.length > 0 ? { needs: [...jobs] } : {};
}

/** Whether the run is about a service. */
export function isWanted(plan: PipelinePlan, unit: string): string {
  return isByHand(plan)
    ? [
        isConfirmed(plan, 'DEPLOY'),
        ...(plan.units.length > 1
          ? [`(inputs.service == 'all' || inputs.service == ${literal(unit)})`]
          : []),
      ].join(' && ')
    : isChanged(unit);
}

/** Whether the word was typed, on a branch that may be deployed. */
export function isConfirmed({ settings }: PipelinePlan, word: string): string {
  const ref = mayRun(settings.branches, false);
  return `inputs.confirm == ${literal(word)} && ${
    settings.branches.length > 1 ? `(${ref})` : ref
  }`;
}

/**
 * Skipped predecessors do not matter, failed and cancelled ones do: a job goes on beside services that did not
 * change. Pull requests deploy nothing.
 */
export function deployCondition(plan: PipelinePlan, unit: string): string {
  return [
    isWanted(plan, unit),
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
      ...firstJob(plan),
      ...(buildsImageApart(group)
        ? [names.image(group.key)]
        : testsOf(plan, group)),
      ...checksOf(plan, group),
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

/** What pull requests have checked, asked of the commit that is deployed: its reports are those that gates look for. */
function checksOf({ settings, units }: PipelinePlan, group: Group): string[] {
  const unit = units.find(({ key }) => key === group.key);
  return settings.hasChecks
    ? [
        ...(unit?.services.some(({ image }) => image)
          ? [names.check(group.key)]
          : []),
        ...(settings.terraform ? ['terraform'] : []),
      ]
    : [];
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
