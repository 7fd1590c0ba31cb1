import { LoggerService } from '@backstage/backend-plugin-api';
import { CallbackClaim, CallbackStore } from './CallbackStore';
import { isAbout } from './comment';
import { Ingest, refreshRun } from './refreshRun';
import { RunApi } from './RunApi';
import { askingAttempt, runDecision } from './runDecision';
import { KnownRun, RunQuestions, toFormerQuestion } from './RunQuestions';
import {
  Answer,
  AskedQuestion,
  ElsewhereDecision,
  ProtectionDecider,
} from './types';

/** GitHub gives up on a rule after 30 days. */
const LONGEST_WAIT_MS = 31 * 24 * 3_600_000;

/** GitHub has the repository but not the run. */
export class RunGoneError extends Error {
  readonly claim: CallbackClaim;

  constructor(claim: CallbackClaim) {
    super('The run is gone');
    this.name = 'RunGoneError';
    this.claim = claim;
  }
}

/** Finds out what became of questions, at GitHub and elsewhere, and settles those that nobody asks any more. */
export class Settlements {
  readonly #store: CallbackStore;
  readonly #questions: RunQuestions;
  readonly #decider: ProtectionDecider;
  readonly #ingest: Ingest;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    store: CallbackStore;
    questions: RunQuestions;
    decider: ProtectionDecider;
    ingest: Ingest;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#store = options.store;
    this.#questions = options.questions;
    this.#decider = options.decider;
    this.#ingest = options.ingest;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /**
   * After a crash, or an answer of GitHub's that was lost, GitHub is asked whether it was told. Gives those
   * callbacks back that have no answer; those that have one are settled.
   */
  async told(
    claim: CallbackClaim,
    api: RunApi,
  ): Promise<CallbackClaim | undefined> {
    const noted = claim.callbacks.filter(one => one.decision);
    if (noted.length === 0) {
      return claim;
    }
    const reviews = await api.reviews(claim.environment);
    const told = reviews.find(
      ({ comment, state }) =>
        (state === 'approved' || state === 'rejected') &&
        isAbout(comment, noted[0].id),
    );
    if (!told) {
      await this.#store.forgetDecision(claim);
      return claim;
    }
    const run = await this.#questions.load(claim.repository, claim.runId);
    const part = { ...claim, callbacks: noted };
    await this.answered(
      part,
      toFormerQuestion(part, run),
      told.state as Answer,
    );
    return narrowed(
      claim,
      claim.callbacks.filter(one => !noted.includes(one)),
    );
  }

