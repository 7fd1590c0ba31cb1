import {
  EnvironmentSpec,
  GeneratedPipelineSpec,
  PipelineSpec,
  ServiceSpec,
} from '@vvp/backstage-plugin-deploy-common';
import {
  directoryOf,
  Group,
  PipelinePlan,
  PipelineSettings,
  Placement,
  PlanProblem,
  Unit,
  UnitTest,
} from './planModel';
import { withSharedImages } from './images/sharedImages';
import { nameProblems } from './problems/jobNames';
import { idleProblems, stageProblems } from './problems/idle';
import { limitProblems } from './problems/limits';
import {
  matrixProblems,
  sharedImageProblems,
  testedAsOneProblems,
} from './problems/matrix';
import { problemsOf } from './problems/problemsOf';
import { testPlaceProblems } from './problems/testPlaces';
import { names } from './names';
import {
  planOfStage,
  reachOf,
  stagesOf,
  USUAL_TITLE,
  workflowOf,
} from './stages';
import { targetKind } from './targets';

export { directoryOf } from './planModel';
export type {
  Group,
  PipelinePlan,
  PipelineSettings,
  Placement,
  PlanProblem,
  Reach,
  Refs,
  Stage,
  Unit,
} from './planModel';

/** Decides which jobs there are and what each is about. */
export function planPipeline(
  spec: PipelineSpec,
): { plan: PipelinePlan } | { problems: PlanProblem[] } {
  const problems = problemsOf(spec);
  if (problems.length > 0 || !spec.pipeline) {
    return { problems };
  }
  const { pipeline } = spec;
  const settings = settingsOf(spec, pipeline);
  const groups = withSharedImages(
    spec.environments.flatMap(environment =>
      groupsIn(spec, pipeline, environment),
    ),
  );
  const different = [...matrixProblems(groups), ...sharedImageProblems(groups)];
  if (different.length > 0) {
    return { problems: different };
  }
  const tooLong = limitProblems({ spec, groups });
  if (tooLong.length > 0) {
    return { problems: tooLong };
  }
  const units = unitsOf(spec, groups, settings);
  const untested = [
    ...testedAsOneProblems(units),
    ...idleProblems(spec, settings, groups, units),
  ];
  if (untested.length > 0) {
    return { problems: untested };
  }
  const stages = stagesOf(spec, pipeline);
  const whole = { spec, settings, stages, stage: stages[0], groups, units };
  const wrong = [
    ...nameProblems(whole),
    ...stageProblems(whole),
    ...testPlaceProblems(whole),
  ];
  return wrong.length > 0 ? { problems: wrong } : { plan: withoutIdle(whole) };
}

/** Nothing goes to some environments by a generated workflow: none is made for them. */
function withoutIdle(plan: PipelinePlan): PipelinePlan {
  const stages = plan.stages.filter(
    stage => planOfStage(plan, stage).units.length > 0,
  );
  return stages.length > 0 ? { ...plan, stages, stage: stages[0] } : plan;
}

function settingsOf(
  spec: PipelineSpec,
  pipeline: GeneratedPipelineSpec,
): PipelineSettings {
  return {
    repository: spec.repository ?? '',
    workflow: pipeline.workflow ?? 'deploy.yml',
    title: pipeline.title ?? USUAL_TITLE,
    branches: pipeline.branches ?? ['main'],
    pullRequests: pipeline.pullRequests ?? false,
    runner: pipeline.runner ?? 'ubuntu-24.04',
    ...(pipeline.portal && { portal: pipeline.portal.replace(/\/$/, '') }),
    audience: pipeline.audience ?? 'deploy',
    safetyLevel: pipeline.safetyLevel ?? 5,
    hasChecks: pipeline.safetyLevel !== undefined,
    ...(pipeline.serviceInput && { serviceInput: pipeline.serviceInput }),
    ...(pipeline.failureIssue && { failureIssue: pipeline.failureIssue }),
    ...(pipeline.failureMessage && { failureMessage: pipeline.failureMessage }),
    ...(pipeline.cleanup && { cleanup: pipeline.cleanup }),
    ...(pipeline.storage && { storage: pipeline.storage }),
    aws: pipeline.aws ?? {},
    ...(pipeline.terraform && { terraform: pipeline.terraform }),
  };
}

