import { EnvironmentTier } from '@vvp/backstage-plugin-deploy-common';

/** Which jobs of a pipeline deploy a service into an environment. */
export interface JobSelector {
  /** File name in `.github/workflows`, or the workflow's name; any workflow if absent. */
  workflow?: string;
  /** The job's name as GitHub shows it; `*` stands for anything. */
  job: string;
  /** For a matrix job, `name (a, b)`: values that must all be among the bracketed ones. */
  matrixValues?: string[];
  /** Globs of branches or tags; any if absent. */
  branches?: string[];
  /** Whose commit the job deploys. */
  commit: 'run' | 'triggering-run';
}

/** One environment of a service, as far as mapping goes. */
export interface MappedEnvironment {
  name: string;
  tier?: EnvironmentTier;
  /** In order of trust: the spec's, the annotations', the config rules'. The first kind that matches wins. */
  selectors: JobSelector[][];
}

/** One service of a repository, as far as mapping goes. */
export interface ServiceMapping {
  serviceId: string;
  serviceKey: string;
  environments: MappedEnvironment[];
}

/** Where something that happened in a repository belongs. */
export interface MappedTarget {
  serviceId: string;
  environment: string;
  commit: 'run' | 'triggering-run';
  /** Only the job's name spoke for it, because its workflow's file was not known yet. */
  guessed?: true;
}

/** What mapping needs to know of a job. */
export interface JobIdentity {
  name: string;
  /** Path of the workflow file; unknown until the run's own event has come. */
  workflowPath?: string;
  workflowName?: string;
  ref?: string;
}
