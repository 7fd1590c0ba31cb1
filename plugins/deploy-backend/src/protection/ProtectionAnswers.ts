import { LoggerService } from '@backstage/backend-plugin-api';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { escapeMarkdown } from '../feedback/markdown';
import { backOff } from '../github/githubFailure';
import { ProblemLog } from '../store/ProblemLog';
import { GithubAccess } from '../workflows/RepositoryClient';
import {
  CallbackClaim,
  CallbackLostError,
  CallbackStore,
} from './CallbackStore';
import { isSame } from './denoted';
import { commentDue, commentFor } from './comment';
import { Ingest, takeIn } from './refreshRun';
import { RunApi } from './RunApi';
import { KnownRun, RunQuestions, toQuestion } from './RunQuestions';
import { RunGoneError, Settlements } from './Settlements';
import { AskedQuestion, ProtectionDecider, ProtectionDecision } from './types';

/** A question that nothing was heard of is looked at again after this. */
const LOOK_AGAIN_MS = 60_000;

const LONGEST_PAUSE_MS = 3_600_000;

/** What failed once or twice is tried again after this. */
const SOON_MS = 2_000;
const SOON_TRIES = 2;

/** What began to wait so long ago, and is told of only now, may be over: its events are on their way. */
const LATE_MS = 2 * 3_600_000;

/** Kind of the problems at `/ingest/problems`. */
const PROBLEM = 'protection-rule';

/** Nobody here knows what the run would deploy. */
class NobodyConcernedError extends Error {}

/** A job asks at an environment that is not the one it deploys to. */
class MisplacedError extends Error {}

/** Answers what GitHub's protection rules ask, as it is decided. */
export class ProtectionAnswers {
  readonly #store: CallbackStore;
  readonly #questions: RunQuestions;
  readonly #access: GithubAccess;
  readonly #decider: ProtectionDecider;
  readonly #ingest: Ingest;
  readonly #problems: ProblemLog;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #settlements: Settlements;