function groupsIn(
  spec: PipelineSpec,
  pipeline: GeneratedPipelineSpec,
  environment: EnvironmentSpec,
): Group[] {
  const workflow = workflowOf(pipeline, environment);
  const groups = new Map<string, Placement[]>();
  for (const service of spec.services) {
    const placed = service.environments.find(
      ({ name }) => name === environment.name,
    );
    const kind = placed?.target && targetKind(placed.target.type);
    if (
      !placed?.target ||
      !kind ||
      kind.covers?.(spec, environment.name, service.key) === false
    ) {
      continue;
    }
    const own = placed.jobs.find(one => one.workflow === workflow);
    const job = own?.job ?? defaultJob(spec, service, placed);
    const placement = {
      service,
      environment: placed,
      target: placed.target,
      matrix: own?.matrix ?? {},
    };
    groups.set(job, [...(groups.get(job) ?? []), placement]);
  }
  return [...groups].map(([job, placements]): Group => {
    const isTogether = targetKind(placements[0].target.type)?.isTogether;
    const services = placements.map(({ service }) => service);
    return {
      key:
        isTogether && services.length > 1 ? togetherKey(spec) : keyOf(services),
      job,
      environment: environment.name,
      workflow,
      ...reachOf(pipeline, environment),
      placements,
      isTogether: isTogether ?? false,
      sharesImage: false,
    };
  });
}

/** Named after the service, and after the environment where the workflow has several. */
function defaultJob(
  { pipeline = {}, environments }: PipelineSpec,
  service: ServiceSpec,
  { name, target }: ServiceSpec['environments'][number],
): string {
  const workflowIn = (environment: string) =>
    workflowOf(
      pipeline,
      environments.find(one => one.name === environment) ?? {},
    );
  const suffix = name.replace(/[^A-Za-z0-9_-]/g, '-');
  if (target && targetKind(target.type)?.isTogether) {
    return `deploy-${suffix}`;
  }
  const besides = service.environments.filter(
    other => workflowIn(other.name) === workflowIn(name),
  );
  return besides.length > 1
    ? `deploy-${service.key}-${suffix}`
    : `deploy-${service.key}`;
}

/** Services that come together are called as the pipeline, unless one of them is. */
function togetherKey({ name, services }: PipelineSpec): string {
  return services.some(({ key }) => key === name) ? `${name}-all` : name;
}

/** What the keys of services that are deployed together have in common. */
function keyOf(services: readonly ServiceSpec[]): string {
  const [first, ...rest] = services.map(({ key }) => key.split('-'));
  const shared = first.filter((word, index) =>
    rest.every(words => words[index] === word),
  );
  return rest.length > 0 && shared.length > 0
    ? shared.join('-')
    : first.join('-');
}

function unitsOf(
  spec: PipelineSpec,
  groups: readonly Group[],
  { hasChecks }: PipelineSettings,
): Unit[] {
  const units = new Map<string, Unit>();
  for (const { key, placements, isTogether } of groups) {
    const here = placements.map(({ service }) => service);
    // Another environment may have others of them in one job: what changes one of them is about all such jobs.
    const known = units.get(key)?.services ?? [];
    const services = spec.services.filter(
      service => known.includes(service) || here.includes(service),
    );
    units.set(key, unitOf(key, services, isTogether));
  }
  const grouped = [...units.values()].flatMap(({ services }) => services);
  // Wherever a service is deployed, and by whatever, its pull requests can be checked.
  for (const service of hasChecks ? spec.services : []) {
    if (!grouped.includes(service)) {
      units.set(service.key, unitOf(service.key, [service], false));
    }
  }
  const order = spec.services.map(({ key }) => key);
  return [...units.values()].sort(
    (left, right) =>
      order.indexOf(left.services[0].key) -
      order.indexOf(right.services[0].key),
  );
}

function unitOf(
  key: string,
  services: ServiceSpec[],
  isTogether: boolean,
): Unit {
  const tested = services.filter(({ test }) => test);
  const directory = directoryOf(tested[0] ?? services[0]);
  const own = isTogether && services.length > 1;
  const tests: UnitTest[] = own
    ? tested.map(service => ({
        job: names.test(service.key),
        services: [service],
        directory: directoryOf(service),
      }))
    : [{ job: names.test(key), services, directory }];
  return { key, services, directory, tests: tested.length > 0 ? tests : [] };
}
