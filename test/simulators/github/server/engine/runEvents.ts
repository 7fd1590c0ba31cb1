import type { JsonObject } from '../json';
import {
  checkRunPayload,
  deploymentPayload,
  jobPayload,
  runPayload,
  simplePull,
  statusPayload,
  workflowPayload,
} from '../serialize';
import type {
  Account,
  Deployment,
  DeploymentStatus,
  RunAttempt,
  WorkflowJob,
} from '../state/model';
import type { World } from '../state/World';

async function runParts(
  world: World,
  attempt: RunAttempt,
): Promise<{ workflow: JsonObject; workflow_run: JsonObject }> {
  const { run } = attempt;
  return {
    workflow: workflowPayload(world.urls, run.repository, run.workflow),
    workflow_run: runPayload(world.urls, attempt, await world.headCommit(run)),
  };
}

/** `workflow_run`. */
export async function emitRun(
  world: World,
  attempt: RunAttempt,
  action: 'requested' | 'in_progress' | 'completed',
): Promise<void> {
  world.webhooks.emit({
    event: 'workflow_run',
    action,
    repository: attempt.run.repository,
    sender: attempt.triggeringActor,
    at: world.now,
    payload: await runParts(world, attempt),
  });
}

/** `workflow_job`. */
export function emitJob(
  world: World,
  job: WorkflowJob,
  action: 'queued' | 'waiting' | 'in_progress' | 'completed',
): void {
  world.webhooks.emit({
    event: 'workflow_job',
    action,
    repository: job.attempt.run.repository,
    sender: job.attempt.triggeringActor,
    at: world.now,
    payload: {
      workflow_job: jobPayload(world.urls, job),
      ...(job.deployment
        ? { deployment: deploymentPayload(world.urls, job.deployment) }
        : {}),
    },
  });
}

/** A run inside a deployment's event comes without its commit, its earlier attempt and descriptions. */
export function leanRun(run: JsonObject): JsonObject {
  const lean = (repository: unknown) => ({
    ...(repository as JsonObject),
    description: null,
  });
  return {
    ...run,
    head_commit: null,
    previous_attempt_url: null,
    repository: lean(run.repository),
    head_repository: lean(run.head_repository),
  };
}

async function deploymentParts(
  world: World,
  deployment: Deployment,
): Promise<JsonObject> {
  const { job } = deployment;
  if (!job) return { workflow: null, workflow_run: null };
  const { workflow, workflow_run: run } = await runParts(world, job.attempt);
  return { workflow, workflow_run: leanRun(run) };
}

/** `deployment`. */
export async function emitDeployment(
  world: World,
  deployment: Deployment,
  sender: Account,
): Promise<void> {
  world.webhooks.emit({
    event: 'deployment',
    action: 'created',
    repository: deployment.repository,
    sender,
    at: world.now,
    payload: {
      deployment: deploymentPayload(world.urls, deployment),
      ...(await deploymentParts(world, deployment)),
    },
  });
}

/** `deployment_status`. */
export async function emitDeploymentStatus(
  world: World,
  deployment: Deployment,
  status: DeploymentStatus,
  sender: Account,
): Promise<void> {
  const { job } = deployment;
  world.webhooks.emit({
    event: 'deployment_status',
    action: 'created',
    repository: deployment.repository,
    sender,
    at: world.now,
    payload: {
      deployment_status: statusPayload(world.urls, deployment, status),
      deployment: deploymentPayload(world.urls, deployment),
      ...(job ? { check_run: checkRunPayload(world.urls, job) } : {}),
      ...(await deploymentParts(world, deployment)),
    },
  });
}

/** Where GitHub wants the answer of a custom protection rule. */
export function protectionCallbackUrl(world: World, job: WorkflowJob): string {
  const { run } = job.attempt;
  return `${world.urls.repository(run.repository)}/actions/runs/${
    run.id
  }/deployment_protection_rule`;
}

/** `deployment_protection_rule`. */
export function emitProtectionRule(world: World, job: WorkflowJob): void {
  const { run } = job.attempt;
  if (!job.environment || !job.deployment) return;
  world.webhooks.emit({
    event: 'deployment_protection_rule',
    action: 'requested',
    repository: run.repository,
    sender: job.attempt.triggeringActor,
    at: world.now,
    payload: {
      environment: job.environment.name,
      event: run.event,
      deployment_callback_url: protectionCallbackUrl(world, job),
      deployment: deploymentPayload(world.urls, job.deployment),
      pull_requests: run.pull
        ? [simplePull(world.urls, run.repository, run.pull)]
        : [],
    },
  });
}