  constructor(options: {
    knex: Knex;
    access: GithubAccess;
    decider: ProtectionDecider;
    ingest: Ingest;
    problems: ProblemLog;
    logger: LoggerService;
    /** Default: the time that it is. */
    now?: () => Date;
  }) {
    this.#store = new CallbackStore(options.knex);
    this.#questions = new RunQuestions(options.knex);
    this.#access = options.access;
    this.#decider = options.decider;
    this.#ingest = options.ingest;
    this.#problems = options.problems;
    this.#logger = options.logger;
    this.#now = options.now ?? (() => new Date());
    this.#settlements = new Settlements({
      store: this.#store,
      questions: this.#questions,
      decider: options.decider,
      ingest: options.ingest,
      logger: options.logger,
      now: this.#now,
    });
  }

  /** Looks at every question that is due. Returns how many were looked at. */
  async answerDue(signal: AbortSignal): Promise<number> {
    let looked = 0;
    while (!signal.aborted) {
      const claim = await this.#store.claimNext(this.#now());
      if (!claim) {
        break;
      }
      try {
        await this.#look(claim, signal);
        await this.#resolveProblem(claim);
      } catch (error) {
        await this.#endLook(claim, error, signal);
      }
      looked += 1;
    }
    return looked;
  }

  async #look(claimed: CallbackClaim, signal: AbortSignal): Promise<void> {
    const api = new RunApi(this.#access, claimed, signal);
    const untold = await this.#settlements.told(claimed, api);
    let run = await this.#questions.load(claimed.repository, claimed.runId);
    let claim = untold && (await this.#settlements.elsewhere(untold, run, api));
    let isFresh = false;
    for (;;) {
      if (!claim) {
        return;
      }
      const { question, misplaced } = toQuestion(claim, run);
      if (misplaced && isFresh) {
        await this.#refuse(claim, question, new MisplacedError(misplaced), api);
        return;
      }
      const decision =
        !misplaced && (isFresh || !this.#isLate(claim, run))
          ? await this.#decide(question)
          : undefined;
      if (decision && isReview(claim)) {
        await this.#awaitReview(claim, question, decision, api);
        return;
      }
      // Before anything is let in, GitHub says who else waits there: one answer lets all of them in.
      if (decision?.decision === 'wait' || (decision && isFresh)) {
        await this.#carryOut(claim, question, decision, api);
        return;
      }
      if (isFresh) {
        await this.#refuse(claim, question, new NobodyConcernedError(), api);
        return;
      }
      run = await this.#settlements.refresh(claim, api);
      isFresh = true;
      claim = await this.#settlements.elsewhere(claim, run, api, { isFresh });
    }
  }

  /**
   * Of a job that belongs to nobody known. What the portal itself started is turned away, so that it ends with the
   * reason, unless GitHub may only be late to list the job. Any other run waits until somebody mends the mapping;
   * GitHub shows at the run why.
   */
  async #refuse(
    claim: CallbackClaim,
    question: AskedQuestion,
    error: MisplacedError | NobodyConcernedError,
    api: RunApi,
  ): Promise<void> {
    const mayBeListedYet =
      typeof question.dispatch === 'object' &&
      error instanceof NobodyConcernedError &&
      this.#now().getTime() - Date.parse(question.askedAt) < LOOK_AGAIN_MS;
    if (isReview(claim) || mayBeListedYet) {
      throw error;
    }
    const why = problemOf(error);
    const comment = escapeMarkdown(why);
    if (typeof question.dispatch === 'object') {
      const refusal = { decision: 'reject', comment, why } as const;
      await this.#carryOut(claim, question, refusal, api);
      return;
    }
    await this.#commentIfDue(
      claim,
      commentFor(comment, question.callbackId),
      api,
    );
    throw error;
  }

  async #decide(question: AskedQuestion) {
    if (question.concerns.length === 0) {
      return undefined;
    }
    await this.#decider.onAsked(question);
    return this.#decider.decisionOf(question);
  }

  async #carryOut(
    claim: CallbackClaim,
    question: AskedQuestion,
    decision: Awaited<ReturnType<ProtectionDecider['decisionOf']>>,
    api: RunApi,
  ): Promise<void> {
    const comment = commentFor(decision.comment, question.callbackId);
    if (decision.decision === 'wait') {
      await this.#comment(claim, comment, api);
      return;
    }
    const answer = decision.decision === 'approve' ? 'approved' : 'rejected';
    if (
      answer === 'approved' &&
      (await this.#decider.onAnswering?.(question)) === false
    ) {
      await this.#store.postpone(claim, { dueAt: this.#now(), failed: false });
      return;
    }
    await this.#store.noteDecision(claim, answer, comment, this.#now());
    try {
      const { environment } = claim;
      await api.tell({ environment, comment, state: answer });
    } catch (error) {
      await this.#afterRefusal(claim, api, error);
      return;
    }
    await this.#settlements.answered(claim, question, answer, decision.why);
  }

  /** A person answers: all there is to do is to see whether one has. */
  async #awaitReview(
    claim: CallbackClaim,
    question: AskedQuestion,
    { decision }: ProtectionDecision,
    api: RunApi,
  ): Promise<void> {
    const { repository, runId, environment } = claim;
    const { trace } = await this.#questions.load(repository, runId);
    const isKnown = Object.keys(trace.reviews ?? {}).some(name =>
      isSame(name, environment),
    );
    if (!isKnown || decision === 'approve') {
      const pending = await api.pendingAt(environment);
      if (!isKnown && pending?.isReviewed) {
        await takeIn(this.#ingest, 'github.rest.review', {
          repository: { full_name: repository },
          workflow_run: { id: Number(runId) },
          environment,
        });
      }
      if (!pending) {
        const run = await this.#settlements.refresh(claim, api);
        await this.#settlements.elsewhere(claim, run, api, { isFresh: true });
      } else if (decision === 'approve') {
        await this.#decider.onReviewAwaited?.(question);
      }
    }
    const now = this.#now();
    await this.#store.postpone(claim, {
      // What GitHub waits for besides may take long.
      dueAt: isKnown
        ? new Date(now.getTime() + LOOK_AGAIN_MS)
        : lookAgainAt(claim, now),
      failed: false,
    });
  }

  /** @returns when GitHub is to be given it, if it is not there yet */
  async #commentIfDue(
    claim: CallbackClaim,
    comment: string,
    api: RunApi,
  ): Promise<Date | undefined> {
    const now = this.#now();
    const due = commentDue(claim.callbacks, comment, now);
    if (due && due <= now) {
      await this.#store.noteComment(claim, comment, now);
      await api.tell({ environment: claim.environment, comment });
    }
    return due;
  }

  async #comment(
    claim: CallbackClaim,
    comment: string,
    api: RunApi,
  ): Promise<void> {
    const due = await this.#commentIfDue(claim, comment, api);
    const now = this.#now();
    const again = new Date(now.getTime() + LOOK_AGAIN_MS);
    await this.#store.postpone(claim, {
      dueAt: due && due > now && due < again ? due : again,
      failed: false,
    });
  }

  /** GitHub did not take an answer: it may have it already, or nobody waits any more. */
  async #afterRefusal(
    claim: CallbackClaim,
    api: RunApi,
    error: unknown,
  ): Promise<void> {
    if (!(error instanceof TargetError)) {
      throw error;
    }
    if (error.kind === 'denied' || error.kind === 'credentials') {
      await this.#store.forgetDecision(claim);
      throw error;
    }
    if (error.kind !== 'not-found' && error.kind !== 'invalid') {
      // Perhaps it got it, perhaps not: whoever looks next asks.
      throw error;
    }
    const noted = claim.callbacks.map(one => ({
      ...one,
      decision: one.decision ?? ('approved' as const),
    }));
    const rest = await this.#settlements.told(
      { ...claim, callbacks: noted },
      api,
    );
    if (!rest) {
      return;
    }
    const run = await this.#settlements.refresh(claim, api);
    const open = await this.#settlements.elsewhere(claim, run, api, {
      isFresh: true,
    });
    if (open && (await api.waitsAt(claim.environment))) {
      throw error;
    }
    if (open) {
      await this.#settlements.gone(open, run);
    }
  }

  /** Whether it began to wait long ago, and GitHub has not heard of the portal yet. */
  #isLate({ callbacks }: CallbackClaim, { trace }: KnownRun): boolean {
    const latest = this.#now().getTime() - LATE_MS;
    const firstLook = this.#now().getTime() - LOOK_AGAIN_MS;
    return callbacks.every(
      ({ kind, askedAt, comments, deploymentId }) =>
        comments === 0 &&
        // Where a person answers GitHub hears nothing of the portal.
        (kind === 'rule' || Date.parse(askedAt) > firstLook) &&
        Object.hasOwn(trace.deployments, deploymentId) &&
        Date.parse(trace.deployments[deploymentId].base.createdAt) < latest,
    );
  }

  async #endLook(
    claim: CallbackClaim,
    error: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    if (error instanceof RunGoneError) {
      const run = await this.#questions.load(claim.repository, claim.runId);
      await this.#settlements.gone(error.claim, run);
      return;
    }
    if (signal.aborted) {
      const dueAt = this.#now();
      await this.#store.postpone(claim, { dueAt, failed: false });
      return;
    }
    await this.#fail(claim, error);
  }

  async #fail(claim: CallbackClaim, error: unknown): Promise<void> {
    const place = {
      repository: claim.repository,
      run: claim.runId,
      environment: claim.environment,
    };
    if (error instanceof CallbackLostError) {
      this.#logger.debug('A protection rule is answered elsewhere', place);
      return;
    }
    const now = this.#now();
    const problem = problemOf(error);
    // Of a job that nobody knows yet its events may tell any moment.
    const failed = !(
      error instanceof NobodyConcernedError || error instanceof MisplacedError
    );
    const dueAt = failed ? retryAt(claim, error, now) : lookAgainAt(claim, now);
    await this.#store.postpone(claim, { dueAt, failed, problem });
    const isNew = await this.#problems.record(
      {
        kind: PROBLEM,
        message: problem,
        repository: claim.repository,
        subject: claim.environment,
      },
      now,
    );
    if (isNew) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#logger.warn('A protection rule could not be answered', {
        ...place,
        cause,
      });
    }
  }

  async #resolveProblem(claim: CallbackClaim): Promise<void> {
    if (claim.callbacks.some(one => one.problem)) {
      await this.#problems.resolve({
        kind: PROBLEM,
        repository: claim.repository,
        subject: claim.environment,
      });
    }
  }
}

