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
  /** What whoever starts a deployment names one service by; `force` without it. */
  serviceInput?: string;
  failureIssue?: GeneratedPipelineSpec['failureIssue'];
  failureMessage?: GeneratedPipelineSpec['failureMessage'];
  cleanup?: GeneratedPipelineSpec['cleanup'];
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

/** Branches and tags, or globs of them. */
export interface Refs {
  branches: string[];
  tags: string[];
}

/** What gets somewhere. */
export interface Reach {
  /** By itself, once it is pushed. */
  refs: Refs;
  /** All that may be there: also what somebody brings by hand. */
  allowed: Refs;
  /** Those of the tags that have to be signed. */
  signedTags: string[];
}

/** A workflow that deploys, with the environments that it brings releases to: what gets to any of them starts it. */
export interface Stage extends Reach {
  /** Its file name. */
  workflow: string;
  title: string;
  /** Names of environments, in the order of the spec. */
  environments: string[];
  /** Whether pull requests are tested by it. */
  pullRequests: boolean;
  /** Name of the workflow whose success starts it, in place of a push. */
  after?: string;
}

/** What one job deploys: a service, or several that differ by the values of a matrix. */
export interface Group extends Reach {
  /** Key of the service, or what the keys of several begin with. */
  key: string;
  /** Key of the job. */
  job: string;
  environment: string;
  /** File name of the workflow that it stands in. */
  workflow: string;
  placements: Placement[];
  /** Whether one deployment brings all of them at once, in place of a matrix. */
  isTogether: boolean;
  /** Whether another job builds an image of the same name: its target has it, too. */
  sharesImage: boolean;
}

/** A spec as jobs will be made of it. */
export interface PipelinePlan {
  spec: PipelineSpec;
  settings: PipelineSettings;
  /** The workflows that deploy, in the order of their environments. */
  stages: Stage[];
  /** The one that jobs are made for; the first one where all of them are meant. */
  stage: Stage;
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
  /** Its tests: one, or one for each of those that come together. */
  tests: UnitTest[];
}

/** The tests of services that are tested as one. */
export interface UnitTest {
  /** Key of the job. */
  job: string;
  services: ServiceSpec[];
  directory: string;
}

/** Why no workflow can be made of a spec; each names the place in `deploy.yaml`. */
export interface PlanProblem {
  path: string[];
  message: string;
  remedy: string;
}

/** Where a service lies: its own word, else what its first path begins with. */
export function directoryOf(service: ServiceSpec): string {
  const [first = '.'] = service.paths;
  return (
    service.test?.directory ??
    (first.replace(/\/?(\*.*|[^/]*\.[^/]*)$/, '') || '.')
  );
}
