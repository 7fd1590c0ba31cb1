import { isObject, type JsonObject } from '../json';
import type { WorkflowJob, WorkflowRun } from '../state/model';
import { matchesPatterns } from '../workflow/filterPattern';
import type { DeployedPlace, DeployingJob } from './deployYaml';

/** What a job did to a platform, as the control of the clouds takes it. */
export interface CloudDeployment {
  repository: string;
  service: string;
  environment: string;
  target: JsonObject;
  commit: string;
  /** ISO 8601. */
  at: string;
}

/** What a job that succeeded has deployed. */
export function cloudDeployments(
  places: DeployedPlace[],
  job: WorkflowJob,
): CloudDeployment[] {
  if (job.conclusion !== 'success') return [];
  const { run } = job.attempt;
  return places.flatMap(place => {
    const commit = dispatchedCommit(place, run) ?? mappedCommit(place, job);
    return commit === undefined
      ? []
      : [
          {
            repository: run.repository.fullName,
            service: place.service,
            environment: place.environment,
            target: place.target,
            commit,
            at: new Date(job.completedAt ?? Date.now()).toISOString(),
          },
        ];
  });
}

/** A run that was started with the release to deploy, as a rollback starts one. */
function dispatchedCommit(
  { target }: DeployedPlace,
  run: WorkflowRun,
): string | undefined {
  const { releaseInput, workflow } = target;
  const fixed = isObject(target.inputs) ? target.inputs : {};
  const isMeant =
    target.type === 'github-workflow' &&
    run.event === 'workflow_dispatch' &&
    fileOf(run) === workflow &&
    Object.entries(fixed).every(([name, value]) => run.inputs[name] === value);
  return isMeant ? run.inputs[String(releaseInput)] : undefined;
}

function mappedCommit(
  { jobs }: DeployedPlace,
  job: WorkflowJob,
): string | undefined {
  const { run } = job.attempt;
  const mapped = jobs.find(each => isMapped(each, job));
  if (mapped?.commit !== 'triggering-run') return mapped && run.headSha;
  const triggering = run.eventPayload.workflow_run;
  return isObject(triggering) ? String(triggering.head_sha) : run.headSha;
}

function isMapped(mapped: DeployingJob, job: WorkflowJob): boolean {
  const { run } = job.attempt;
  // GitHub appends the values of a matrix, more of them than deploy.yaml may name.
  const [, name, values = ''] = /^(.+?)(?: \((.*)\))?$/.exec(job.name) ?? [];
  const legs = values.split(', ');
  return (
    mapped.workflow === fileOf(run) &&
    mapped.job === name &&
    Object.values(mapped.matrix ?? {}).every(value =>
      legs.includes(String(value)),
    ) &&
    (!mapped.branches || matchesPatterns(mapped.branches, run.headBranch ?? ''))
  );
}

function fileOf(run: WorkflowRun): string | undefined {
  return run.workflow.path.split('/').pop();
}
