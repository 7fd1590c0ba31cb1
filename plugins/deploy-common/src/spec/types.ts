import { FromSchema } from 'json-schema-to-ts';
import { GateRule } from '../gates/types';
import { EnvironmentTier } from '../model';
import {
  migrationsSchema,
  rollbackSchema,
  workflowsSchema,
} from './operationSchema';
import {
  deploySchema,
  imageSchema,
  pipelineSchema,
  repositoryTestsSchema,
  serviceTestSchema,
  stageSchema,
  verifySchema,
} from './pipeline';
import { PromotionSettings } from './promotionSettings';
import { targetSchema } from './targetSchema';

/**
 * The platform that an environment runs on, told apart by `type`.
 *
 * @public
 */
export type TargetSpec = FromSchema<typeof targetSchema>;

/**
 * Workflows that the portal starts for a service in an environment.
 *
 * @public
 */
export type WorkflowsSpec = FromSchema<typeof workflowsSchema>;

/**
 * A dispatch of a workflow.
 *
 * @public
 */
export type WorkflowCallSpec = NonNullable<WorkflowsSpec['integrationTests']>;

/**
 * How a rollback is let through, and when one happens by itself.
 *
 * @public
 */
export type RollbackSpec = FromSchema<typeof rollbackSchema>;

/**
 * Which files are database migrations.
 *
 * @public
 */
export type MigrationsSpec = FromSchema<typeof migrationsSchema>;

/**
 * What the generated workflows of a repository have in common.
 *
 * @public
 */
export type GeneratedPipelineSpec = FromSchema<typeof pipelineSchema>;

/**
 * How a service is tested before it is deployed.
 *
 * @public
 */
export type ServiceTestSpec = FromSchema<typeof serviceTestSchema>;

/**
 * How the image of a service is built.
 *
 * @public
 */
export type ImageSpec = FromSchema<typeof imageSchema>;

/**
 * In which generated workflow releases go to an environment, and which of them do.
 *
 * @public
 */
export type StageSpec = FromSchema<typeof stageSchema>;

/**
 * How a release of a service gets into an environment.
 *
 * @public
 */
export type DeploySpec = FromSchema<typeof deploySchema>;

/**
 * How a pipeline sees that a service works after it was deployed.
 *
 * @public
 */
export type VerifySpec = FromSchema<typeof verifySchema>;

/**
 * Tests of several services together, by the name of their job.
 *
 * @public
 */
export type RepositoryTestsSpec = FromSchema<typeof repositoryTestsSchema>;

/**
 * Where a running service tells its commit.
 *
 * @public
 */
export interface VersionSpec {
  url: string;
  /** Path to the commit in the JSON answer, such as `$.git_sha`. */
  commit: string;
}

/**
 * A job of a workflow that deploys a service to an environment.
 *
 * @public
 */
export interface JobSpec {
  /** File name in `.github/workflows`. */
  workflow: string;
  /** Name as GitHub shows it, without the matrix values if `matrix` is given; `*` stands for any text. */
  job: string;
  /** Values that must be among those in the parentheses of the name. */
  matrix?: Record<string, string>;
  /** Globs of branches or tags; any if absent. */
  branches?: string[];
  /** Whose commit is deployed. */
  commit: 'run' | 'triggering-run';
}

/**
 * Gates by name; `false` switches one off that is set for more services or environments.
 *
 * @public
 */
export type GateSettings = Record<string, GateRule | false>;

/**
 * Which runs of GitHub Actions may bring reports; any of the repository if absent.
 *
 * @public
 */
export interface EvidenceSpec {
  /** Globs of branches; tags are written in full (`refs/tags/v*`). Default: any of both. */
  refs?: string[];
  /** File names in `.github/workflows`, or whole paths with their repository. */
  workflows?: string[];
  /** Events of GitHub that count although their runs may have a pull request's code, such as `workflow_run`. */
  events?: string[];
}

/**
 * An environment as declared for the whole repository.
 *
 * @public
 */
export interface EnvironmentSpec {
  name: string;
  tier: EnvironmentTier;
  url?: string;
  /** Position from first to last stop of a release, counted from 0. */
  order: number;
  /** For generated workflows; `deploy` of the environment in `deploy.yaml`. */
  stage?: StageSpec;
  /** For every service in this environment. */
  gates?: GateSettings;
  /** What a release has to meet to go in, besides its gates. */
  promotion?: PromotionSettings;
}

/**
 * A service in one environment. `url` is the environment's where the service gives none; `gates` are the
 * service's own ones here, see {@link gatesOf} for all that apply; the keys of `promotion` are the
 * environment's where the service gives none.
 *
 * @public
 */
export interface ServiceEnvironmentSpec extends EnvironmentSpec {
  version?: VersionSpec;
  target?: TargetSpec;
  workflows?: WorkflowsSpec;
  rollback?: RollbackSpec;
  /** For generated workflows. */
  deploy?: DeploySpec;
  /** For generated workflows. */
  verify?: VerifySpec;
  jobs: JobSpec[];
}

/**
 * One service of the repository.
 *
 * @public
 */
export interface ServiceSpec {
  /** Key in `spec.services`. */
  key: string;
  /** Full and lower case. */
  entityRef?: string;
  paths: string[];
  sharedPaths: string[];
  migrations?: MigrationsSpec;
  /** For generated workflows. */
  test?: ServiceTestSpec;
  /** Keys of services whose tests count for this one, in generated workflows. */
  testedBy?: string[];
  /** For generated workflows. */
  image?: ImageSpec;
  /** For this service in every environment. */
  gates?: GateSettings;
  /** In the order of the repository's environments. */
  environments: ServiceEnvironmentSpec[];
}

/**
 * A `deploy.yaml`, checked and in order.
 *
 * @public
 */
export interface PipelineSpec {
  name: string;
  /** `owner/name` of the repository that the file is for. */
  repository?: string;
  evidence?: EvidenceSpec;
  /** Workflows are generated if it is there. */
  pipeline?: GeneratedPipelineSpec;
  /** For generated workflows. */
  tests?: RepositoryTestsSpec;
  /** For every service in every environment. */
  gates?: GateSettings;
  environments: EnvironmentSpec[];
  services: ServiceSpec[];
}

/**
 * Something wrong in a `deploy.yaml`.
 *
 * @public
 */
export interface SpecFinding {
  /** What is wrong, without a full stop. */
  message: string;
  /** What to do about it, whole sentences. */
  remedy: string;
  /** Counted from 1. */
  line: number;
  /** Counted from 1. */
  column: number;
  /** JSON pointer. */
  path: string;
}

/**
 * Answer of {@link parsePipelineSpec}.
 *
 * @public
 */
export type ParseResult =
  | { ok: true; spec: PipelineSpec }
  | { ok: false; findings: SpecFinding[] };
