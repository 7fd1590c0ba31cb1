import { Knex } from 'knex';
import { GithubFeedbackRow } from '../store/rows';

/** How long a process may be silent over a subject before another one takes it. */
const LEASE_MS = 5 * 60_000;

/** How long a task that failed for good is left alone, however often it is wanted. */
const REST_MS = 3_600_000;

/** Subject of the row, kept by owner, that tells that check runs were refused. */
const CHECKS = 'checks';

/** What is to be written: the checks of a commit, or the comment of a pull request. */
export type FeedbackTask = { commit: string } | { pullRequest: number };

/** A task that this process has taken, and no other. */
export interface FeedbackClaim {
  repository: string;
  subject: string;
  task: FeedbackTask;
  /** This time included. */
  attempts: number;
  githubId?: string;
  digest?: string;
  /** End of the lease; changes when it is renewed. */
  until: string;
}

/** What was written before. */
export interface FeedbackRecord {
  githubId?: string;
  digest?: string;
}

/** Another process has taken over. */
export class LeaseLostError extends Error {
  constructor() {
    super('Another process has taken over');
    this.name = 'LeaseLostError';
  }
}

/**
 * The table `github_feedback`. Its rows are tasks (`commit:<sha>`, `comment:<number>`) and records of what
 * was written (`check:<sha>:<name>`, `status:<sha>:<name>`), which are `written` from the beginning.
 */
