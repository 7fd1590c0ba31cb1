import { minimatch } from 'minimatch';
import {
  JobIdentity,
  JobSelector,
  MappedEnvironment,
  MappedTarget,
  ServiceMapping,
} from './types';
import { matchesWildcard } from './wildcard';

/**
 * The services and environments that a job deploys; none for a job that deploys nothing.
 * One job may deploy several services, and one service into several environments.
 */
export function mapJob(
  job: JobIdentity,
  services: readonly ServiceMapping[],
): MappedTarget[] {
  return services.flatMap(service =>
    service.environments.flatMap(environment => {
      const found = selectorFor(job, environment);
      return found
        ? [
            {
              serviceId: service.serviceId,
              environment: environment.name,
              commit: found.selector.commit,
              ...(found.guessed && { guessed: true }),
            },
          ]
        : [];
    }),
  );
}

function selectorFor(
  job: JobIdentity,
  environment: MappedEnvironment,
): { selector: JobSelector; guessed?: true } | undefined {
  for (const selectors of environment.selectors) {
    const named = selectors.filter(
      selector => matchesName(selector, job) && matchesRef(selector, job),
    );
    const inWorkflow = named.filter(selector => matchesWorkflow(selector, job));
    if (inWorkflow.length > 0) {
      return { selector: inWorkflow[0] };
    }
    // Pipelines that send job events only never name their file. The job's name has to do,
    // as long as a single workflow is known to have a job of that name.
    const workflows = new Set(named.map(selector => selector.workflow));
    if (!job.workflowPath && workflows.size === 1) {
      return { selector: named[0], guessed: true };
    }
  }
  return undefined;
}

function matchesName(selector: JobSelector, job: JobIdentity): boolean {
  const { base, values } = splitMatrixName(job.name);
  if (selector.matrixValues?.some(value => !values.includes(value))) {
    return false;
  }
  return (
    matchesWildcard(selector.job, job.name) ||
    matchesWildcard(selector.job, base)
  );
}

function matchesRef(selector: JobSelector, job: JobIdentity): boolean {
  return (
    !selector.branches ||
    (job.ref !== undefined &&
      selector.branches.some(branch => minimatch(job.ref ?? '', branch)))
  );
}

function matchesWorkflow(selector: JobSelector, job: JobIdentity): boolean {
  return (
    selector.workflow === undefined ||
    selector.workflow === job.workflowPath?.split('/').pop() ||
    selector.workflow === job.workflowPath ||
    selector.workflow === job.workflowName
  );
}

/** GitHub shows a matrix job as `name (first, second)`. */
function splitMatrixName(name: string): { base: string; values: string[] } {
  const match = /^(.*\S)\s+\(([^()]*)\)$/.exec(name);
  return match
    ? { base: match[1], values: match[2].split(',').map(part => part.trim()) }
    : { base: name, values: [] };
}
