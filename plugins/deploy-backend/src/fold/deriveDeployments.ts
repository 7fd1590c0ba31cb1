import { DeploymentStatus } from '@vvp/backstage-plugin-deploy-common';
import {
  Conclusion,
  DeploymentFact,
  JobFact,
  RunFact,
} from '@vvp/backstage-plugin-deploy-node';
import { mapDeployment } from '../mapping/mapDeployment';
import { mapJob } from '../mapping/mapJob';
import { MappedTarget, ServiceMapping } from '../mapping/types';
import { DeploymentTrace, Trace } from './trace';

/** A deployment as a trace tells it, before it is compared with its neighbours. */
export interface DerivedDeployment {
  source: string;
  serviceId: string;
  environment: string;
  status: DeploymentStatus;
  commit: string;
  version?: string;
  ref?: string;
  actor?: string;
  title?: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  url?: string;
  jobName?: string;
  runId?: string;
  attempt?: number;
}

export interface DerivedTrace {
  deployments: DerivedDeployment[];
  /** Jobs and deployments that look as if they deployed something, but belong nowhere. */
  unmapped: { kind: 'job' | 'deployment'; name: string }[];
}

const conclusionStatus: Record<Conclusion, DeploymentStatus | undefined> = {
  success: 'succeeded',
  failure: 'failed',
  cancelled: 'cancelled',
  timed_out: 'errored',
  startup_failure: 'errored',
  action_required: 'errored',
  stale: 'errored',
  skipped: undefined,
  neutral: undefined,
};

const looksLikeDeployment = /deploy|release|rollout|promote|publish/i;

/**
 * The deployments that a trace amounts to. Skipped jobs make none.
 *
 * @param parent - the run that started this one, if known
 */
export function deriveDeployments(
  trace: Trace,
  services: readonly ServiceMapping[],
  parent?: RunFact,
): DerivedTrace {
  const unmapped: DerivedTrace['unmapped'] = [];
  const recorded = Object.values(trace.deployments);

  const fromJobs = Object.values(trace.jobs).flatMap(job => {
    const status = jobStatus(job, trace, recorded);
    if (!status) {
      return [];
    }
    const targets = jobTargets(job, trace, recorded, services);
    if (targets.length === 0 && looksLikeDeployment.test(job.name)) {
      unmapped.push({ kind: 'job', name: job.name });
    }
    return targets.map(target =>
      deploymentOfJob(job, status, target, trace, parent),
    );
  });

  const fromRecords = recorded
    .filter(({ base }) => !base.jobId || !Object.hasOwn(trace.jobs, base.jobId))
    .flatMap(deployment => {
      const targets = mapDeployment(deployment.base, [], services);
      if (targets.length === 0) {
        unmapped.push({
          kind: 'deployment',
          name: deployment.base.environment,
        });
      }
      return targets.map(target => deploymentOfRecord(deployment, target));
    });

  return { deployments: [...fromJobs, ...fromRecords], unmapped };
}

function jobStatus(
  job: JobFact,
  trace: Trace,
  recorded: readonly DeploymentTrace[],
): DeploymentStatus | undefined {
  const own = recorded.find(({ base }) => base.jobId === job.jobId);
  if (job.status === 'completed') {
    const status = conclusionStatus[job.conclusion ?? 'stale'];
    return status === 'succeeded' && own?.inactive ? 'superseded' : status;
  }
  // A cancelled run does not always report each of its jobs.
  if (trace.runs[job.attempt]?.conclusion === 'cancelled') {
    return 'cancelled';
  }
  return job.status === 'queued' && own?.progress?.state === 'waiting'
    ? 'waiting'
    : job.status;
}

function jobTargets(
  job: JobFact,
  trace: Trace,
  recorded: readonly DeploymentTrace[],
  services: readonly ServiceMapping[],
): MappedTarget[] {
  const run = runOf(job, trace);
  const targets = mapJob(
    {
      name: job.name,
      workflowPath: run?.workflowPath,
      workflowName: run?.workflowName ?? job.workflowName,
      ref: run?.ref ?? job.ref,
    },
    services,
  );
  const own = recorded.find(({ base }) => base.jobId === job.jobId);
  return own ? mapDeployment(own.base, targets, services) : targets;
}

function deploymentOfJob(
  job: JobFact,
  status: DeploymentStatus,
  target: MappedTarget,
  trace: Trace,
  parent: RunFact | undefined,
): DerivedDeployment {
  const run = runOf(job, trace);
  const ref = run?.ref ?? job.ref;
  const commit =
    target.commit === 'triggering-run' && parent
      ? parent.commit
      : run?.commit ?? job.commit;
  return {
    source: `github:${job.repository}:${job.runId}:${job.attempt}:${job.jobId}`,
    serviceId: target.serviceId,
    environment: target.environment,
    status,
    commit,
    version: versionOf(ref),
    ref,
    actor: run?.actor ?? job.actor,
    title: run?.title,
    createdAt: job.createdAt,
    startedAt:
      status === 'queued' || status === 'waiting' ? undefined : job.startedAt,
    finishedAt: isUnfinished(status)
      ? undefined
      : job.finishedAt ?? trace.runs[job.attempt]?.updatedAt,
    url: job.url ?? run?.url,
    jobName: job.name,
    runId: job.runId,
    attempt: job.attempt,
  };
}

function deploymentOfRecord(
  { base, progress, outcome, inactive }: DeploymentTrace,
  target: MappedTarget,
): DerivedDeployment {
  return {
    source: recordSource(base),
    serviceId: target.serviceId,
    environment: target.environment,
    status: recordStatus(progress, outcome, inactive),
    commit: base.commit,
    version: versionOf(base.ref),
    ref: base.ref,
    actor: base.actor,
    createdAt: base.createdAt,
    startedAt: progress?.state === 'in_progress' ? progress.at : undefined,
    finishedAt: (outcome ?? inactive)?.at,
    url: base.url,
    runId: base.runId,
    attempt: base.attempt,
  };
}

function recordSource(base: DeploymentFact): string {
  return base.runId && base.jobId && base.attempt
    ? `github:${base.repository}:${base.runId}:${base.attempt}:${base.jobId}`
    : `github-deployment:${base.deploymentId}`;
}

function recordStatus(
  progress: DeploymentTrace['progress'],
  outcome: DeploymentTrace['outcome'],
  inactive: DeploymentTrace['inactive'],
): DeploymentStatus {
  if (outcome?.state === 'failure') {
    return 'failed';
  }
  if (outcome?.state === 'error') {
    return 'errored';
  }
  if (inactive) {
    return 'superseded';
  }
  if (outcome) {
    return 'succeeded';
  }
  return progress?.state === 'in_progress' || progress?.state === 'waiting'
    ? progress.state
    : 'queued';
}

function runOf(job: JobFact, trace: Trace): RunFact | undefined {
  // An attempt's own event may be lost; name, path and commit are the same in every attempt.
  return trace.runs[job.attempt] ?? Object.values(trace.runs)[0];
}

function isUnfinished(status: DeploymentStatus): boolean {
  return (
    status === 'queued' || status === 'waiting' || status === 'in_progress'
  );
}

/** A tag such as `v1.2.3` is the version; a branch is none. */
function versionOf(ref: string | undefined): string | undefined {
  return ref && /^v?\d+\.\d+(\.\d+)?([-+.][\w.+-]+)?$/.test(ref)
    ? ref
    : undefined;
}
