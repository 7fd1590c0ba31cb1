import { Accounts } from '../report/Accounts';
import { JobView } from '../source/JobView';
import { LeafIndex } from '../source/LeafIndex';
import { ReadWorkflow } from '../source/readWorkflow';
import { recognise } from '../recognisers';
import { Told } from '../types';
import { SpecDraft } from './SpecDraft';

/** A workflow and its jobs, leg by leg. */
export interface WorkflowView {
  name: string;
  index: LeafIndex;
  jobs: JobView[];
}

/** A service that a job brings into an environment. */
export interface Deployment {
  workflow: WorkflowView;
  job: JobView;
  /** Number of the step that does it. */
  step: number;
  type: string;
  service: string;
  environment: string;
  /** Key of the job that builds what is deployed, where a job of its own does. */
  build?: string;
  /** Variables by which it gets its image, where several services come at once. */
  variables?: readonly string[];
}

/** All workflows of a repository, and what they have been found to be about. */
export class Repository {
  readonly workflows: readonly WorkflowView[];
  /** Of all workflows, leg by leg. */
  readonly jobs: readonly JobView[];
  /** Globs by what changed, with what says so. */
  readonly filters: Told<Record<string, string[]>> | undefined;

  constructor(files: readonly ReadWorkflow[], readonly draft: SpecDraft) {
    this.workflows = files.map(file => {
      const index = new LeafIndex(file.leaves);
      return { name: file.name, index, jobs: JobView.of(file, index) };
    });
    this.jobs = this.workflows.flatMap(({ jobs }) => jobs);
    this.jobs.forEach(job => recognise(job, draft.accounts));
    this.filters = this.jobs.flatMap(({ facts }) => facts.all('filters'))[0];
  }

  get accounts(): Accounts {
    return this.draft.accounts;
  }

  workflowOf(job: JobView): WorkflowView {
    return this.workflows.find(({ jobs }) =>
      jobs.includes(job),
    ) as WorkflowView;
  }

  /** The jobs that one waits for. */
  needed(job: JobView): JobView[] {
    const keys = job.needs.map(({ value }) => value);
    return this.jobs.filter(
      other => other.workflow === job.workflow && keys.includes(other.key),
    );
  }

  /** And those that these wait for in turn. */
  before(job: JobView): JobView[] {
    const found = new Set(this.needed(job));
    for (const one of found) {
      this.needed(one).forEach(other => found.add(other));
    }
    return [...found];
  }

  /** The filter that a job goes by, if any. */
  unitOf(job: JobView): string | undefined {
    const [, of, output] =
      /needs\.([\w-]+)\.outputs\.([\w-]+)\s*==\s*'true'/.exec(job.condition) ??
      [];
    if (output === undefined) {
      return /inputs\.service == '([\w-]+)'\)/.exec(job.condition)?.[1];
    }
    const detecting = this.jobs.find(
      ({ key, workflow }) => key === of && workflow === job.workflow,
    );
    return this.filterOf(detecting, output);
  }

  /** The filter that an output of a job tells of. */
  filterOf(job: JobView | undefined, output: string): string {
    const value = job?.at('outputs', output)?.value;
    return (
      /steps\.[\w-]+\.outputs\.([\w-]+)/.exec(String(value ?? ''))?.[1] ??
      output
    );
  }
}

/** What GitHub calls a workflow: by its path, if it has no name. */
export function titleOf({ index, name }: WorkflowView): string {
  return String(index.at('name')?.value ?? `.github/workflows/${name}`);
}

/** A name as keys of `deploy.yaml` are written. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}