function isReview({ callbacks }: CallbackClaim): boolean {
  return callbacks.every(({ kind }) => kind === 'review');
}

function retryAt(claim: CallbackClaim, error: unknown, now: Date): Date {
  const retryAfterMs =
    error instanceof TargetError ? error.retryAfterMs : undefined;
  const attempts = Math.max(...claim.callbacks.map(one => one.attempts)) + 1;
  if (retryAfterMs) {
    return new Date(now.getTime() + retryAfterMs);
  }
  // Often it was decided there a moment ago, and the event that tells so is on its way.
  return attempts <= SOON_TRIES
    ? new Date(now.getTime() + SOON_MS)
    : backOff(attempts - SOON_TRIES, now);
}

/** The longer it waits already, the more seldom GitHub is asked. */
function lookAgainAt(claim: CallbackClaim, now: Date): Date {
  const age = now.getTime() - Date.parse(claim.callbacks[0].askedAt);
  const pause = Math.min(LONGEST_PAUSE_MS, Math.max(LOOK_AGAIN_MS, age / 4));
  return new Date(now.getTime() + pause);
}

function problemOf(error: unknown): string {
  if (error instanceof MisplacedError) {
    return error.message;
  }
  if (error instanceof NobodyConcernedError) {
    return 'A run waits here for the portal, but no service of the catalog is known to be deployed by the job that waits. Map the job in deploy.yaml or by deploy.vvp.io/jobs; until then it waits.';
  }
  if (error instanceof TargetError) {
    return [error.message, error.remedy].filter(Boolean).join(' ');
  }
  return 'The portal could not work out the answer; see the log of the backend.';
}
