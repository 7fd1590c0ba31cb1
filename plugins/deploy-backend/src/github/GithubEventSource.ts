import { InputError } from '@backstage/errors';
import {
  DeployEventSource,
  DeploymentFact,
  Fact,
  JobFact,
  NormalisedEvent,
  ProgressStatus,
  RunFact,
} from '@vvp/backstage-plugin-deploy-node';
import { GithubEventName, GithubPayload, parsePayload } from './payloads';

/** GitHub's webhooks, as Backstage's events backend publishes them, and what polling finds. */
const eventNames = [
  'deployment',
  'deployment_status',
  'workflow_run',
  'workflow_job',
  'deployment_protection_rule',
  'deployment_review',
  'push',
  'rest.run',
  'rest.deployment',
  'rest.review',
] as const satisfies readonly GithubEventName[];

/** Understands GitHub's webhooks. */
export class GithubEventSource implements DeployEventSource {
  readonly id = 'github';
  readonly topics = eventNames.map(name => `github.${name}`);

  normalise(topic: string, payload: unknown): NormalisedEvent {
    const name = topic.replace(/^github\./, '');
    switch (name) {
      case 'workflow_run':
        return facts(runFact(parsePayload('workflow_run', payload)));
      case 'workflow_job':
        return facts(jobFact(parsePayload('workflow_job', payload)));
      case 'deployment':
        return facts(deploymentFact(parsePayload('deployment', payload)));
      case 'deployment_status':
        return facts(
          deploymentStatusFact(parsePayload('deployment_status', payload)),
        );
      case 'deployment_protection_rule':
        return facts(
          protectionFact(parsePayload('deployment_protection_rule', payload)),
        );
      case 'deployment_review':
        return reviewEvent(parsePayload('deployment_review', payload));
      case 'push': {
        const push = parsePayload('push', payload);
        return {
          type: 'push',
          repository: push.repository.full_name,
          ref: push.ref,
          commit: push.after,
        };
      }
      case 'rest.run': {
        const read = parsePayload('rest.run', payload);
        return facts(
          runFact(read),
          ...read.jobs.map(job =>
            jobFact({ repository: read.repository, workflow_job: job }),
          ),
        );
      }
      case 'rest.deployment': {
        const read = parsePayload('rest.deployment', payload);
        return facts(
          deploymentFact(read),
          ...read.statuses.map(status =>
            deploymentStatusFact({ ...read, deployment_status: status }),
          ),
        );
      }
      case 'rest.review':
        return reviewEvent(parsePayload('rest.review', payload));
      default:
        return { type: 'ignored' };
    }
  }
}

function facts(first: Fact, ...others: Fact[]): NormalisedEvent {
  return {
    type: 'facts',
    repository: first.repository,
    facts: [first, ...others],
  };
}

function runFact(payload: GithubPayload<'workflow_run'>): RunFact {
  const run = payload.workflow_run;
  return {
    kind: 'run',
    repository: payload.repository.full_name,
    runId: run.id,
    attempt: run.run_attempt ?? 1,
    workflowName: run.name ?? payload.workflow?.name ?? 'unnamed workflow',
    // The path may carry `@refs/heads/main`.
    workflowPath: (run.path ?? payload.workflow?.path)?.split('@')[0],
    event: run.event,
    commit: run.head_sha,
    ref: run.head_branch ?? undefined,
    title: run.display_title ?? run.head_commit?.message.split('\n')[0],
    actor: run.triggering_actor?.login ?? run.actor?.login,
    url: run.html_url || undefined,
    createdAt: run.created_at,
    updatedAt: run.updated_at,
    status: progressStatus(run.status),
    conclusion: run.conclusion ?? undefined,
  };
}

function jobFact(payload: GithubPayload<'workflow_job'>): JobFact {
  const job = payload.workflow_job;
  const createdAt = job.created_at ?? job.started_at ?? job.completed_at;
  if (!createdAt) {
    throw new InputError(
      "GitHub's workflow_job payload cannot be read: workflow_job.created_at: is missing",
    );
  }
  return {
    kind: 'job',
    repository: payload.repository.full_name,
    runId: job.run_id,
    attempt: job.run_attempt ?? 1,
    jobId: job.id,
    name: job.name,
    workflowName: job.workflow_name ?? undefined,
    commit: job.head_sha,
    ref: job.head_branch ?? undefined,
    actor: payload.sender?.login,
    url: job.html_url || undefined,
    createdAt,
    startedAt: job.started_at ?? undefined,
    finishedAt: job.completed_at ?? undefined,
    status: progressStatus(job.status),
    conclusion: job.conclusion ?? undefined,
  };
}

