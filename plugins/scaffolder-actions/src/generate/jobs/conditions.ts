import { literal } from '../expressions';
import { imagesOf } from '../images/images';
import { Job } from '../model';
import { names } from '../names';
import { Group, PipelinePlan, Reach, Refs } from '../planModel';
import { isChosen } from './choice';
import {
  earlierGroups,
  earlierOnTheMachine,
  unitKeysOf,
  verifyJobOf,
} from './order';
import {
  getsThere,
  inParentheses,
  isNarrower,
  isOn,
  takesAll,
  together,
} from './refs';
import { firstJobOf } from './releaseJob';
import { groupsLookedAt, testsBefore } from './testPlaces';

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

/**
 * Whether the run is about one of these units.
 *
 * @param allowed - what may be where it is about, for whoever types it; all that may be anywhere unless said otherwise
 */
export function isWanted(
  plan: PipelinePlan,
  units: readonly string[],
  allowed: Refs = plan.stage.allowed,
): string {
  return [
    ...(isByHand(plan) ? [isConfirmed('DEPLOY', allowed)] : []),
    ...isAbout(plan, units).map(inParentheses),
  ].join(' && ');
}

/** The same of a run that may do anything at all; nothing where each such run is. */
function isAbout(plan: PipelinePlan, units: readonly string[]): string[] {
  if (isByHand(plan)) {
    return plan.units.length > 1 ? [isChosen(plan, units)] : [];
  }
  const first = firstJobOf(plan);
  return [
    units.map(unit => `needs.${first}.outputs.${unit} == 'true'`).join(' || '),
  ];
}

/** Whether the word was typed, on a branch that may be deployed. */
export function isConfirmed(word: string, allowed: Refs): string {
  return `inputs.confirm == ${literal(word)} && ${inParentheses(
    isOn(allowed),
  )}`;
}

/**
 * Nothing that a job waits for failed, in whatever way. GitHub calls a job cancelled that ran out of time, and the run is
 * not cancelled then: `failure()` and `cancelled()` are both false.
 */
export function nothingBroke(needs: readonly string[]): string[] {
  return [
    '!failure()',
    '!cancelled()',
    ...(needs.length > 0 ? ["!contains(needs.*.result, 'cancelled')"] : []),
  ];
}

/**
 * When groups are deployed, or any of them. Skipped predecessors do not matter, failed and cancelled ones do: a job goes
 * on beside services that did not change. Pull requests deploy nothing.
 *
 * @param needs - what the job waits for
 */
export function deployCondition(
  plan: PipelinePlan,
  groups: readonly Group[],
  needs: readonly string[],
): string {
  const { stage } = plan;
  const place = placeOf(plan, groups);
  return [
    isWanted(plan, wantedFor(plan, groups), together(groups).allowed),
    ...nothingBroke(needs),
    ...(stage.pullRequests ? ["github.event_name != 'pull_request'"] : []),
    ...(place === undefined ? [] : [place]),
  ].join(' && ');
}

/**
 * That earlier environments have what comes next, where they take it, and that it was tested, there too: what was skipped
 * because a job before it ran out of time is no failure.
 */
export function afterEarlier(plan: PipelinePlan, group: Group): string[] {
  const earlier = earlierGroups(plan, group);
  const deployed = earlier.map(other =>
    succeeded(other.job, takesLess(plan, other, group)),
  );
  const tested = testsBefore(plan, group).map(({ key, tests }) => {
    const there = groupsLookedAt(plan, tests).find(one =>
      earlier.includes(one),
    );
    return succeeded(key, there ? takesLess(plan, there, group) : []);
  });
  return [...new Set([...deployed, ...tested])];
}

/**
 * That each of several deployments came that the run is to make: none was skipped because something before it ran out of
 * time.
 *
 * @param units - what the run is about anyway: one of these
 * @param reach - what it is of; unless it has to be deployed by all of them
 */
export function allCame(
  plan: PipelinePlan,
  groups: readonly Group[],
  units: readonly string[],
  reach?: Reach,
): string[] {
  return groups.map(group => {
    const own = unitKeysOf(plan, group);
    return succeeded(group.job, [
      ...(units.every(unit => own.includes(unit)) ? [] : isAbout(plan, own)),
      ...(reach ? takesLess(plan, group, reach) : []),
    ]);
  });
}