  /** GitHub has taken an answer of ours. */
  async answered(
    claim: CallbackClaim,
    question: AskedQuestion,
    answer: Answer,
    why?: string,
  ): Promise<void> {
    await this.#decider.onAnswered(question, answer, why);
    await this.#store.settle(claim, answer, this.#now());
    this.#logger.info('A protection rule was answered', {
      repository: claim.repository,
      run: claim.runId,
      environment: claim.environment,
      answer,
    });
  }

  /** Settles what was decided without an answer of ours; gives the rest back. */
  async elsewhere(
    claim: CallbackClaim,
    known: KnownRun,
    api: RunApi,
    context: { isFresh?: boolean } = {},
  ): Promise<CallbackClaim | undefined> {
    const { run, isHeld, isFresh } = await this.#verify(
      claim,
      known,
      api,
      context,
    );
    const decided = new Map<ElsewhereDecision, CallbackClaim['callbacks']>();
    const open: CallbackClaim['callbacks'] = [];
    for (const callback of claim.callbacks) {
      const told = this.#isTooOld(callback.askedAt)
        ? 'gone'
        : runDecision(run.trace, callback, { isFresh });
      const hinted = isHeld ? 'waiting' : 'let-through';
      const decision = told === 'perhaps-let-through' ? hinted : told;
      if (decision === 'waiting') {
        open.push(callback);
      } else {
        decided.set(decision, [...(decided.get(decision) ?? []), callback]);
      }
    }
    for (const [decision, callbacks] of decided) {
      await this.#decided(
        { ...claim, callbacks },
        run,
        decision,
        await whoDecided(api, claim.environment, decision),
      );
    }
    return narrowed(
      claim,
      await this.#anew(
        { ...claim, callbacks: open },
        [...decided.values()].flat(),
        run,
      ),
    );
  }

  /** What became of an earlier attempt is no answer to a later one: that asks after it was told. */
  async #anew(
    open: CallbackClaim,
    decided: CallbackClaim['callbacks'],
    { trace }: KnownRun,
  ): Promise<CallbackClaim['callbacks']> {
    const first = Math.min(
      ...decided.map(one => askingAttempt(trace, one) ?? Infinity),
    );
    const later = open.callbacks.filter(
      one => (askingAttempt(trace, one) ?? 0) > first,
    );
    if (later.length === 0) {
      return open.callbacks;
    }
    const askedAt = new Date(this.#now().getTime() + 1).toISOString();
    // Kept, as whoever looks next would take the earlier end for the answer.
    await this.#store.noteAsked({ ...open, callbacks: later }, askedAt);
    return open.callbacks.map(one =>
      later.includes(one) ? { ...one, askedAt } : one,
    );
  }

  /** The run, or all that waited in it, is not there any more. */
  async gone(claim: CallbackClaim, run: KnownRun): Promise<void> {
    await this.#decided(claim, run, 'gone');
  }

  /** Brings in what GitHub says of the run now. Throws a {@link RunGoneError} if there is no such run. */
  async refresh(claim: CallbackClaim, api: RunApi): Promise<KnownRun> {
    const run = await refreshRun(
      { api, ingest: this.#ingest, questions: this.#questions },
      claim,
    );
    if (!run) {
      throw new RunGoneError(claim);
    }
    await this.#store.renew(claim, this.#now());
    return run;
  }

  /** A status of a deployment is nobody's word; GitHub is asked who waits, and what became of the job. */
  async #verify(
    claim: CallbackClaim,
    run: KnownRun,
    api: RunApi,
    { isFresh = false }: { isFresh?: boolean },
  ): Promise<{ run: KnownRun; isHeld: boolean; isFresh: boolean }> {
    const isHinted = claim.callbacks.some(
      callback =>
        runDecision(run.trace, callback, { isFresh }) === 'perhaps-let-through',
    );
    if (!isHinted || (await api.waitsAt(claim.environment))) {
      return { run, isHeld: true, isFresh };
    }
    return {
      run: isFresh ? run : await this.refresh(claim, api),
      isHeld: false,
      isFresh: true,
    };
  }

  async #decided(
    claim: CallbackClaim,
    run: KnownRun,
    decision: ElsewhereDecision,
    by?: string,
  ): Promise<void> {
    const question = toFormerQuestion(claim, run);
    // Of whom nobody knows where they went, all that can be said is that they wait no more.
    if (
      question.concerns.length > 0 ||
      decision === 'cancelled' ||
      decision === 'gone'
    ) {
      await this.#decider.onDecidedElsewhere(question, decision, by);
    }
    await this.#store.settle(claim, 'gone', this.#now());
  }

  #isTooOld(askedAt: string): boolean {
    return this.#now().getTime() - Date.parse(askedAt) > LONGEST_WAIT_MS;
  }
}

function narrowed(
  claim: CallbackClaim,
  callbacks: CallbackClaim['callbacks'],
): CallbackClaim | undefined {
  return callbacks.length > 0 ? { ...claim, callbacks } : undefined;
}

/** Who reviewed it at GitHub; nice to know, and no more. */
async function whoDecided(
  api: RunApi,
  environment: string,
  decision: ElsewhereDecision,
): Promise<string | undefined> {
  const state = { 'let-through': 'approved', rejected: 'rejected' }[
    decision as string
  ];
  if (!state) {
    return undefined;
  }
  try {
    const reviews = await api.reviews(environment);
    return reviews.filter(review => review.state === state).at(-1)?.login;
  } catch {
    return undefined;
  }
}