export class FeedbackStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Notes a task. One that is under way is done once more when it has ended; one that failed for good
   * rests for an hour.
   */
  async want(repository: string, task: FeedbackTask, now: Date): Promise<void> {
    const key = { repository, subject: subjectOf(task) };
    const due = { attempts: 0, due_at: now.toISOString() };
    await this.#rows()
      .insert({ ...key, ...due, state: 'wanted' })
      .onConflict(['repository', 'subject'])
      .ignore();
    await this.#rows()
      .where({ ...key, state: 'writing' })
      .update({ state: 'wanted' });
    await this.#rows()
      .where({ ...key, state: 'written' })
      .update({ ...due, state: 'wanted' });
    await this.#rows()
      .where({ ...key, state: 'failed' })
      .where('due_at', '<=', due.due_at)
      .update({ ...due, state: 'wanted' });
  }

  /** Whether anything was written about a commit. */
  async hasTold(repository: string, commit: string): Promise<boolean> {
    const row = await this.#rows()
      .where({ repository })
      .andWhere(either =>
        either
          .whereLike('subject', `check:${commit}:%`)
          .orWhereLike('subject', `status:${commit}:%`),
      )
      .first('subject');
    return row !== undefined;
  }

  /** What was written as the comment of a pull request, if anything was. */
  async writtenComment(
    repository: string,
    pullRequest: number,
  ): Promise<string | undefined> {
    const subject = subjectOf({ pullRequest });
    const row = await this.#rows()
      .where({ repository, subject })
      .first('digest');
    return row?.digest ?? undefined;
  }

  /** Corrects what was written as a comment, unless that has changed meanwhile; tells whether it did. */
  async correctComment(
    repository: string,
    pullRequest: number,
    from: string,
    to: string,
  ): Promise<boolean> {
    const subject = subjectOf({ pullRequest });
    const corrected = await this.#rows()
      .where({ repository, subject, digest: from })
      .update({ digest: to });
    return corrected > 0;
  }

  /** Takes the task that has been due for longest. */
  async claimNext(now: Date): Promise<FeedbackClaim | undefined> {
    for (;;) {
      const rows = await this.#rows()
        .whereIn('state', ['wanted', 'writing'])
        .where('due_at', '<=', now.toISOString())
        .orderBy('due_at')
        .limit(10);
      if (rows.length === 0) {
        return undefined;
      }
      for (const row of rows) {
        const claim = await this.#take(row, now);
        if (claim) {
          return claim;
        }
      }
    }
  }

  /** Keeps a task for longer. Throws a {@link LeaseLostError} if it is another process's by now. */
  async renew(claim: FeedbackClaim, now: Date): Promise<void> {
    const until = endOfLease(now);
    const renewed = await this.#held(claim).update({ due_at: until });
    if (renewed === 0) {
      throw new LeaseLostError();
    }
    claim.until = until;
  }

  /** Notes what the task itself has written so far; the comment of a pull request is its own record. */
  async note(claim: FeedbackClaim, written: FeedbackRecord): Promise<void> {
    const noted = await this.#held(claim).update(columnsOf(written));
    if (noted === 0) {
      throw new LeaseLostError();
    }
    claim.githubId = written.githubId;
    claim.digest = written.digest;
  }

  /** The task is done; if it was wanted again meanwhile, it is due at once. */
  async settle(claim: FeedbackClaim, now: Date): Promise<void> {
    const at = { due_at: now.toISOString(), attempts: 0 };
    const settled = await this.#held(claim)
      .where('state', 'writing')
      .update({ ...at, state: 'written' });
    if (settled === 0) {
      await this.#held(claim).update(at);
    }
  }

  async postpone(claim: FeedbackClaim, dueAt: Date): Promise<void> {
    await this.#held(claim).update({
      state: 'wanted',
      due_at: dueAt.toISOString(),
    });
  }

  /** Not to be tried again before it has rested, and is wanted again. */
  async giveUp(claim: FeedbackClaim, now: Date): Promise<void> {
    await this.#held(claim).update({
      state: 'failed',
      due_at: new Date(now.getTime() + REST_MS).toISOString(),
    });
  }

  /** What was written under names that begin so, by the rest of the name. */
  async records(
    repository: string,
    prefix: string,
  ): Promise<Map<string, FeedbackRecord>> {
    // SQLite's `like` ignores the case; none of the prefixes has a wildcard.
    const rows = await this.#rows()
      .where({ repository })
      .where('subject', 'like', `${prefix}%`);
    return new Map(
      rows
        .filter(({ subject }) => subject.startsWith(prefix))
        .map(row => [row.subject.slice(prefix.length), recordOf(row)]),
    );
  }

  async record(
    repository: string,
    subject: string,
    written: FeedbackRecord,
    now: Date,
  ): Promise<void> {
    const columns = {
      ...columnsOf(written),
      state: 'written' as const,
      due_at: now.toISOString(),
    };
    await this.#rows()
      .insert({ repository, subject, attempts: 0, ...columns })
      .onConflict(['repository', 'subject'])
      .merge(columns);
  }

  /** Notes that the credentials for an owner's repositories may not write check runs. */
  async noteRefusal(owner: string, now: Date): Promise<void> {
    await this.record(owner, CHECKS, { digest: 'refused' }, now);
  }

  /** Whether that was noted since a time. */
  async isRefused(owner: string, since: Date): Promise<boolean> {
    const row = await this.#rows()
      .where({ repository: owner, subject: CHECKS })
      .where('due_at', '>=', since.toISOString())
      .first('subject');
    return row !== undefined;
  }

  /** Forgets what was written before a time, comments excepted, a bounded number in each statement. */
  async prune(before: Date, batch = 500): Promise<number> {
    let pruned = 0;
    for (;;) {
      const old = await this.#rows()
        .whereIn('state', ['written', 'failed'])
        .where('due_at', '<', before.toISOString())
        .whereNot('subject', 'like', 'comment:%')
        .limit(batch)
        .select('repository', 'subject');
      for (const { repository, subject } of old) {
        pruned += await this.#rows()
          .where({ repository, subject })
          .where('due_at', '<', before.toISOString())
          .delete();
      }
      if (old.length < batch) {
        return pruned;
      }
    }
  }

  /** Only if it still is as it was read: of several processes one gets it. */
  async #take(
    row: GithubFeedbackRow,
    now: Date,
  ): Promise<FeedbackClaim | undefined> {
    const { repository, subject, state, due_at } = row;
    const until = endOfLease(now);
    const attempts = row.attempts + 1;
    const taken = await this.#rows()
      .where({ repository, subject, state, due_at })
      .update({ state: 'writing', due_at: until, attempts });
    return taken === 0
      ? undefined
      : {
          repository,
          subject,
          task: taskOf(subject),
          attempts,
          until,
          ...recordOf(row),
        };
  }

  #held({ repository, subject, until }: FeedbackClaim) {
    return this.#rows().where({ repository, subject, due_at: until });
  }

  #rows() {
    return this.#knex<GithubFeedbackRow>('github_feedback');
  }
}

function endOfLease(now: Date): string {
  return new Date(now.getTime() + LEASE_MS).toISOString();
}

function subjectOf(task: FeedbackTask): string {
  return 'commit' in task
    ? `commit:${task.commit}`
    : `comment:${task.pullRequest}`;
}

function taskOf(subject: string): FeedbackTask {
  const rest = subject.slice(subject.indexOf(':') + 1);
  return subject.startsWith('commit:')
    ? { commit: rest }
    : { pullRequest: Number(rest) };
}

function recordOf(row: GithubFeedbackRow): FeedbackRecord {
  return {
    ...(row.github_id && { githubId: row.github_id }),
    ...(row.digest && { digest: row.digest }),
  };
}

function columnsOf(written: FeedbackRecord) {
  return {
    github_id: written.githubId ?? null,
    digest: written.digest ?? null,
  };
}