/** That a job succeeded, if it was due: if all of this is so. */
function succeeded(job: string, due: readonly string[]): string {
  const done = `needs.${job}.result == 'success'`;
  const all = due.length > 1 ? due.map(inParentheses).join(' && ') : due[0];
  return all === undefined ? done : `(${done} || !(${all}))`;
}

/** What a deployment takes; nothing if that is all that another one does. */
function takesLess(plan: PipelinePlan, part: Reach, whole: Reach): string[] {
  if (isByHand(plan)) {
    return takesAll(part.allowed, whole.allowed) ? [] : [isOn(part.allowed)];
  }
  return isNarrower(part, whole) ? [getsThere(part, plan.stage)] : [];
}

/** The units for which any of these groups is deployed. */
export function wantedFor(
  plan: PipelinePlan,
  groups: readonly Group[],
): string[] {
  return [...new Set(groups.flatMap(group => unitKeysOf(plan, group)))];
}

/**
 * Whether what the run is of gets where any of these groups is deployed; undefined where all that starts the workflow
 * does, or where it is told by {@link isWanted}.
 */
export function placeOf(
  plan: PipelinePlan,
  groups: readonly Group[],
): string | undefined {
  const reach = together(groups);
  return !isByHand(plan) && isNarrower(reach, plan.stage)
    ? inParentheses(getsThere(reach, plan.stage))
    : undefined;
}

/** The jobs that have to come before a deployment: tests, the image, earlier environments, its machine's queue. */
export function predecessors(plan: PipelinePlan, group: Group): string[] {
  return [
    ...new Set([
      ...firstJob(plan),
      // Also those of whatever else its image waits for: without them there is none.
      ...testsOf(plan, [group, ...besides(plan, group)]),
      ...(buildsImageApart(group) ? imageJobKeys(group) : []),
      ...checksOf(plan, group),
      ...testsBefore(plan, group).map(({ key }) => key),
      ...earlierGroups(plan, group).flatMap(other =>
        [other.job, verifyJobOf(other) ?? []].flat(),
      ),
      ...earlierOnTheMachine(plan, group).map(({ job }) => job),
    ]),
  ];
}

/** What else is deployed with the images of a group. */
function besides(plan: PipelinePlan, group: Group): Group[] {
  return buildsImageApart(group)
    ? imageJobKeys(group).flatMap(job => groupsOfImage(plan, job))
    : [];
}

/**
 * The units for which a job is needed: its own, and those for which a deployment is made that waits for it. What comes along
 * with something else is tested as well.
 */
export function unitsBehind(
  plan: PipelinePlan,
  unit: string,
  job: string,
): string[] {
  const waiting = plan.groups.filter(group =>
    [...testsOf(plan, [group]), ...checksOf(plan, group)].includes(job),
  );
  return [...new Set([unit, ...wantedFor(plan, waiting)])];
}

/** The tests that count for what groups deploy. */
export function testsOf(
  plan: PipelinePlan,
  groups: readonly Group[],
): string[] {
  const asked = groups.flatMap(({ placements }) =>
    placements.flatMap(({ service }) => [
      service.key,
      ...(service.testedBy ?? []),
    ]),
  );
  return plan.units
    .flatMap(({ tests }) => tests)
    .filter(({ services }) =>
      services.some(({ key, test }) => test && asked.includes(key)),
    )
    .map(({ job }) => job);
}

/** What pull requests have checked, asked of the commit that is deployed: its reports are those that gates look for. */
function checksOf(plan: PipelinePlan, group: Group): string[] {
  const { settings, units } = plan;
  const keys = unitKeysOf(plan, group);
  const built = units.filter(
    ({ key, services }) =>
      keys.includes(key) && services.some(({ image }) => image),
  );
  return settings.hasChecks
    ? [
        ...built.map(({ key }) => names.check(key)),
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

/** The groups whose deployment needs an image that is built apart. */
export function groupsOfImage({ groups }: PipelinePlan, job: string): Group[] {
  return groups.filter(
    group => buildsImageApart(group) && imageJobKeys(group).includes(job),
  );
}

function imageJobKeys(group: Group): string[] {
  const own = imagesOf(group).map(({ job }) => job);
  return own.length > 0 ? own : [names.image(group.key)];
}
