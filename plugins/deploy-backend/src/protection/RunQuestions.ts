import { Knex } from 'knex';
import { emptyTrace, Trace } from '../fold/trace';
import { jobsOf, newestRun } from '../workflows/traceRuns';
import { CallbackClaim } from './CallbackStore';
import {
  concerned,
  concernedBy,
  DeployingJob,
  environmentOfJob,
  waitingJobsOf,
} from './concerned';
import { AskedQuestion, Concern } from './types';

/** A run as far as it is known. */
export interface KnownRun {
  trace: Trace;
  /** Those of the latest attempt that deploy something. */
  jobs: DeployingJob[];
}

/** Reads what the tables know of runs that wait. */
export class RunQuestions {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async load(repository: string, runId: string): Promise<KnownRun> {
    const key = `${repository}:run:${runId}`;
    const row = await this.#knex('traces').where({ key }).first('state');
    const trace: Trace = row ? JSON.parse(row.state) : emptyTrace;
    const jobs = new Map(
      jobsOf(trace).map(job => [
        `github:${repository}:${runId}:${job.attempt}:${job.jobId}`,
        job,
      ]),
    );
    const rows = await this.#knex('deployments')
      .join('environments', 'environments.id', 'deployments.environment_id')
      .join('services', 'services.id', 'deployments.service_id')
      .join('releases', 'releases.id', 'deployments.release_id')
      .where('deployments.trace_key', key)
      .whereNull('services.removed_at')
      .whereIn('deployments.source', [...jobs.keys()])
      .orderBy(['services.entity_ref', 'environments.name'])
      .select<
        {
          source: string;
          service_id: string;
          service_key: string;
          environment_id: string;
          environment: string;
          commit_sha: string;
        }[]
      >(
        'deployments.source',
        'deployments.service_id',
        'services.service_key',
        'deployments.environment_id',
        'environments.name as environment',
        'releases.commit_sha',
      );
    return {
      trace,
      jobs: rows.map(one => ({
        jobId: jobs.get(one.source)!.jobId,
        serviceKey: one.service_key,
        serviceId: one.service_id,
        environmentId: one.environment_id,
        environment: one.environment,
        commit: one.commit_sha,
      })),
    };
  }
}

/** What a run asks at an environment, by what is known of the run. */
export function toQuestion(claim: CallbackClaim, run: KnownRun): AskedQuestion {
  return questionOf(claim, run, concerned(claim, run.jobs, run.trace));
}

/** The question as it was, once nobody waits any more. */
export function toFormerQuestion(
  claim: CallbackClaim,
  run: KnownRun,
): AskedQuestion {
  return questionOf(
    claim,
    run,
    concernedBy(claim.callbacks, run.jobs, run.trace),
  );
}

function questionOf(
  claim: CallbackClaim,
  { trace }: KnownRun,
  concerns: Concern[],
): AskedQuestion {
  const [first] = claim.callbacks;
  const creatorLogin = newestRun(trace)?.actor ?? first.creator;
  return {
    callbackId: first.id,
    repository: claim.repository,
    runId: claim.runId,
    environment: claim.environment,
    ...(first.commit && { commit: first.commit }),
    ...(first.ref && { ref: first.ref }),
    ...(creatorLogin && { creatorLogin }),
    concerns,
  };
}

/** Whether the events say of every job that waits at which of GitHub's environments it does. */
export function isPlain({ trace }: KnownRun): boolean {
  return waitingJobsOf(trace).every(
    job => environmentOfJob(job.jobId, trace) !== undefined,
  );
}
