import {
  GeneratedPipelineSpec,
  PipelineSpec,
  ServiceEnvironmentSpec,
  ServiceSpec,
  TargetSpec,
} from '@vvp/backstage-plugin-deploy-common';

/** Settings of the whole pipeline, each with its default. */
export interface PipelineSettings {
  repository: string;
  workflow: string;
  title: string;
  branches: string[];
  pullRequests: boolean;
  runner: string;
  portal?: string;
  audience: string;
  /** How much happens by itself, from 0 (nothing) to 5 (pushes deploy). */
  safetyLevel: number;
  /** Whether pull requests have workflows of their own, as a `safetyLevel` that is given asks for. */
  hasChecks: boolean;
  storage?: GeneratedPipelineSpec['storage'];
  aws: NonNullable<GeneratedPipelineSpec['aws']>;
  terraform?: GeneratedPipelineSpec['terraform'];
}

/** A service in the environment that a job brings it to. */
export interface Placement {
  service: ServiceSpec;
  environment: ServiceEnvironmentSpec;
  target: TargetSpec;
  /** Values of the job's matrix, where it has one. */
  matrix: Record<string, string>;
}

/** What one job deploys: a service, or several that differ by the values of a matrix. */
export interface Group {
  /** Key of the service, or what the keys of several begin with. */
  key: string;
  /** Key of the job. */
  job: string;
  environment: string;
  placements: Placement[];
}

/** A spec as jobs will be made of it. */
export interface PipelinePlan {
  spec: PipelineSpec;
  settings: PipelineSettings;
  /** Services as the change detection tells them apart, in the order of the spec. */
  units: Unit[];
  /** In the order of the environments, then of the spec. */
  groups: Group[];
}

/** Services that change together, and are tested and built once. */
export interface Unit {
  key: string;
  services: ServiceSpec[];
  /** Directory of the first path. */
  directory: string;
}

/** Why no workflow can be made of a spec; each names the place in `deploy.yaml`. */
export interface PlanProblem {
  path: string[];
  message: string;
  remedy: string;
}

/** Kinds of target that a workflow can deploy to by itself. */
const GENERATED = ['azure-container-app', 'azure-vm', 'ecs'];

/** Decides which jobs there are and what each is about. */
export function planPipeline(
  spec: PipelineSpec,
): { plan: PipelinePlan } | { problems: PlanProblem[] } {
  const problems = problemsOf(spec);
  if (problems.length > 0 || !spec.pipeline) {
    return { problems };
  }
  const settings = settingsOf(spec, spec.pipeline);
  const groups = spec.environments.flatMap(({ name }) =>
    groupsIn(spec, name, settings),
  );
  const shared = groups.find(
    ({ placements }) =>
      placements.length > 1 && placements[0].target.type === 'ecs',
  );
  if (shared) {
    return { problems: [sharedJob(shared)] };
  }
  const units = unitsOf(spec, groups, settings);
  return { plan: { spec, settings, groups, units } };
}

function settingsOf(
  spec: PipelineSpec,
  pipeline: GeneratedPipelineSpec,
): PipelineSettings {
  return {
    repository: spec.repository ?? '',
    workflow: pipeline.workflow ?? 'deploy.yml',
    title: pipeline.title ?? 'Build and Deploy',
    branches: pipeline.branches ?? ['main'],
    pullRequests: pipeline.pullRequests ?? false,
    runner: pipeline.runner ?? 'ubuntu-24.04',
    ...(pipeline.portal && { portal: pipeline.portal.replace(/\/$/, '') }),
    audience: pipeline.audience ?? 'deploy',
    safetyLevel: levelOf(pipeline),
    hasChecks: pipeline.safetyLevel !== undefined,
    ...(pipeline.storage && { storage: pipeline.storage }),
    aws: pipeline.aws ?? {},
    ...(pipeline.terraform && { terraform: pipeline.terraform }),
  };
}

function levelOf({ safetyLevel = 5 }: GeneratedPipelineSpec): number {
  return safetyLevel;
}

function groupsIn(
  spec: PipelineSpec,
  environment: string,
  { workflow }: PipelineSettings,
): Group[] {
  const groups = new Map<string, Placement[]>();
  for (const service of spec.services) {
    const placed = service.environments.find(
      ({ name }) => name === environment,
    );
    if (!placed?.target || !GENERATED.includes(placed.target.type)) {
      continue;
    }
    const own = placed.jobs.find(one => one.workflow === workflow);
    const job = own?.job ?? defaultJob(service, environment);
    const placement = {
      service,
      environment: placed,
      target: placed.target,
      matrix: own?.matrix ?? {},
    };
    groups.set(job, [...(groups.get(job) ?? []), placement]);
  }
  return [...groups].map(([job, placements]) => ({
    key: keyOf(placements.map(({ service }) => service)),
    job,
    environment,
    placements,
  }));
}

