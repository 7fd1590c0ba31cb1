import { JobFact } from '@vvp/backstage-plugin-deploy-node';
import { Trace } from '../fold/trace';
import { withoutKey } from '../mapping/mapDeployment';
import { attemptOf } from '../workflows/traceRuns';
import { Concern, ProtectionCallback } from './types';

/** A job, and where it would deploy to. */
export interface DeployingJob extends Concern {
  jobId: string;
  /** Key of the service in its repository's `deploy.yaml`. */
  serviceKey: string;
}

/**
 * The services that an answer lets in: those of every job that waits at the environment. GitHub's answer does
 * not name a job.
 */
export function concerned(
  question: Pick<ProtectionCallback, 'environment'>,
  jobs: readonly DeployingJob[],
  trace: Trace,
): Concern[] {
  const waiting = new Set(waitingJobsOf(trace).map(job => job.jobId));
  return concernsOf(
    jobs.filter(
      job => waiting.has(job.jobId) && isAt(question.environment, job, trace),
    ),
  );
}

/** The services of the jobs that callbacks were about, whether those still wait or not. */
export function concernedBy(
  callbacks: readonly Pick<
    ProtectionCallback,
    'environment' | 'deploymentId'
  >[],
  jobs: readonly DeployingJob[],
  trace: Pick<Trace, 'deployments'>,
): Concern[] {
  return concernsOf(
    jobs.filter(job =>
      callbacks.some(({ environment, deploymentId }) => {
        const own = Object.hasOwn(trace.deployments, deploymentId)
          ? trace.deployments[deploymentId].base.jobId
          : undefined;
        return own ? own === job.jobId : isAt(environment, job, trace);
      }),
    ),
  );
}

function concernsOf(jobs: readonly DeployingJob[]): Concern[] {
  const concerns = jobs.map(
    ({ serviceId, environmentId, environment, commit }) => ({
      serviceId,
      environmentId,
      environment,
      commit,
    }),
  );
  return concerns.filter(
    (concern, index) =>
      concerns.findIndex(
        other =>
          other.environmentId === concern.environmentId &&
          other.commit === concern.commit,
      ) === index,
  );
}

/** The jobs of a run's latest attempt that wait. */
export function waitingJobsOf(trace: Trace): JobFact[] {
  const attempt = attemptOf(trace);
  return Object.values(trace.jobs).filter(
    job =>
      job.attempt === attempt &&
      (job.status === 'waiting' ||
        (job.status === 'queued' &&
          deploymentOf(job.jobId, trace)?.progress?.state === 'waiting')),
  );
}

/** GitHub's environment that a job has; undefined as long as nothing told of it. */
export function environmentOfJob(
  jobId: string,
  trace: Pick<Trace, 'deployments'>,
): string | undefined {
  return deploymentOf(jobId, trace)?.base.environment;
}

function deploymentOf(jobId: string, trace: Pick<Trace, 'deployments'>) {
  return Object.values(trace.deployments).find(
    ({ base }) => base.jobId === jobId,
  );
}

function isAt(
  environment: string,
  job: DeployingJob,
  trace: Pick<Trace, 'deployments'>,
): boolean {
  const told = environmentOfJob(job.jobId, trace);
  if (told !== undefined) {
    return isSame(told, environment);
  }
  // GitHub has not said yet where it waits; the names have to do.
  return (
    isSame(environment, job.environment) ||
    isSame(withoutKey(environment, job.serviceKey) ?? '', job.environment)
  );
}

/** GitHub ignores the case of environments' names. */
export function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
