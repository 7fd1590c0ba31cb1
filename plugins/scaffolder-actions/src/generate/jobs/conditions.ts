import { literal } from '../expressions';
import { imagesOf } from '../images/images';
import { Job } from '../model';
import { lockKey, names } from '../names';
import { Group, PipelinePlan } from '../planModel';
import { isChosen } from './choice';
import { inParentheses, isNarrower, isOn } from './refs';
import { firstJobOf } from './releaseJob';
import { testsBefore } from './testPlaces';

/** Whether whoever starts the workflow has to type what is to happen, and nothing else starts it. */
export function isByHand({ settings }: PipelinePlan): boolean {
  return settings.safetyLevel === 4;
}

/** The job that everything waits for; none where somebody says what is wanted. */
export function firstJob(plan: PipelinePlan): string[] {
  return isByHand(plan) ? [] : [firstJobOf(plan)];
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
        ...(plan.units.length > 1 ? [`(${isChosen(plan, unit)})`] : []),
      ].join(' && ')
    : `needs.${firstJobOf(plan)}.outputs.${unit} == 'true'`;
}

/** Whether the word was typed, on a branch that may be deployed. */
export function isConfirmed({ stage }: PipelinePlan, word: string): string {
  return `inputs.confirm == ${literal(word)} && ${inParentheses(
    isOn(stage.allowed, {}),
  )}`;
}

/**
 * Skipped predecessors do not matter, failed and cancelled ones do: a job goes on beside services that did not
 * change. Pull requests deploy nothing.
 *
 * @param group - what is deployed, where that is the question: not all environments of a workflow take all branches
 */
export function deployCondition(
  plan: PipelinePlan,
  unit: string,
  group?: Group,
): string {
  const { stage } = plan;
  return [
    isWanted(plan, unit),
    '!failure()',
    '!cancelled()',
    ...(stage.pullRequests ? ["github.event_name != 'pull_request'"] : []),
    ...(group && isNarrower(group.allowed, stage.allowed)
      ? [inParentheses(isOn(group.allowed, stage))]
      : []),
  ].join(' && ');
}

/** The jobs that have to come before a deployment: tests, the image, earlier environments, its machine's queue. */
export function predecessors(plan: PipelinePlan, group: Group): string[] {
  return [
    ...new Set([
      ...firstJob(plan),
      ...(buildsImageApart(group) ? imageJobKeys(group) : testsOf(plan, group)),
      ...checksOf(plan, group),
      ...testsBefore(plan, group),
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
    .flatMap(({ tests }) => tests)
    .filter(({ services }) =>
      services.some(({ key, test }) => test && asked.includes(key)),
    )
    .map(({ job }) => job);
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

/** One image for several services is built once, before all of them; so is one with a repository of its own. */
export function buildsImageApart(group: Group): boolean {
  const { placements } = group;
  return (
    imagesOf(group).length > 0 ||
    (placements.length > 1 &&
      placements[0].target.type === 'azure-container-app')
  );
}

function imageJobKeys(group: Group): string[] {
  const own = imagesOf(group).map(({ job }) => job);
  return own.length > 0 ? own : [names.image(group.key)];
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