function defaultJob(service: ServiceSpec, environment: string): string {
  return service.environments.length > 1
    ? `deploy-${service.key}-${environment.replace(/[^A-Za-z0-9_-]/g, '-')}`
    : `deploy-${service.key}`;
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
  for (const { key, placements } of groups) {
    if (!units.has(key)) {
      const services = placements.map(({ service }) => service);
      units.set(key, { key, services, directory: directoryOf(services[0]) });
    }
  }
  const grouped = [...units.values()].flatMap(({ services }) => services);
  // Wherever a service is deployed, and by whatever, its pull requests can be checked.
  for (const service of hasChecks ? spec.services : []) {
    if (!grouped.includes(service)) {
      const { key } = service;
      units.set(key, {
        key,
        services: [service],
        directory: directoryOf(service),
      });
    }
  }
  const order = spec.services.map(({ key }) => key);
  return [...units.values()].sort(
    (left, right) =>
      order.indexOf(left.services[0].key) -
      order.indexOf(right.services[0].key),
  );
}

/** Where a service lies: its own word, else what its first path begins with. */
export function directoryOf(service: ServiceSpec): string {
  const [first = '.'] = service.paths;
  return (
    service.test?.directory ??
    (first.replace(/\/?(\*.*|[^/]*\.[^/]*)$/, '') || '.')
  );
}

function problemsOf(spec: PipelineSpec): PlanProblem[] {
  if (!spec.pipeline) {
    return [
      {
        path: ['spec'],
        message: 'there is no "pipeline"',
        remedy: 'Add spec.pipeline, such as pipeline: {branches: [main]}.',
      },
    ];
  }
  const problems: PlanProblem[] = [];
  if (!spec.repository) {
    problems.push({
      path: ['spec'],
      message: 'there is no "repository"',
      remedy:
        'Add spec.repository as owner/name: clouds trust the tokens of that repository alone.',
    });
  }
  // Nothing is deployed below that.
  for (const service of levelOf(spec.pipeline) < 4 ? [] : spec.services) {
    for (const { name, target } of service.environments) {
      const path = ['spec', 'services', service.key, 'environments', name];
      problems.push(...ecsProblems(spec, service, { name, target, path }));
      if (target?.type === 'azure-container-app' && !target.image) {
        problems.push({
          path: [...path, 'target'],
          message: 'the target has no "image"',
          remedy:
            'Say where its images are pushed to, such as image: registry.example.test/shop.',
        });
      }
      if (target?.type === 'azure-container-app' && !service.image) {
        problems.push({
          path: ['spec', 'services', service.key],
          message: `there is no "image" for the Container App in ${name}`,
          remedy:
            'Say how it is built, such as image: {dockerfile: Dockerfile}.',
        });
      }
      if (
        target?.type === 'azure-vm' &&
        target.release &&
        !spec.pipeline.storage
      ) {
        problems.push({
          path: ['spec', 'pipeline'],
          message: `there is no "storage", and ${service.key} goes to a machine`,
          remedy:
            'Name the Azure storage that releases are handed over by, such as storage: {account: {secret: AZURE_STORAGE_ACCOUNT}, container: deployments}.',
        });
      }
      if (target && !GENERATED.includes(target.type)) {
        problems.push({
          path: [...path, 'target', 'type'],
          message: `no job can be generated for the target ${target.type} yet`,
          remedy: `Targets that can: ${GENERATED.join(', ')}.`,
        });
      }
    }
  }
  return problems;
}

function sharedJob({ job, environment, placements }: Group): PlanProblem {
  const [, { service }] = placements;
  return {
    path: ['spec', 'services', service.key, 'environments', environment],
    message: `the job ${job} deploys several services of ECS`,
    remedy: 'Give each service a job of its own.',
  };
}

function ecsProblems(
  { pipeline }: PipelineSpec,
  service: ServiceSpec,
  { name, target, path }: { name: string; target?: TargetSpec; path: string[] },
): PlanProblem[] {
  if (target?.type !== 'ecs') {
    return [];
  }
  const missing = (
    ['repository', 'taskDefinition', 'container'] as const
  ).filter(key => !target[key]);
  return [
    ...missing.map(key => ({
      path: [...path, 'target'],
      message: `the target has no "${key}"`,
      remedy: `Name it, such as ${key}: ${service.key}: the role that deploys may change nothing else.`,
    })),
    ...(target.strategy === 'blue-green'
      ? [
          {
            path: [...path, 'target', 'strategy'],
            message: 'no job can be generated for blue/green on ECS yet',
            remedy: 'Use strategy: rolling, or write the job by hand.',
          },
        ]
      : []),
    ...(service.image
      ? []
      : [
          {
            path: ['spec', 'services', service.key],
            message: `there is no "image" for the service of ECS in ${name}`,
            remedy:
              'Say how it is built, such as image: {dockerfile: Dockerfile}.',
          },
        ]),
    ...(pipeline?.aws?.deployRole
      ? []
      : [
          {
            path: ['spec', 'pipeline'],
            message: `there is no "aws.deployRole", and ${service.key} goes to ECS`,
            remedy:
              'Name the role to deploy with, such as aws: {deployRole: {variable: AWS_DEPLOY_ROLE}}.',
          },
        ]),
  ];
}
