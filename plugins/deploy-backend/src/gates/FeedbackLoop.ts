import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { CommitChanges } from '../changes/CommitChanges';
import { PullRequestBases } from '../changes/PullRequestBases';
import { FeedbackWriter } from '../feedback/FeedbackWriter';

/** What was measured longer ago is history, of which GitHub is not told. */
const FRESH_MS = 24 * 60 * 60 * 1000;

/** How many commits one pass looks at again. */
const RECENT = 200;

/** A commit about which there is something new. */
export interface ChangedCommit {
  serviceId: string;
  repository: string;
  commit: string;
  pullRequest?: number;
}

/** Lets pages and GitHub know when gates may stand otherwise than before. */
export class FeedbackLoop {
  readonly #knex: Knex;
  readonly #changes: CommitChanges;
  readonly #bases: PullRequestBases;
  readonly #writer: FeedbackWriter;
  readonly #logger: LoggerService;
  readonly #onChange: (serviceIds: readonly string[]) => void;
  readonly #now: () => Date;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;
  readonly #unbased: ChangedCommit[] = [];

  constructor(options: {
    knex: Knex;
    changes: CommitChanges;
    bases: PullRequestBases;
    writer: FeedbackWriter;
    logger: LoggerService;
    /** Services may look different now. */
    onChange: (serviceIds: readonly string[]) => void;
    now?: () => Date;
  }) {
    this.#knex = options.knex;
    this.#changes = options.changes;
    this.#bases = options.bases;
    this.#writer = options.writer;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
    this.#now = options.now ?? (() => new Date());
  }

  /** Notes a commit whose gates may have changed. Nobody has to wait for what follows. */
  async noteChange(change: ChangedCommit): Promise<void> {
    this.#onChange([change.serviceId]);
    const { repository, commit } = change;
    // What GitHub was told once has to stay true, when a report is deleted or a gate waived much later.
    if (
      (await this.#isFresh(change)) ||
      (await this.#writer.hasTold(repository, commit))
    ) {
      await this.#writer.want(change);
      if (change.pullRequest !== undefined) {
        this.#unbased.push(change);
      }
      this.#start();
    }
  }

  /** There is something to ask GitHub; what runs already takes it along, or the schedule does. */
  wake(): void {
    if (!this.#running && !this.#stopping.signal.aborted) {
      this.#start();
    }
  }

  /** Looks at recent commits again: time may have passed for a gate, or a rule have changed. */
  async run(signal: AbortSignal): Promise<void> {
    const recent = await this.#recent();
    for (const subject of recent) {
      await this.#writer.want(subject);
    }
    await this.#work(signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #start(): void {
    this.#again = true;
    this.#running ??= this.#workOff()
      .catch(error => {
        // The schedule takes up what is left.
        this.#logger.warn('GitHub could not be told how commits stand', {
          cause: error instanceof Error ? error.message : String(error),
        });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #workOff(): Promise<void> {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false;
      for (const change of this.#unbased.splice(0)) {
        const { repository, pullRequest, commit } = change;
        await this.#bases.note(repository, pullRequest!, commit);
      }
      await this.#work(this.#stopping.signal);
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    // Judging notes which changes it would have to know; they are asked for, and it is judged again.
    await this.#writer.writeDue(signal);
    if ((await this.#changes.fetchDue(signal)) > 0) {
      const recent = await this.#recent();
      this.#onChange([...new Set(recent.map(({ serviceId }) => serviceId))]);
      for (const subject of recent) {
        await this.#writer.want(subject);
      }
      await this.#writer.writeDue(signal);
    }
  }

  async #isFresh({ serviceId, commit }: ChangedCommit): Promise<boolean> {
    const row = await this.#knex('evidence')
      .where({ service_id: serviceId, commit_sha: commit })
      .where('measured_at', '>', this.#freshSince())
      .first('id');
    return row !== undefined;
  }

  async #recent(): Promise<ChangedCommit[]> {
    const rows = await this.#knex('evidence')
      .join('services', 'services.id', 'evidence.service_id')
      .whereNull('services.removed_at')
      .where('evidence.measured_at', '>', this.#freshSince())
      .orderBy('evidence.measured_at', 'desc')
      .limit(RECENT)
      .select<
        {
          service_id: string;
          repository: string;
          commit_sha: string;
          pull_request?: number | null;
        }[]
      >(
        'evidence.service_id',
        'services.repository',
        'evidence.commit_sha',
        'evidence.pull_request',
      );
    const subjects = new Map<string, ChangedCommit>();
    for (const row of rows) {
      // Of a pull request only what was measured last: that is its head.
      const key = JSON.stringify([
        row.service_id,
        row.pull_request || row.commit_sha,
      ]);
      if (!subjects.has(key)) {
        subjects.set(key, {
          serviceId: row.service_id,
          repository: row.repository,
          commit: row.commit_sha,
          ...(row.pull_request && { pullRequest: row.pull_request }),
        });
      }
    }
    return [...subjects.values()];
  }

  #freshSince(): string {
    return new Date(this.#now().getTime() - FRESH_MS).toISOString();
  }
}
