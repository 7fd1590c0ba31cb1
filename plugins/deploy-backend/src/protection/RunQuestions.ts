import { EnvironmentTier } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { emptyTrace, Trace } from '../fold/trace';
import { serviceInSpec } from '../spec/serviceInSpec';
import { ServiceStore } from '../store/ServiceStore';
import { SpecStore } from '../store/SpecStore';
import { attemptOf, jobsOf, newestRun } from '../workflows/traceRuns';
import { CallbackClaim } from './CallbackStore';
import {
  concerned,
  concernedBy,
  isPlaced,
  RunAtPlaces,
  waitingJobsOf,
} from './concerned';
import { denotedBy, Place } from './denoted';
import { loadDispatch } from './dispatchOf';
import { AskedQuestion, Concern } from './types';

/** A run as far as it is known. */
export type KnownRun = RunAtPlaces;

/** Reads what the tables know of runs that wait. */
export class RunQuestions {
  readonly #knex: Knex;
  readonly #services: ServiceStore;
  readonly #specs: SpecStore;

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#services = new ServiceStore(knex);
    this.#specs = new SpecStore(knex);
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
    const keys = await this.#keysOf(repository);
    const dispatch = await loadDispatch(this.#knex, {
      repository,
      runId,
      run: newestRun(trace),
    });
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
          environment_id: string;
          environment: string;
          tier: EnvironmentTier;
          commit_sha: string;
        }[]
      >(
        'deployments.source',
        'deployments.service_id',
        'deployments.environment_id',
        'environments.name as environment',
        'environments.tier',
        'releases.commit_sha',
      );
    return {
      trace,
      jobs: rows.map(one => ({
        jobId: jobs.get(one.source)!.jobId,
        name: jobs.get(one.source)!.name,
        serviceKeys: keys.get(one.service_id) ?? [],
        serviceId: one.service_id,
        environmentId: one.environment_id,
        environment: one.environment,
        tier: one.tier,
        commit:
          // Its events may have been folded before it was known what it was started for.
          typeof dispatch === 'object' &&
          dispatch.environmentId === one.environment_id
            ? dispatch.commit
            : one.commit_sha,
      })),
      places: await this.#placesOf(keys),
      ...(dispatch && { dispatch }),
    };
  }

  /** What the services of a repository are called there, by service. */
  async #keysOf(repository: string): Promise<Map<string, string[]>> {
    const services = await this.#services.listByRepository(repository);
    const specs = await this.#specs.ofRepository(repository);
    return new Map(
      services
        .filter(service => !service.removed)
        .map(service => {
          const stored = service.specUrl
            ? specs.get(service.specUrl)
            : undefined;
          const { spec } = serviceInSpec(service, stored);
          const names = [spec?.key ?? '', service.serviceKey];
          return [service.id, [...new Set(names)].filter(Boolean)];
        }),
    );
  }

  /** Where services are declared to go; what only events named may have been named by anybody. */
  async #placesOf(keys: ReadonlyMap<string, string[]>): Promise<Place[]> {
    const rows = await this.#knex('environments')
      .whereIn('service_id', [...keys.keys()])
      .where({ declared: true })
      .orderBy(['service_id', 'position'])
      .select<
        {
          id: string;
          service_id: string;
          name: string;
          tier: EnvironmentTier;
        }[]
      >('id', 'service_id', 'name', 'tier');
    return rows.map(row => ({
      serviceId: row.service_id,
      serviceKeys: keys.get(row.service_id) ?? [],
      environmentId: row.id,
      environment: row.name,
      tier: row.tier,
    }));
  }
}

/**
 * What a run asks at an environment, by what is known of the run.
 *
 * `misplaced`: why it may not be answered, for people.
 */
export function toQuestion(
  claim: CallbackClaim,
  run: KnownRun,
): { question: AskedQuestion; misplaced?: string } {
  const { concerns, misplaced } = concerned(claim, run);
  return { question: questionOf(claim, run, concerns), misplaced };
}

/** The question as it was, once nobody waits any more. */
export function toFormerQuestion(
  claim: CallbackClaim,
  run: KnownRun,
): AskedQuestion {
  return questionOf(claim, run, concernedBy(claim.callbacks, run));
}

function questionOf(
  claim: CallbackClaim,
  { trace, dispatch }: KnownRun,
  concerns: Concern[],
): AskedQuestion {
  const [first] = claim.callbacks;
  const creatorLogin = newestRun(trace)?.actor ?? first.creator;
  return {
    callbackId: first.id,
    askedAt: claim.callbacks
      .map(one => one.askedAt)
      .reduce((left, right) => (left > right ? left : right)),
    repository: claim.repository,
    runId: claim.runId,
    attempt: attemptOf(trace),
    environment: claim.environment,
    ...(first.commit && { commit: first.commit }),
    ...(first.ref && { ref: first.ref }),
    ...(creatorLogin && { creatorLogin }),
    ...(dispatch && { dispatch }),
    concerns,
  };
}

/**
 * The places that a run waits for at its environments of GitHub's: by their names, and by where its jobs are
 * mapped to.
 */
export function waitedFor(
  run: KnownRun,
): { environment: string; places: Place[] }[] {
  const waiting = new Set(waitingJobsOf(run.trace).map(job => job.jobId));
  return Object.values(run.trace.deployments)
    .filter(({ base }) => base.jobId && waiting.has(base.jobId))
    .map(({ base: { environment, jobId } }) => {
      const { own, plain } = denotedBy(environment, run.places);
      const mapped = run.jobs.filter(job => job.jobId === jobId);
      return { environment, places: [...own, ...plain, ...mapped] };
    });
}

/** Whether the events say of every job that waits at which of GitHub's environments it does. */
export function isPlain({ trace }: KnownRun): boolean {
  return waitingJobsOf(trace).every(job => isPlaced(job.jobId, trace));
}
