import { ProtectionFact } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { retryDeadlocks } from '../store/retryDeadlocks';
import {
  columnOf,
  ProtectionCallbackRow,
  toCallback,
} from './protectionCallbackRow';
import { Answer, CallbackKind, ProtectionCallback } from './types';

/** How long a process may be silent over a question before another one takes it. */
const LEASE_MS = 2 * 60_000;

/** How many that are due one look for work sees. */
const CANDIDATES = 20;

/** Undecided callbacks of one run at one environment, which this process has taken and no other. */
export interface CallbackClaim {
  owner: string;
  repository: string;
  runId: string;
  environment: string;
  /** Oldest first; never empty. */
  callbacks: ProtectionCallback[];
}

/** Which questions are meant; a run, or all of a repository. */
export interface CallbackPlace {
  repository: string;
  runIds?: readonly string[];
}

/** Another process has taken over. */
export class CallbackLostError extends Error {
  constructor() {
    super('Another process has taken the question over');
    this.name = 'CallbackLostError';
  }
}

const undecided = ['pending', 'answering'];

/** Due when the lease ends, or when something changes meanwhile. */
const FAR = '9999-12-31T23:59:59.999Z';

/** The table `protection_callbacks`. */
export class CallbackStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Keeps a callback, once. True if there is something to answer that was not known. What waits for a person may ask
   * the portal as well, also after the person has answered.
   */
  async record(
    fact: Omit<ProtectionFact, 'kind' | 'callbackUrl'>,
    now: Date,
    kind: CallbackKind = 'rule',
  ): Promise<boolean> {
    const inserted = await this.#rows()
      .insert({
        id: uuid(),
        kind,
        repository: fact.repository,
        run_id: fact.runId,
        environment: fact.environment,
        deployment: fact.deploymentId ?? '',
        commit_sha: fact.commit ?? null,
        ref: columnOf(fact.ref),
        creator: columnOf(fact.actor),
        state: 'pending',
        comments: 0,
        attempts: 0,
        due_at: now.toISOString(),
        asked_at: now.toISOString(),
      })
      .onConflict(['repository', 'run_id', 'environment', 'deployment'])
      .ignore()
      .returning('id');
    return (
      inserted.length > 0 ||
      (kind === 'rule' && (await this.#asksAsWell(fact, now)))
    );
  }

  /** What was only known to wait for a person asks the portal, too. True if it was thought to be answered. */
  async #asksAsWell(
    fact: Omit<ProtectionFact, 'kind' | 'callbackUrl'>,
    now: Date,
  ): Promise<boolean> {
    const reviewed = () =>
      this.#rows().where({
        repository: fact.repository,
        run_id: fact.runId,
        environment: fact.environment,
        deployment: fact.deploymentId ?? '',
        kind: 'review',
      });
    // Those that are open first: a person may answer between the two.
    await reviewed().whereNot({ state: 'approved' }).update({ kind: 'rule' });
    // A person's approval is no answer of the portal's: GitHub waits on for that.
    const reopened = await reviewed().whereNull('decision').update({
      kind: 'rule',
      state: 'pending',
      due_at: now.toISOString(),
      answered_at: null,
    });
    return reopened > 0;
  }

  /**
   * Makes undecided questions due; one that is being looked at is looked at again afterwards. Those that GitHub
   * did not answer about keep their pause.
   */
  async touch(place: CallbackPlace, now: Date): Promise<number> {
    return this.#rows()
      .where({ repository: place.repository })
      .whereIn('state', undecided)
      .modify(query => {
        if (place.runIds) query.whereIn('run_id', [...place.runIds]);
      })
      .where('attempts', 0)
      .where('due_at', '>', now.toISOString())
      .update({ due_at: now.toISOString() });
  }

  /** Undecided callbacks, oldest first. */
  async listOpen(
    place: CallbackPlace & { limit?: number },
  ): Promise<ProtectionCallback[]> {
    const rows = await this.#rows()
      .where({ repository: place.repository })
      .whereIn('state', undecided)
      .modify(query => {
        if (place.runIds) query.whereIn('run_id', [...place.runIds]);
      })
      .orderBy(['asked_at', 'id'])
      .limit(place.limit ?? 100);
    return rows.map(toCallback);
  }

  /** Names of environments at which a repository has been asked about, as GitHub names them. */
  async askingEnvironments(repository: string): Promise<string[]> {
    const rows = await this.#rows()
      .where({ repository, kind: 'rule' })
      .distinct('environment')
      .limit(500);
    return rows.map(row => row.environment);
  }

  /** Takes the question that has been due for longest, with all its undecided callbacks. */
  async claimNext(now: Date): Promise<CallbackClaim | undefined> {
    const at = now.toISOString();
    const candidates = await this.#rows()
      .whereIn('state', undecided)
      .andWhere(either =>
        either.where('due_at', '<=', at).orWhere('lease_until', '<=', at),
      )
      .whereNotExists(
        this.#knex('protection_callbacks as other')
          .whereRaw('other.repository = protection_callbacks.repository')
          .whereRaw('other.run_id = protection_callbacks.run_id')
          .whereRaw('other.environment = protection_callbacks.environment')
          .where('other.lease_until', '>', at),
      )
      .orderBy('due_at')
      .limit(CANDIDATES);
    for (const candidate of candidates) {
      const claim = await retryDeadlocks(() => this.#take(candidate, now));
      if (claim) {
        return claim;
      }
    }
    return undefined;
  }

  /** Keeps a question for longer. Throws a {@link CallbackLostError} if it is another process's by now. */
  async renew(claim: CallbackClaim, now: Date): Promise<void> {
    await this.#change(claim, { lease_until: endOfLease(now) });
  }

  /** Notes a comment before GitHub is given it: a crash between gives one too few, never one too many. */
  async noteComment(
    claim: CallbackClaim,
    told: string,
    now: Date,
  ): Promise<void> {
    await this.#change(claim, {
      told,
      told_at: now.toISOString(),
      comments: Math.max(...claim.callbacks.map(one => one.comments)) + 1,
      lease_until: endOfLease(now),
    });
  }

  /** Notes an answer before GitHub is given it, so that whoever comes after a crash asks whether it was. */
  async noteDecision(
    claim: CallbackClaim,
    decision: Answer,
    told: string,
    now: Date,
  ): Promise<void> {
    await this.#change(claim, {
      decision,
      told,
      told_at: now.toISOString(),
      lease_until: endOfLease(now),
    });
  }

  /** An answer that GitHub has not got is not to be given any more. */
  async forgetDecision(claim: CallbackClaim): Promise<void> {
    await this.#change(claim, { decision: null });
  }

  /** What asks anew counts as asked from then on, whoever looks next. */
  async noteAsked(claim: CallbackClaim, askedAt: string): Promise<void> {
    await this.#change(claim, { asked_at: askedAt });
  }

  /** All that are claimed are answered, or nobody waits for an answer any more. */
  async settle(
    claim: CallbackClaim,
    state: Answer | 'gone',
    now: Date,
  ): Promise<void> {
    await this.#change(claim, {
      state,
      answered_at: now.toISOString(),
      lease_owner: null,
      lease_until: null,
      problem: null,
      attempts: 0,
    });
  }

  /** A person's answer was passed on: nobody waits for another one. */
  async settleReviewed(
    question: { repository: string; runId: string; environment: string },
    answer: Answer,
    now: Date,
  ): Promise<void> {
    await this.#rows()
      .where({
        repository: question.repository,
        run_id: question.runId,
        environment: question.environment,
        kind: 'review',
      })
      .whereIn('state', undecided)
      .update({
        state: answer,
        answered_at: now.toISOString(),
        lease_owner: null,
        lease_until: null,
        problem: null,
        attempts: 0,
      });
  }

  /**
   * Lets a question go until then, or sooner if something changed while it was looked at; after a failure not
   * sooner.
   */
  async postpone(
    claim: CallbackClaim,
    next: { dueAt: Date; failed: boolean; problem?: string },
  ): Promise<void> {
    const attempts = next.failed ? attemptsOf(claim) : 0;
    const free = {
      state: 'pending' as const,
      lease_owner: null,
      lease_until: null,
      attempts,
      problem: columnOf(next.problem),
    };
    await this.#knex.transaction(async tx => {
      await this.#held(claim, tx)
        .modify(query => {
          if (!next.failed) query.where('due_at', FAR);
        })
        .update({ due_at: next.dueAt.toISOString() });
      await this.#held(claim, tx).update(free);
    });
  }

  /** Forgets questions decided before a time, a bounded number in each statement. */
  async prune(before: Date, batch = 500): Promise<number> {
    let pruned = 0;
    for (;;) {
      const old = await this.#rows()
        .whereNotIn('state', undecided)
        .where('answered_at', '<', before.toISOString())
        .limit(batch)
        .select('id');
      pruned += await this.#rows()
        .whereIn(
          'id',
          old.map(({ id }) => id),
        )
        .delete();
      if (old.length < batch) {
        return pruned;
      }
    }
  }

  async #take(
    candidate: ProtectionCallbackRow,
    now: Date,
  ): Promise<CallbackClaim | undefined> {
    const { repository, run_id, environment } = candidate;
    const at = now.toISOString();
    return this.#knex.transaction(async tx => {
      // Those being answered too: whoever waits for their locks has to see that they were taken.
      const rows = await tx<ProtectionCallbackRow>('protection_callbacks')
        .where({ repository, run_id, environment })
        .orderBy('id')
        .forUpdate();
      const open = rows.filter(row => undecided.includes(row.state));
      if (
        open.some(row => row.lease_until && row.lease_until > at) ||
        !open.some(row => row.due_at <= at || row.lease_until)
      ) {
        return undefined;
      }
      const owner = uuid();
      await tx<ProtectionCallbackRow>('protection_callbacks')
        .whereIn(
          'id',
          open.map(row => row.id),
        )
        .update({
          state: 'answering',
          lease_owner: owner,
          lease_until: endOfLease(now),
          due_at: FAR,
        });
      return {
        owner,
        repository,
        runId: run_id,
        environment,
        callbacks: open
          .map(toCallback)
          .sort(
            (left, right) =>
              left.askedAt.localeCompare(right.askedAt) ||
              left.id.localeCompare(right.id),
          ),
      };
    });
  }

  async #change(
    claim: CallbackClaim,
    columns: Partial<ProtectionCallbackRow>,
  ): Promise<void> {
    const changed = await this.#held(claim).update(columns);
    if (changed < claim.callbacks.length) {
      throw new CallbackLostError();
    }
  }

  #held(claim: CallbackClaim, knex: Knex = this.#knex) {
    return knex<ProtectionCallbackRow>('protection_callbacks')
      .whereIn(
        'id',
        claim.callbacks.map(({ id }) => id),
      )
      .where({ lease_owner: claim.owner });
  }

  #rows() {
    return this.#knex<ProtectionCallbackRow>('protection_callbacks');
  }
}

function endOfLease(now: Date): string {
  return new Date(now.getTime() + LEASE_MS).toISOString();
}

function attemptsOf(claim: CallbackClaim): number {
  return Math.max(...claim.callbacks.map(one => one.attempts)) + 1;
}
