import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { WorkflowJob } from '../state/model';

/** `sub`, as GitHub forms it by default: an environment wins over the event and the ref. */
export function subjectOf(job: WorkflowJob): string {
  const { run } = job.attempt;
  const prefix = `repo:${run.repository.fullName}`;
  if (job.environment) {
    return `${prefix}:environment:${job.environment.name.replaceAll(
      ':',
      '%3A',
    )}`;
  }
  if (run.event === 'pull_request') return `${prefix}:pull_request`;
  return `${prefix}:ref:${run.ref}`;
}

/** The claims about a job of a workflow, without those about the token itself. */
export function actionsClaims(job: WorkflowJob): JsonObject {
  const { attempt } = job;
  const { run } = attempt;
  const { repository } = run;
  const workflowRef = `${repository.fullName}/${run.workflow.path}@${run.ref}`;
  const environment = job.environment
    ? {
        environment: job.environment.name,
        environment_node_id: nodeId('Environment', job.environment.name),
      }
    : {};
  return {
    sub: subjectOf(job),
    ...environment,
    ref: run.ref,
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'false',
    sha: run.headSha,
    repository: repository.fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner.login,
    repository_owner_id: String(repository.owner.id),
    repository_visibility: repository.private ? 'private' : 'public',
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(attempt.number),
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    workflow: run.name,
    workflow_ref: workflowRef,
    workflow_sha: run.headSha,
    job_workflow_ref: workflowRef,
    job_workflow_sha: run.headSha,
    head_ref: run.pull?.headBranch ?? '',
    base_ref: run.pull?.baseBranch ?? '',
    event_name: run.event,
    runner_environment: 'github-hosted',
    check_run_id: String(job.id),
  };
}
