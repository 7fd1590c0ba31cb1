import { DeploymentStatus } from '@vvp/backstage-plugin-deploy-common';
import {
  Conclusion,
  DeploymentFact,
  JobFact,
  RunFact,
} from '@vvp/backstage-plugin-deploy-node';
import { mapDeployment, withoutKey } from '../mapping/mapDeployment';
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
  /** Only the name of its job spoke for where it is; not to be relied on once more is known. */
  guessed: boolean;
  /** Whether its run asked to be let into the environment. */
  askedFirst: boolean;
  /** Whether its run waited there for a reviewer. */
  reviewedFirst: boolean;
}

/**
 * Where a deployment was put before. It stays there when its job is no longer mapped: a job that
 * is renamed in deploy.yaml, or an entity that leaves the catalog, takes no history with it.
 */
export interface FormerDeployment {
  source: string;
  serviceId: string;
  environment: string;
  commit: string;
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

/** `deploy-verifier` and `release`, but not `post-deployment-tests` or `validate-release`. */
const looksLikeDeployment =
  /(^|[^a-z])(deploy|rollout|promote)([^a-z]|$)|^(release|publish)([^a-z]|$)/i;

/**
 * The deployments that a trace amounts to. Skipped jobs make none.
 *
 * @param context.parent - the run that started this one, if known
 * @param context.former - what this trace amounted to before
 */
export function deriveDeployments(
  trace: Trace,
  services: readonly ServiceMapping[],
  context: { parent?: RunFact; former?: readonly FormerDeployment[] } = {},
): DerivedTrace {
  const { parent, former = [] } = context;
  const unmapped: DerivedTrace['unmapped'] = [];
  const recorded = Object.values(trace.deployments);

  const fromJobs = Object.values(trace.jobs).flatMap(job => {
    const own = recorded.find(({ base }) => base.jobId === job.jobId);
    const status = jobStatus(job, trace, own);
    if (!status || isCarriedOver(job, trace)) {
      return [];
    }
    const mapped = jobTargets(job, trace, own, services);
    const targets =
      mapped.length > 0 ? mapped : formerTargets(jobSource(job), former);
    if (targets.length === 0 && looksLikeDeployment.test(job.name)) {
      unmapped.push({ kind: 'job', name: job.name });
    }
    return targets.map(target =>
      deploymentOfJob(
        job,
        status === 'succeeded' && isReplaced(own, target, services)
          ? 'superseded'
          : status,
        target,
        trace,
        parent,
      ),
    );
  });

  const fromRecords = recorded
    .filter(({ base }) => !isToldByJob(base, trace))
    .flatMap(deployment => {
      const mapped = mapDeployment(deployment.base, [], services);
      const targets =
        mapped.length > 0
          ? mapped
          : formerTargets(recordSource(deployment.base), former);
      // One that a run made will be mapped by its job.
      if (targets.length === 0 && !deployment.base.runId) {
        unmapped.push({
          kind: 'deployment',
          name: deployment.base.environment,
        });
      }
      return targets.map(target =>
        deploymentOfRecord(
          deployment,
          target,
          isReplaced(deployment, target, services),
        ),
      );
    });

  const deployments = [...fromJobs, ...fromRecords].map(deployment => ({
    ...deployment,
    askedFirst: isAmong(Object.keys(trace.protections), deployment, services),
    reviewedFirst: isAmong(
      Object.keys(trace.reviews ?? {}),
      deployment,
      services,
    ),
  }));
  return { deployments, unmapped };
}

function isAmong(
  environments: readonly string[],
  deployment: Pick<DerivedDeployment, 'serviceId' | 'environment'>,
  services: readonly ServiceMapping[],
): boolean {
  const key = services.find(
    service => service.serviceId === deployment.serviceId,
  )?.serviceKey;
  return environments.some(
    environment =>
      environment === deployment.environment ||
      (key && withoutKey(environment, key) === deployment.environment),
  );
}

/** A target, with the commit it was known to bring if it is no longer mapped. */
type Target = MappedTarget & { formerCommit?: string };

function formerTargets(
  source: string,
  former: readonly FormerDeployment[],
): Target[] {
  return former
    .filter(deployment => deployment.source === source)
    .map(({ serviceId, environment, commit }) => ({
      serviceId,
      environment,
      commit: 'run',
      formerCommit: commit,
    }));
}

function jobSource(job: JobFact): string {
  return `github:${job.repository}:${job.runId}:${job.attempt}:${job.jobId}`;
}

/** Whether the events of a job say all that a recorded deployment could. */
function isToldByJob(base: DeploymentFact, trace: Trace): boolean {
  if (base.jobId) {
    return Object.hasOwn(trace.jobs, base.jobId);
  }
  // The first event of a deployment that a run makes does not name the job yet.
  return base.runId !== undefined && Object.keys(trace.jobs).length > 0;
}

/**
 * Whether GitHub says that a deployment was replaced. GitHub knows environments but not services:
 * where several services share an environment, each of their deployments makes the others inactive.
 */
function isReplaced(
  deployment: DeploymentTrace | undefined,
  target: MappedTarget,
  services: readonly ServiceMapping[],
): boolean {
  if (!deployment?.inactive) {
    return false;
  }
  const sharers = services.filter(service =>
    service.environments.some(
      environment => environment.name === deployment.base.environment,
    ),
  );
  return sharers.every(service => service.serviceId === target.serviceId);
}

function jobStatus(
  job: JobFact,
  trace: Trace,
  own: DeploymentTrace | undefined,
): DeploymentStatus | undefined {
  if (job.status === 'completed') {
    return conclusionStatus[job.conclusion ?? 'stale'];
  }
  // A cancelled run does not always report each of its jobs.
  if (trace.runs[job.attempt]?.conclusion === 'cancelled') {
    return 'cancelled';
  }
  return job.status === 'queued' && own?.progress?.state === 'waiting'
    ? 'waiting'
    : job.status;
}

/**
 * Whether a job only stands in a later attempt because that attempt ran others again: GitHub lists
 * the untouched jobs anew, under new ids but with their old times.
 */
function isCarriedOver(job: JobFact, trace: Trace): boolean {
  return Object.values(trace.jobs).some(
    other =>
      other.attempt < job.attempt &&
      other.name === job.name &&
      other.status === 'completed' &&
      other.startedAt === job.startedAt &&
      other.finishedAt === job.finishedAt,
  );
}

function jobTargets(
  job: JobFact,
  trace: Trace,
  own: DeploymentTrace | undefined,
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
  return own ? mapDeployment(own.base, targets, services) : targets;
}

function deploymentOfJob(
  job: JobFact,
  status: DeploymentStatus,
  target: Target,
  trace: Trace,
  parent: RunFact | undefined,
): Omit<DerivedDeployment, 'askedFirst' | 'reviewedFirst'> {
  const run = runOf(job, trace);
  const ref = run?.ref ?? job.ref;
  // GitHub titles a run that another run started after its workflow, not after what it brings.
  const origin = target.commit === 'triggering-run' ? parent ?? run : run;
  return {
    source: jobSource(job),
    serviceId: target.serviceId,
    environment: target.environment,
    status,
    commit: target.formerCommit ?? origin?.commit ?? job.commit,
    version: versionOf(ref),
    ref,
    actor: run?.actor ?? job.actor,
    title: origin?.title,
    createdAt: job.createdAt,
    startedAt:
      status === 'queued' || status === 'waiting' ? undefined : job.startedAt,
    finishedAt: isUnfinished(status)
      ? undefined
      : job.finishedAt ??
        trace.runs[job.attempt]?.updatedAt ??
        job.startedAt ??
        job.createdAt,
    url: job.url ?? run?.url,
    jobName: job.name,
    runId: job.runId,
    attempt: job.attempt,
    guessed: target.guessed ?? false,
  };
}

function deploymentOfRecord(
  { base, progress, outcome, inactive }: DeploymentTrace,
  target: MappedTarget,
  replaced: boolean,
): Omit<DerivedDeployment, 'askedFirst' | 'reviewedFirst'> {
  return {
    source: recordSource(base),
    serviceId: target.serviceId,
    environment: target.environment,
    status: recordStatus(progress, outcome ?? inactive, replaced),
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
    guessed: target.guessed ?? false,
  };
}

function recordSource(base: DeploymentFact): string {
  return base.runId && base.jobId && base.attempt
    ? `github:${base.repository}:${base.runId}:${base.attempt}:${base.jobId}`
    : `github-deployment:${base.deploymentId}`;
}

function recordStatus(
  progress: DeploymentTrace['progress'],
  end: DeploymentTrace['outcome'],
  replaced: boolean,
): DeploymentStatus {
  switch (end?.state) {
    case 'failure':
      return 'failed';
    case 'error':
      return 'errored';
    case undefined:
      return progress?.state === 'in_progress' || progress?.state === 'waiting'
        ? progress.state
        : 'queued';
    default:
      // `success`, or `inactive`, which only what worked becomes.
      return replaced ? 'superseded' : 'succeeded';
  }
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
