import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { JobStep, WorkflowJob } from '../state/model';
import { timestamp } from '../state/time';
import type { Urls } from './Urls';

function stepPayload(step: JobStep): JsonObject {
  return {
    name: step.name,
    status: step.status,
    conclusion: step.conclusion ?? null,
    number: step.number,
    started_at: step.startedAt === undefined ? null : timestamp(step.startedAt),
    completed_at:
      step.completedAt === undefined ? null : timestamp(step.completedAt),
  };
}

/** The page of a job, which is what deployments link to. */
export function jobPage(urls: Urls, job: WorkflowJob): string {
  const { run } = job.attempt;
  return `${urls.page(run.repository)}/actions/runs/${run.id}/job/${job.id}`;
}

/** `job`; a webhook's `workflow_job` has the same form. */
export function jobPayload(urls: Urls, job: WorkflowJob): JsonObject {
  const { run, number } = job.attempt;
  const api = urls.repository(run.repository);
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: run.headBranch ?? null,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: number,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run.headSha,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: jobPage(urls, job),
    status: job.status,
    conclusion: job.conclusion ?? null,
    created_at: timestamp(job.createdAt),
    started_at: timestamp(job.startedAt),
    completed_at:
      job.completedAt === undefined ? null : timestamp(job.completedAt),
    name: job.name,
    steps: job.steps.map(stepPayload),
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: job.runner?.id ?? null,
    runner_name: job.runner?.name ?? null,
    runner_group_id: job.runner ? 0 : null,
    runner_group_name: job.runner ? 'GitHub Actions' : null,
  };
}

/** `check_run`, as a deployment status of a workflow's job carries it. */
export function checkRunPayload(urls: Urls, job: WorkflowJob): JsonObject {
  const { run } = job.attempt;
  return {
    id: job.id,
    name: job.name,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run.headSha,
    external_id: `job-${job.id}`,
    url: `${urls.repository(run.repository)}/check-runs/${job.id}`,
    html_url: jobPage(urls, job),
    details_url: jobPage(urls, job),
    status: job.status,
    conclusion: job.conclusion ?? null,
    started_at: timestamp(job.startedAt),
    completed_at:
      job.completedAt === undefined ? null : timestamp(job.completedAt),
  };
}
