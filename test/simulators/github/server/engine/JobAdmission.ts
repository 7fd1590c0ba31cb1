import type { WorkflowJob } from '../state/model';
import type { World } from '../state/World';

export interface JobLimits {
  /** How many legs of a matrix run side by side. */
  maxParallel: number | undefined;
  concurrencyGroup: string | undefined;
  cancelInProgress: boolean;
  /** Whether all wait for the group, or the newest one alone. */
  queue: 'single' | 'max';
}

interface Waiting {
  job: WorkflowJob;
  go: () => void;
}

/** Holds queued jobs back: `max-parallel` of their matrix, and concurrency groups. */
export class JobAdmission {
  readonly #world: World;
  readonly #running = new Map<string, Set<WorkflowJob>>();
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #groups = new Map<WorkflowJob, string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Lets the job go now or later; tells which other jobs have to make room. */
  admit(job: WorkflowJob, limits: JobLimits, go: () => void): WorkflowJob[] {
    const running = this.#running.get(job.definitionId) ?? new Set();
    this.#running.set(job.definitionId, running);
    if (
      limits.maxParallel !== undefined &&
      running.size >= limits.maxParallel
    ) {
      const queue = this.#waiting.get(job.definitionId) ?? [];
      queue.push({ job, go });
      this.#waiting.set(job.definitionId, queue);
      return [];
    }
    running.add(job);
    if (!limits.concurrencyGroup) {
      go();
      return [];
    }
    const key = `${job.attempt.run.repository.fullName}/${limits.concurrencyGroup}`;
    this.#groups.set(job, key);
    const { holder, displaced } = this.#world.concurrency.acquire(
      key,
      job,
      go,
      limits.queue,
    );
    const gone = [displaced, limits.cancelInProgress ? holder : undefined];
    return gone.filter(other => other !== undefined) as WorkflowJob[];
  }

  /** The job has ended; who waited for it may go. */
  release(job: WorkflowJob): void {
    const key = this.#groups.get(job);
    if (key !== undefined) this.#world.concurrency.release(key, job);
    const queue = this.#waiting.get(job.definitionId) ?? [];
    const position = queue.findIndex(waiting => waiting.job === job);
    if (position >= 0) queue.splice(position, 1);
    const running = this.#running.get(job.definitionId);
    if (!running?.delete(job)) return;
    const next = queue.shift();
    if (!next) return;
    running.add(next.job);
    next.go();
  }
}
