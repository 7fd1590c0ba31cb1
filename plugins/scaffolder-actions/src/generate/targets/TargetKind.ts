import {
  PipelineSpec,
  ServiceSpec,
  TargetSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { Circumstances } from '../jobs/limits';
import { Job, Permissions, Step, Workflow } from '../model';
import { Group, PipelinePlan, Placement, PlanProblem } from '../planModel';

/** A service in an environment that a job has to be made for. */
export interface Asked<Type extends TargetSpec['type'] = TargetSpec['type']> {
  spec: PipelineSpec;
  service: ServiceSpec;
  environment: ServiceSpec['environments'][number];
  target: Extract<TargetSpec, { type: Type }>;
  /** Place of the service's environment in `deploy.yaml`. */
  path: string[];
}

/**
 * What the generator knows of one kind of target. A new one is a file with its problems in `problems`, one with its
 * steps in `jobs`, and a row here.
 */
export interface TargetKind<
  Type extends TargetSpec['type'] = TargetSpec['type'],
> {
  type: Type;
  /** What lacks in `deploy.yaml` for a job to be made. */
  problems(asked: Asked<Type>): PlanProblem[];
  /** How a job gets at the platform, for as long as it may take. */
  login(plan: PipelinePlan, placement: Placement, minutes: number): Step[];
  /** Brings a release in, looks whether it works, and goes back if it does not. */
  steps(plan: PipelinePlan, group: Group): Step[];
  /** How long that takes at worst, all the way back included. */
  minutes:
    | number
    | ((placement: Placement, circumstances: Circumstances) => number);
  /** For how many minutes the job is logged in, which its way back has to be through in; as long as it runs if absent. */
  loginMinutes?: number;
  /** Whether a job can be made for a service in an environment; always if absent. */
  covers?(spec: PipelineSpec, environment: string, service: string): boolean;
  /** Whether every service needs a job of its own: no matrix. */
  isAlone?: boolean;
  /** Whether one deployment brings all services of a job at once: no matrix, and one environment at GitHub. */
  isTogether?: boolean;
  /** Whether the job gets at the platform without a token of its own. */
  isTokenless?:
    | boolean
    | ((plan: PipelinePlan, placement: Placement) => boolean);
  /** What the job may do besides reading the code and getting a token. */
  permissions?(plan: PipelinePlan, group: Group): Permissions;
  /** What whoever starts the workflow that deploys these is asked for besides. */
  inputs?(
    plan: PipelinePlan,
    groups: readonly Group[],
  ): Record<string, unknown>;
  /** What whoever goes back on purpose starts; nothing where the portal or somebody by hand does it. */
  wayBack?(plan: PipelinePlan, placement: Placement): string | undefined;
  /** Further jobs of the workflow that deploys, which come right behind the deployment. */
  jobs?(plan: PipelinePlan, group: Group): [string, Job][];
  /** What is true of a run of that workflow that deploys nothing; undefined if every one does. */
  restsIf?(plan: PipelinePlan): string | undefined;
  /** Further workflows, by file name. */
  workflows?(
    plan: PipelinePlan,
    groups: readonly Group[],
  ): [string, Workflow][];
}
