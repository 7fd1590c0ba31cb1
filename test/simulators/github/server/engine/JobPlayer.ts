import type { JsonObject } from '../json';
import { hashedNumber } from '../state/Ids';
import { SECOND } from '../state/time';
import type {
  Conclusion,
  Environment,
  RunAttempt,
  WorkflowJob,
} from '../state/model';
import type { World } from '../state/World';
import { addStatus, createDeployment } from './deployments';
import { outcomeOf } from './outcomes';
import { emitReview } from './reviews';
import { emitJob, emitProtectionRule } from './runEvents';
import { beginSteps, finishSteps } from './steps';

interface JobCallbacks {
  onStarted: () => Promise<void>;
  /** Calls `go` as soon as nothing holds the job back. */
  admit: (job: WorkflowJob, go: () => void) => Promise<void>;
  onCompleted: (job: WorkflowJob) => Promise<void>;
  environmentUrl: (job: WorkflowJob) => string;
  steps: (job: WorkflowJob) => JsonObject[];
  mayAskForTokens: (definitionId: string) => boolean;
}

/** Takes single jobs through queued, waiting, in progress and completed. */
export class JobPlayer {
  readonly #world: World;
  readonly #callbacks: JobCallbacks;

  constructor(world: World, callbacks: JobCallbacks) {
    this.#world = world;
    this.#callbacks = callbacks;
  }

  create(attempt: RunAttempt, definitionId: string, name: string): WorkflowJob {
    const job: WorkflowJob = {
      id: attempt.run.ids.next(),
      attempt,
      definitionId,
      name,
      mayAskForTokens: this.#callbacks.mayAskForTokens(definitionId),
      status: 'queued',
      conclusion: undefined,
      createdAt: this.#world.now,
      startedAt: this.#world.now,
      completedAt: undefined,
      labels: [],
      runner: undefined,
      steps: [],
      outputs: {},
      environment: undefined,
      deployment: undefined,
      pendingRules: [],
      pendingReview: false,
    };
    attempt.jobs.push(job);
    return job;
  }

  async queue(
    job: WorkflowJob,
    environment: { name: string; makesDeployment: boolean } | undefined,
  ): Promise<void> {
    if (environment) await this.#enter(job, environment);
    if (job.status === 'waiting') return;
    emitJob(this.#world, job, 'queued');
    await this.#scheduleStart(job);
  }

  /** One rule or review less; the last one lets the job go. */
  async approved(job: WorkflowJob): Promise<void> {
    if (job.status !== 'waiting') return;
    if (job.pendingRules.length > 0 || job.pendingReview) return;
    job.status = 'queued';
    job.attempt.status = 'in_progress';
    await this.#status(job, 'queued');
    emitJob(this.#world, job, 'queued');
    await this.#scheduleStart(job);
  }

  async complete(job: WorkflowJob, conclusion: Conclusion): Promise<void> {
    if (job.status === 'completed') return;
    job.status = 'completed';
    job.conclusion = conclusion;
    job.completedAt = this.#world.now;
    job.pendingRules = [];
    job.pendingReview = false;
    finishSteps(job, conclusion);
    emitJob(this.#world, job, 'completed');
    await this.#world.onJobCompleted(job);
    // GitHub has no state for a cancelled job's deployment: it says `failure`.
    await this.#status(job, conclusion === 'success' ? 'success' : 'failure');
    await this.#callbacks.onCompleted(job);
  }

  async #enter(
    job: WorkflowJob,
    entered: { name: string; makesDeployment: boolean },
  ): Promise<void> {
    const { run } = job.attempt;
    const environment = this.#world.environment(run.repository, entered.name);
    job.environment = { name: environment.name, url: undefined };
    job.pendingRules = [...environment.protectionRules];
    job.pendingReview = environment.reviewers.length > 0;
    const isHeld = job.pendingRules.length > 0 || job.pendingReview;
    job.status = isHeld ? 'waiting' : 'queued';
    if (entered.makesDeployment) await this.#deploy(job, environment);
    await this.#status(job, job.status === 'waiting' ? 'waiting' : 'queued');
    if (!isHeld) return;
    if (job.attempt.jobs.every(other => other.status !== 'in_progress')) {
      job.attempt.status = 'waiting';
      job.attempt.updatedAt = this.#world.now;
    }
    emitJob(this.#world, job, 'waiting');
    if (job.pendingRules.length > 0) emitProtectionRule(this.#world, job);
    if (job.pendingReview) await emitReview(this.#world, job, 'requested');
  }

  async #deploy(job: WorkflowJob, environment: Environment): Promise<void> {
    const { run } = job.attempt;
    await createDeployment(this.#world, run.repository, {
      sha: run.headSha,
      ref: run.ref.replace(/^refs\/(heads|tags)\//, ''),
      task: 'deploy',
      environment: environment.name,
      description: undefined,
      payload: {},
      creator: job.attempt.triggeringActor,
      transient: false,
      production: environment.name.toLowerCase() === 'production',
      job,
    });
  }

  #scheduleStart(job: WorkflowJob): Promise<void> {
    const { queueSeconds } = this.#world.durations;
    const wait = hashedNumber(`queue-${job.id}`, 1, queueSeconds) * SECOND;
    return this.#callbacks.admit(job, () =>
      this.#world.scheduler.schedule(this.#world.now + wait, () =>
        this.#start(job),
      ),
    );
  }

  async #start(job: WorkflowJob): Promise<void> {
    if (job.status !== 'queued') return;
    job.status = 'in_progress';
    job.startedAt = this.#world.now;
    job.runner = {
      id: hashedNumber(`runner-${job.id}`, 1, 40),
      name: `GitHub Actions ${hashedNumber(`runner-${job.id}`, 1, 40)}`,
    };
    job.steps = beginSteps(this.#callbacks.steps(job), job.startedAt);
    await this.#callbacks.onStarted();
    emitJob(this.#world, job, 'in_progress');
    await this.#status(job, 'in_progress');
    const outcome = outcomeOf(job);
    if (outcome.hold) return;
    const { minimumSeconds, maximumSeconds } = this.#world.durations;
    const seconds =
      outcome.durationSeconds ??
      hashedNumber(`duration-${job.id}`, minimumSeconds, maximumSeconds);
    this.#world.scheduler.schedule(
      this.#world.now + seconds * SECOND,
      async () => {
        if (job.status !== 'in_progress') return;
        await this.complete(job, outcome.conclusion ?? 'success');
      },
    );
  }

  async #status(
    job: WorkflowJob,
    state: 'waiting' | 'queued' | 'in_progress' | 'success' | 'failure',
  ): Promise<void> {
    if (!job.deployment) return;
    if (job.environment && state === 'success') {
      job.environment.url = this.#callbacks.environmentUrl(job);
    }
    await addStatus(this.#world, job.deployment, {
      state,
      creator: this.#world.actionsBot,
      environmentUrl: job.environment?.url,
    });
  }
}
