/**
 * A workflow of GitHub Actions as plain data. The keys are GitHub's own, in the order in which they are written
 * (https://docs.github.com/actions/reference/workflow-syntax-for-github-actions).
 */
export interface Workflow {
  name: string;
  /** What its runs are called; GitHub's own words otherwise. */
  'run-name'?: string;
  on: Record<string, unknown>;
  permissions: Permissions;
  defaults: { run: { shell: string } };
  concurrency?: Concurrency;
  jobs: Record<string, Job>;
}

/** What a job may do with its token; nothing that is not named. */
export type Permissions = Record<string, 'read' | 'write'>;

/** Jobs of one group run one after the other. */
export interface Concurrency {
  group: string;
  'cancel-in-progress': boolean | string;
  /** `max`: all of them wait their turn; GitHub drops all waiting ones but the newest otherwise. */
  queue?: 'max';
}

/** A job; its key is its name. */
export interface Job {
  /** Only for a matrix: its legs are known by the values that tell them apart, and not by all. */
  name?: string;
  needs?: string[];
  if?: string;
  'runs-on': string;
  'timeout-minutes': number;
  permissions: Permissions;
  environment?: { name: string; url?: string };
  concurrency?: Concurrency;
  strategy?: {
    'fail-fast': boolean;
    matrix:
      | { include: Record<string, string | number>[] }
      | Record<string, string[]>;
  };
  services?: Record<string, ServiceContainer>;
  outputs?: Record<string, string>;
  env?: Record<string, string>;
  steps: Step[];
}

/** A container that runs beside a job. */
export interface ServiceContainer {
  image: string;
  env?: Record<string, string>;
  ports: string[];
  options: string;
}

/** A step; `uses` names an action of the table of pins, without a version. */
export interface Step {
  name: string;
  id?: string;
  if?: string;
  'continue-on-error'?: boolean;
  uses?: string;
  with?: Record<string, string | number | boolean>;
  env?: Record<string, string>;
  'working-directory'?: string;
  run?: string;
}

/** A file to be written, with its path from the root of the repository. */
export interface GeneratedFile {
  path: string;
  content: string;
  /** Scripts are started by their path. */
  executable?: boolean;
}
