import { GithubAccess } from '../../../workflows/RepositoryClient';
import { Answer } from '../../../protection/types';
import {
  deploymentOf,
  FakeJob,
  FakeRun,
  PRODUCTION,
  REPOSITORY,
  ServiceKey,
  toJob,
  toRun,
} from './githubPayloads';
import { Process, Turns } from './Turns';

/** `lost`: it does what it is told, and its answer gets lost. */
export type Mood = 'well' | 'down' | 'lost' | 'denies';

/** A decision of the portal's that GitHub took. */
export interface Told {
  run: FakeRun;
  state: Answer;
  jobs: readonly FakeJob[];
}

export interface Webhook {
  topic: string;
  payload: object;
}

/** GitHub in memory: runs whose production jobs wait for a protection rule. Its webhooks wait to be delivered. */
export class FakeGithub {
  readonly runs = new Map<number, FakeRun>();
  readonly outbox: Webhook[] = [];
  /** Webhooks that did not arrive. */
  readonly lost: Webhook[] = [];
  readonly told: Told[] = [];
  /** What nobody may do to it. */
  readonly violations: string[] = [];
  mood: Mood = 'well';
  readonly #reviews: {
    run: number;
    state: string;
    comment: string;
    login: string;
  }[] = [];
  readonly #now: () => Date;
  #lastId = 100;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get time(): string {
    return this.#now().toISOString();
  }

  jobs(): FakeJob[] {
    return [...this.runs.values()].flatMap(run => run.jobs);
  }

  /** Production jobs that wait. */
  waiting(run?: FakeRun): FakeJob[] {
    return (run ? run.jobs : this.jobs()).filter(
      job => job.isProduction && job.status === 'waiting' && this.#isNow(job),
    );
  }

  start(options: {
    commit: string;
    starter: string;
    services: readonly ServiceKey[];
  }): FakeRun {
    const run: FakeRun = {
      id: this.#id(),
      attempt: 0,
      status: 'in_progress',
      createdAt: this.time,
      updatedAt: this.time,
      jobs: [],
      ...options,
    };
    this.runs.set(run.id, run);
    this.again(run);
    return run;
  }

  /** Begins an attempt. */
  again(run: FakeRun): void {
    run.attempt += 1;
    run.status = 'in_progress';
    delete run.conclusion;
    run.updatedAt = this.time;
    this.#send('workflow_run', toRun(run));
    for (const service of run.services) {
      for (const isProduction of [false, true]) {
        const job: FakeJob = {
          id: this.#id(),
          runId: run.id,
          attempt: run.attempt,
          service,
          isProduction,
          status: isProduction ? 'waiting' : 'in_progress',
          createdAt: this.time,
          deploymentId: this.#id(),
          statuses: [],
        };
        run.jobs.push(job);
        this.#send('workflow_job', toJob(run, job));
        if (isProduction) {
          this.#status(run, job, 'waiting');
          this.#send('deployment_protection_rule', {
            action: 'requested',
            environment: PRODUCTION,
            event: 'push',
            deployment_callback_url: `https://api.github.example.test/repos/${REPOSITORY}/actions/runs/${run.id}/deployment_protection_rule`,
            deployment: deploymentOf(run, job),
          });
        }
      }
    }
  }

  /** A job goes on one step. */
  work(job: FakeJob, conclusion: 'success' | 'failure'): void {
    const run = this.runs.get(job.runId)!;
    if (job.status === 'queued') {
      this.#begin(run, job);
    } else if (job.status === 'in_progress') {
      this.#end(run, job, conclusion);
    }
  }

  /** Somebody reviews what waits, past the portal. */
  review(run: FakeRun, state: Answer, login: string): void {
    const jobs = this.waiting(run);
    if (jobs.length > 0) {
      this.#reviews.push({ run: run.id, state, comment: '', login });
    }
    for (const job of jobs) {
      job.decidedBy = 'somebody';
      if (state === 'approved') {
        this.#begin(run, job);
      } else {
        this.#end(run, job, 'failure');
      }
    }
  }

  cancel(run: FakeRun): void {
    for (const job of run.jobs.filter(one => one.status !== 'completed')) {
      job.decidedBy ??= 'somebody';
      this.#end(run, job, 'cancelled');
    }
  }

  /** What the portal has of it. */
  accessOf(
    turns: Turns,
    process: Process,
    services: GithubAccess['services'],
  ): GithubAccess {
    const ask =
      <TRequest extends object>(
        answer: (run: FakeRun, request: TRequest) => unknown,
      ) =>
      (request: TRequest) =>
        turns.through(process, () => this.#answer(answer, request));
    const listJobs = (run: FakeRun) =>
      run.jobs
        .filter(job => job.attempt === run.attempt)
        .map(job => toJob(run, job).workflow_job);
    const client = {
      request: (_route: string, told: { comment: string; state?: Answer }) =>
        turns.through(process, () =>
          this.#answer((run, each) => this.#take(run, each), told),
        ),
      paginate: async (
        list: (request: object) => Promise<{ data: unknown }>,
        request: object,
      ) => (await list(request)).data,
      rest: {
        repos: {
          get: ask(() => ({})),
          listDeployments: async ({ sha }: { sha: string }) => ({
            data: await turns.through(process, () => {
              this.#refuse();
              return [...this.runs.values()]
                .filter(run => run.commit === sha)
                .flatMap(run =>
                  run.jobs
                    .filter(job => job.isProduction)
                    .map(job => deploymentOf(run, job)),
                )
                .reverse();
            }),
          }),
          listDeploymentStatuses: async (request: {
            deployment_id: number;
          }) => ({
            data: await turns.through(process, () => {
              this.#refuse();
              return this.jobs().find(
                job => job.deploymentId === request.deployment_id,
              )!.statuses;
            }),
          }),
        },
        actions: {
          getWorkflowRun: ask(run => toRun(run).workflow_run),
          listJobsForWorkflowRun: ask(listJobs),
          getReviewsForRun: ask(run =>
            this.#reviews
              .filter(review => review.run === run.id)
              .map(({ login, state, comment }) => ({
                state,
                comment,
                user: { login },
                environments: [{ name: PRODUCTION }],
              })),
          ),
          getPendingDeploymentsForRun: ask(run =>
            this.waiting(run).length > 0
              ? [{ environment: { name: PRODUCTION } }]
              : [],
          ),
        },
      },
    };
    return {
      services,
      github: { forUrl: async () => client as never },
    };
  }

  #answer<TRequest extends object>(
    answer: (run: FakeRun, request: TRequest) => unknown,
    request: TRequest,
  ): { data: unknown } {
    this.#refuse();
    const id = (request as { run_id?: number }).run_id;
    const run = this.runs.get(id ?? [...this.runs.keys()][0])!;
    return { data: answer(run, request) };
  }

  #refuse(): void {
    if (this.mood === 'down') {
      throw Object.assign(new Error('Bad gateway'), { status: 502 });
    }
  }

  /** Of the portal's. */
  #take(run: FakeRun, told: { comment: string; state?: Answer }): void {
    if (this.mood === 'denies') {
      throw Object.assign(new Error('Forbidden'), { status: 403 });
    }
    const jobs = this.waiting(run);
    if (told.state && jobs.length === 0) {
      const before = run.jobs.filter(
        job => job.isProduction && this.#isNow(job),
      );
      if (before.every(job => job.decidedBy === 'portal')) {
        this.violations.push(`Run ${run.id} was given a second decision.`);
      }
    }
    if (jobs.length === 0) {
      throw Object.assign(new Error('Nobody waits'), { status: 422 });
    }
    if (told.state) {
      const { state, comment } = told;
      this.#reviews.push({ run: run.id, state, comment, login: 'portal' });
      this.told.push({ run, state, jobs });
      for (const job of jobs) {
        job.decidedBy = 'portal';
        if (state === 'approved') {
          job.status = 'queued';
          this.#send('workflow_job', toJob(run, job));
        } else {
          this.#end(run, job, 'failure');
        }
      }
    }
    if (this.mood === 'lost') {
      throw new Error('The connection broke');
    }
  }

  #begin(run: FakeRun, job: FakeJob): void {
    job.status = 'in_progress';
    job.startedAt = this.time;
    this.#send('workflow_job', toJob(run, job));
    this.#status(run, job, 'in_progress');
  }

  #end(run: FakeRun, job: FakeJob, conclusion: string): void {
    const hasRun = job.status === 'in_progress';
    job.status = 'completed';
    job.conclusion = conclusion;
    job.startedAt ??= this.time;
    job.finishedAt = this.time;
    this.#send('workflow_job', toJob(run, job));
    if (hasRun && job.isProduction && conclusion !== 'cancelled') {
      this.#status(run, job, conclusion);
    }
    if (run.jobs.every(one => one.status === 'completed')) {
      const own = run.jobs.filter(one => one.attempt === run.attempt);
      run.status = 'completed';
      run.conclusion =
        ['cancelled', 'failure'].find(one =>
          own.some(each => each.conclusion === one),
        ) ?? 'success';
      run.updatedAt = this.time;
      this.#send('workflow_run', toRun(run));
    }
  }

  #status(run: FakeRun, job: FakeJob, state: string): void {
    const status = {
      id: this.#id(),
      state,
      environment: PRODUCTION,
      created_at: this.time,
      performed_via_github_app: { slug: 'github-actions' },
      log_url: `https://github.example.test/${REPOSITORY}/actions/runs/${run.id}/job/${job.id}`,
    };
    job.statuses.push(status);
    this.#send('deployment_status', {
      deployment: deploymentOf(run, job),
      deployment_status: status,
      check_run: { id: job.id },
      workflow_run: { id: run.id, run_attempt: job.attempt },
    });
  }

  #isNow(job: FakeJob): boolean {
    return job.attempt === this.runs.get(job.runId)!.attempt;
  }

  #send(event: string, payload: object): void {
    this.outbox.push({
      topic: `github.${event}`,
      payload: structuredClone({
        repository: { full_name: REPOSITORY },
        ...payload,
      }),
    });
  }

  #id(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
