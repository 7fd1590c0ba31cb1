import { JobFact } from '@vvp/backstage-plugin-deploy-node';
import { Trace } from '../fold/trace';
import { attemptOf, newestRun } from '../workflows/traceRuns';
import { denotedBy, isLaxer, isNameOf, isSame, Place } from './denoted';
import { Concern, Dispatch, ProtectionCallback } from './types';

/** A job, and where it would deploy to. */
export interface DeployingJob extends Place {
  jobId: string;
  /** Name of the job. */
  name: string;
  /** Which it brings. */
  commit: string;
}

/** A run, and the places that its repository declares. */
export interface RunAtPlaces {
  trace: Trace;
  /** Those of the latest attempt that deploy something. */
  jobs: readonly DeployingJob[];
  places: readonly Place[];
  /** What the portal started it for, see {@link AskedQuestion.dispatch}. */
  dispatch?: Dispatch | 'unsure';
}

/** What an answer lets in. */
export interface Concerned {
  concerns: Concern[];
  /** Why no answer may be given, for people: a job waits where it does not belong. */
  misplaced?: string;
}

/**
 * The services that an answer lets in: those of every job that waits at the environment, and those that the
 * environment belongs to by its name. GitHub's answer does not name a job, and a job may name any environment:
 * what it is let into is what GitHub's environment gives it, wherever `deploy.yaml` says that it goes.
 */
export function concerned(
  question: Pick<ProtectionCallback, 'environment'>,
  run: RunAtPlaces,
): Concerned {
  const { environment } = question;
  const here = waitingJobsOf(run.trace).filter(job =>
    isAt(environment, job.jobId, run),
  );
  return concernedAt(environment, here, run);
}

/** The services of the jobs that callbacks were about, whether those still wait or not. */
export function concernedBy(
  callbacks: readonly Pick<
    ProtectionCallback,
    'environment' | 'deploymentId'
  >[],
  run: RunAtPlaces,
): Concern[] {
  const { trace } = run;
  const attempt = attemptOf(trace);
  return unique(
    callbacks.flatMap(({ environment, deploymentId }) => {
      const own = Object.hasOwn(trace.deployments, deploymentId)
        ? trace.deployments[deploymentId].base.jobId
        : undefined;
      const here = Object.values(trace.jobs).filter(job =>
        own
          ? own === job.jobId
          : job.attempt === attempt && isAt(environment, job.jobId, run),
      );
      return concernedAt(environment, here, run).concerns;
    }),
  );
}

function concernedAt(
  environment: string,
  here: readonly JobFact[],
  { jobs, places, trace, dispatch }: RunAtPlaces,
): Concerned {
  if (here.length === 0) {
    return { concerns: [] };
  }
  const ids = new Set(here.map(job => job.jobId));
  const deploying = jobs.filter(job => ids.has(job.jobId));
  const unclaimed = here.filter(
    ({ jobId }) => !deploying.some(job => job.jobId === jobId),
  );
  const { own, plain } = denotedBy(environment, places);
  const strangers = deploying.filter(
    job =>
      !isNameOf(environment, job) || plain.some(place => isLaxer(job, place)),
  );
  const isPlainOfOne =
    plain.length === 1 &&
    (unclaimed.length > 0 ||
      deploying.some(job => !isNameOf(environment, job)));
  const owners = isPlainOfOne ? [...own, ...plain] : own;
  const head = newestRun(trace)?.commit ?? here[0].commit;
  const commitAt = ({ environmentId }: Place) =>
    typeof dispatch === 'object' && dispatch.environmentId === environmentId
      ? dispatch.commit
      : head;
  const missing = owners.filter(
    ({ environmentId }) =>
      !deploying.some(job => job.environmentId === environmentId),
  );
  const concerns = unique([
    ...deploying.map(toConcern),
    ...missing.map(place => toConcern({ ...place, commit: commitAt(place) })),
  ]);
  // What no rule is known for goes by those of the one service that is here; of several, nobody knows whose.
  const isAnybodys = owners.length === 0 || plain.length > 1;
  if (strangers.length > 0 && isAnybodys) {
    return { concerns, misplaced: misplacedBy(environment, strangers[0]) };
  }
  return unclaimed.length > 0 && isAnybodys
    ? { concerns, misplaced: unclaimedBy(environment, unclaimed[0]) }
    : { concerns };
}

function unclaimedBy(environment: string, { name }: JobFact): string {
  return `The job ${name} waits at ${environment} and is mapped to no service, so that nobody knows whose rules it goes by, and nobody is let in there. Map it in deploy.yaml (jobs of the environment of its service, as "job: ${name}"), or let it name an environment of its own in the workflow.`;
}

function misplacedBy(environment: string, job: DeployingJob): string {
  const [key] = job.serviceKeys;
  const expected = [job.environment, key && `${job.environment}-${key}`]
    .filter(Boolean)
    .join(' or ');
  return `The job ${job.name} goes to ${job.environment} (${job.tier}) by its mapping but asks at ${environment}, so that nobody is let in there. Let the job name the environment ${expected} in its workflow, or map it in deploy.yaml to the environment that it asks at.`;
}

function toConcern({
  serviceId,
  environmentId,
  environment,
  commit,
}: Concern): Concern {
  return { serviceId, environmentId, environment, commit };
}

function unique(concerns: readonly Concern[]): Concern[] {
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
          deploymentsOf(job.jobId, trace).some(
            ({ progress }) => progress?.state === 'waiting',
          ))),
  );
}

/** Whether anything told at which of GitHub's environments a job is. */
export function isPlaced(
  jobId: string,
  trace: Pick<Trace, 'deployments'>,
): boolean {
  return deploymentsOf(jobId, trace).length > 0;
}

function deploymentsOf(jobId: string, trace: Pick<Trace, 'deployments'>) {
  return Object.values(trace.deployments).filter(
    ({ base }) => base.jobId === jobId,
  );
}

function isAt(environment: string, jobId: string, run: RunAtPlaces): boolean {
  const told = deploymentsOf(jobId, run.trace);
  if (told.length > 0) {
    // Any of them: whoever may write deployments may record one more of the same job, elsewhere.
    return told.some(({ base }) => isSame(base.environment, environment));
  }
  // GitHub has not said yet where it waits; the names have to do.
  return run.jobs.some(
    job => job.jobId === jobId && isNameOf(environment, job),
  );
}