function deploymentFact(
  payload: GithubPayload<'deployment'> | GithubPayload<'deployment_status'>,
): DeploymentFact {
  const { deployment } = payload;
  return {
    kind: 'deployment',
    repository: payload.repository.full_name,
    deploymentId: deployment.id,
    runId: payload.workflow_run?.id,
    attempt: payload.workflow_run?.run_attempt ?? undefined,
    environment: deployment.environment,
    serviceKey: serviceKeyOf(deployment.payload),
    commit: deployment.sha,
    ref: deployment.ref ?? undefined,
    actor: deployment.creator?.login,
    createdAt: deployment.created_at,
    updatedAt: deployment.updated_at,
  };
}

function deploymentStatusFact(
  payload: GithubPayload<'deployment_status'>,
): DeploymentFact {
  const status = payload.deployment_status;
  const fact = deploymentFact(payload);
  const link = runLink(status.log_url || status.target_url);
  return {
    ...fact,
    environment: status.environment || fact.environment,
    runId: fact.runId ?? link?.runId,
    jobId:
      payload.check_run?.id ?? (isOfActions(status) ? link?.jobId : undefined),
    url: status.log_url || status.target_url || undefined,
    status: { statusId: status.id, state: status.state, at: status.created_at },
  };
}

/** Anybody who may write to the repository gives a deployment a status, and its link names any job. */
function isOfActions({
  creator,
  performed_via_github_app: app,
}: GithubPayload<'deployment_status'>['deployment_status']): boolean {
  return (
    app?.slug === 'github-actions' || creator?.login === 'github-actions[bot]'
  );
}

function protectionFact(
  payload: GithubPayload<'deployment_protection_rule'>,
): Fact {
  const { deployment, deployment_callback_url: callbackUrl } = payload;
  const repository = payload.repository.full_name;
  return {
    kind: 'protection',
    repository,
    runId: runOfCallback(callbackUrl, repository),
    environment: payload.environment,
    deploymentId: deployment?.id,
    callbackUrl,
    commit: deployment?.sha,
    ref: deployment?.ref ?? undefined,
    actor: deployment?.creator?.login,
    at: deployment?.created_at,
  };
}

/** One that names no run or no environment says nothing. */
function reviewEvent(
  payload: GithubPayload<'deployment_review'> | GithubPayload<'rest.review'>,
): NormalisedEvent {
  const runId = payload.workflow_run?.id;
  const environment =
    payload.environment ??
    ('workflow_job_run' in payload
      ? payload.workflow_job_run?.environment
      : undefined);
  return runId && environment
    ? facts({
        kind: 'review',
        repository: payload.repository.full_name,
        runId,
        environment,
        at: 'since' in payload ? payload.since ?? undefined : undefined,
      })
    : { type: 'ignored' };
}

/** The run that a callback is about; nobody calls the URL itself. */
function runOfCallback(callbackUrl: string, repository: string): string {
  const match =
    /\/repos\/([^/]+\/[^/]+)\/actions\/runs\/(\d{1,20})\/deployment_protection_rule$/.exec(
      callbackUrl,
    );
  if (!match) {
    throw new InputError(
      "GitHub's deployment_protection_rule payload cannot be read: deployment_callback_url: names no run",
    );
  }
  if (match[1].toLowerCase() !== repository) {
    throw new InputError(
      "GitHub's deployment_protection_rule payload cannot be read: deployment_callback_url: names another repository than repository.full_name",
    );
  }
  return match[2];
}

function progressStatus(status: string): ProgressStatus {
  switch (status) {
    case 'completed':
    case 'in_progress':
    case 'waiting':
      return status;
    default:
      // `requested`, `queued` and `pending`: asked for, not started.
      return 'queued';
  }
}

/** A deployment's payload is free-form; by convention it may name the service. */
function serviceKeyOf(payload: unknown): string | undefined {
  const service =
    payload && typeof payload === 'object' && 'service' in payload
      ? payload.service
      : undefined;
  return typeof service === 'string' && service.length <= 200
    ? service
    : undefined;
}

function runLink(
  link: string | null | undefined,
): { runId: string; jobId?: string } | undefined {
  const match = /\/actions\/runs\/(\d+)(?:\/job\/(\d+))?/.exec(link ?? '');
  return match ? { runId: match[1], jobId: match[2] } : undefined;
}
