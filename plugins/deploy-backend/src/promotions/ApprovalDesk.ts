import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  GITHUB_TOKEN_HEADER,
  movePromotion,
  PromotionStatus,
  undecidedStatuses,
  voiceProblem,
} from '@vvp/backstage-plugin-deploy-common';
import { ReviewUnsureError, RunReviews } from '../protection';
import { AskedQuestion } from '../protection/types';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { PromotionDecider } from './PromotionDecider';
import { PromotionDesk } from './PromotionDesk';
import { PromotionProgress } from './PromotionProgress';
import { PromotionStore } from './PromotionStore';
import { Judged, ReadinessDesk } from './ReadinessDesk';
import { StoredPromotion } from './rows';
import {
  assertCounts,
  assertSeen,
  conflictOf,
  isAllMet,
  standingWith,
} from './voices';

/** Longer than GitHub is waited for: after that, whoever gave a review is no longer at it. */
const REVIEW_MS = 2 * 60_000;

/** Let in already; a later job of the run may wait for a reviewer again. */
const onItsWay: readonly PromotionStatus[] = ['executing', 'verifying'];

/** What somebody says of a promotion. */
export interface Word {
  /** Entity ref. */
  by: string;
  /** Their own token of GitHub; used for this request, and kept nowhere. */
  githubToken?: string;
}

/** How a promotion stands at GitHub, where a person has to review what waits. */
export interface ReviewStanding {
  /** An approval of the caller lets it in now; that takes their token. */
  letsIn: boolean;
  /** It is decided here, and the run waits for a reviewer for all that. */
  stillWaits: boolean;
  /** Of one that is on its way, where another job waits. */
  judged?: Judged;
}

/**
 * Takes approvals and rejections. Where GitHub waits for a reviewer, the one that decides is given there, too,
 * in the name of who gives it.
 */
export class ApprovalDesk {
  readonly #store: PromotionStore;
  readonly #desk: PromotionDesk;
  readonly #decider: PromotionDecider;
  readonly #readiness: ReadinessDesk;
  readonly #progress: PromotionProgress;
  readonly #environments: Pick<TargetEnvironments, 'find'>;
  readonly #reviews: RunReviews;
  readonly #now: () => Date;

  constructor(options: {
    store: PromotionStore;
    desk: PromotionDesk;
    decider: PromotionDecider;
    readiness: ReadinessDesk;
    progress: PromotionProgress;
    environments: Pick<TargetEnvironments, 'find'>;
    reviews: RunReviews;
    now?: () => Date;
  }) {
    this.#store = options.store;
    this.#desk = options.desk;
    this.#decider = options.decider;
    this.#readiness = options.readiness;
    this.#progress = options.progress;
    this.#environments = options.environments;
    this.#reviews = options.reviews;
    this.#now = options.now ?? (() => new Date());
  }

  /** By what is known here; GitHub is not asked. */
  async standingOf(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
    by: string,
    known?: Judged,
  ): Promise<ReviewStanding> {
    const question = await this.#questionOf(promotion);
    if (!question) {
      return { letsIn: false, stillWaits: false };
    }
    const { status, finished_at: finishedAt } = promotion;
    const isLater = await this.#hasLaterJob(promotion, question);
    if (finishedAt && !isLater) {
      // A run that is run again asks anew.
      return { letsIn: false, stillWaits: question.askedAt <= finishedAt };
    }
    const judged = known ?? (await this.#judge(promotion, environment));
    if (isLater || onItsWay.includes(status)) {
      const letsIn =
        !promotion.state.reviewing &&
        voiceProblem(judged.facts, by) === undefined;
      return { letsIn, stillWaits: false, judged };
    }
    const letsIn =
      voiceProblem(judged.facts, by) === undefined &&
      isAllMet(standingWith(judged, by)) &&
      (await this.#areOthersReady(question, promotion));
    return { letsIn, stillWaits: false };
  }

  /**
   * The caller has `deploy.approve`.
   *
   * @throws InputError that names the header of the token, if it lets the run in and there is none; as
   *   {@link RunReviews.give} if GitHub refuses: then nothing changed
   */
  async approve(
    id: string,
    request: Word & { seen: string; comment?: string },
  ): Promise<void> {
    const promotion = await this.#store.get(id);
    if (!promotion || !(await this.#letsIn(promotion, request.by))) {
      const { by, seen, comment } = request;
      await this.#desk.approve(id, { by, seen, comment });
      return;
    }
    if (!request.githubToken) {
      throw new InputError(
        `${GITHUB_TOKEN_HEADER}: is missing. Your approval lets the run in at GitHub, which takes it in your own name only: sign in to GitHub and approve again.`,
      );
    }
    await this.#letIn(promotion, {
      ...request,
      githubToken: request.githubToken,
    });
  }

  /** The caller has `deploy.approve`. It is rejected here, whether GitHub takes that or not. */
  async reject(id: string, request: Word & { comment: string }): Promise<void> {
    const { by, comment, githubToken } = request;
    await this.#desk.reject(id, { by, comment });
    const promotion = await this.#store.get(id);
    const question = promotion && (await this.#questionOf(promotion));
    if (!question || !githubToken) {
      return;
    }
    let text = `GitHub took the rejection by ${by}.`;
    try {
      await this.#reviews.give(question, {
        state: 'rejected',
        comment,
        token: githubToken,
      });
      if (question.concerns.length === 1) {
        // Where several services waited, the others hear of it from GitHub.
        await this.#reviews.settle(question, 'rejected');
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      text = `GitHub did not take the rejection by ${by}, and the run still waits there. ${why}.`;
    }
    await this.#tell(id, { by, type: 'rejected', text });
  }

  async #letsIn(promotion: StoredPromotion, by: string): Promise<boolean> {
    if (!waitingOf(promotion)) {
      return false;
    }
    const environment = await this.#environments.find({
      id: promotion.environment_id,
    });
    return (
      environment !== undefined &&
      (await this.standingOf(promotion, environment, by)).letsIn
    );
  }

  async #letIn(
    promotion: StoredPromotion,
    request: Word & { seen: string; comment?: string; githubToken: string },
  ): Promise<void> {
    const { by, comment, githubToken } = request;
    const waiting = waitingOf(promotion);
    const question = waiting && (await this.#reviews.freshQuestionOf(waiting));
    if (!question) {
      throw new ConflictError(
        `Nothing of run ${promotion.run_id} waits there any more. Look at the run at GitHub.`,
      );
    }
    // One review lets in all that waits there, also what came a moment ago.
    await this.#decider.onAsked(question);
    const begun: string[] = [];
    try {
      for (const each of await this.#decider.promotionsOf(question)) {
        if (undecidedStatuses.includes(each.status)) {
          await this.#begin(each.id, {
            ...request,
            isOwn: each.id === promotion.id,
          });
          begun.push(each.id);
        }
      }
      const decision = await this.#decider.decisionOf(question);
      if (decision.decision !== 'approve') {
        // What stands in the way of others is not for everybody to read.
        throw new ConflictError(
          question.concerns.length === 1
            ? `It may not go in any more. ${decision.comment}`
            : 'Your review would let in all services of the run that wait there, and one of them may not go in yet. Look at their promotions.',
        );
      }
      await this.#reviews.give(question, {
        state: 'approved',
        comment: comment ?? `Approved in the portal by ${by}.`,
        token: githubToken,
      });
    } catch (error) {
      if (!(error instanceof ReviewUnsureError)) {
        await this.#undo(begun);
      }
      throw error;
    }
    await this.#finish(begun);
    if (!begun.includes(promotion.id)) {
      await this.#tell(promotion.id, {
        by,
        type: 'let-through',
        text: `${by} let another job of the run in at GitHub.`,
        ...(comment && { comment }),
      });
    }
    await this.#reviews.settle(question, 'approved');
  }

  /** Decides, before GitHub is told: whoever is at it at the same moment comes too late. */
  async #begin(
    id: string,
    request: { by: string; seen: string; comment?: string; isOwn: boolean },
  ): Promise<void> {
    const { by, seen, comment, isOwn } = request;
    const now = this.#now();
    const result = await this.#store.change(
      id,
      async promotion => {
        const environment = await this.#environments.find({
          id: promotion.environment_id,
        });
        if (!environment) {
          throw new NotFoundError(
            'The environment of this promotion is no longer there.',
          );
        }
        const judged = await this.#judge(promotion, environment);
        if (isOwn) {
          assertCounts(judged, by);
          assertSeen(judged, seen);
        }
        const speaks = isOwn && judged.facts.policy.approvals.length > 0;
        return movePromotion(promotion.state, {
          type: 'begin-review',
          at: now.toISOString(),
          by,
          until: new Date(now.getTime() + REVIEW_MS).toISOString(),
          standing: isOwn ? standingWith(judged, by) : judged.standing,
          ...(speaks && { voice: { seen, ...(comment && { comment }) } }),
        });
      },
      { now },
    );
    if ('refusal' in result) {
      throw conflictOf(result.refusal);
    }
  }

  async #undo(ids: readonly string[]): Promise<void> {
    const now = this.#now();
    for (const id of ids) {
      await this.#store.change(
        id,
        ({ state }) =>
          movePromotion(state, { type: 'undo-review', at: now.toISOString() }),
        { now },
      );
    }
  }

  async #finish(ids: readonly string[]): Promise<void> {
    const now = this.#now();
    const at = now.toISOString();
    for (const id of ids) {
      const result = await this.#store.change(
        id,
        ({ state }) => movePromotion(state, { type: 'finish-review', at }),
        { now, columns: { go_ahead_at: at } },
      );
      if ('promotion' in result) {
        await this.#progress.settle(result.promotion, true);
      }
    }
  }

  async #tell(
    id: string,
    event: {
      by: string;
      type: 'rejected' | 'let-through';
      text: string;
      comment?: string;
    },
  ): Promise<void> {
    const now = this.#now();
    const result = await this.#store.change(
      id,
      ({ state }) => ({ state, events: [{ at: now.toISOString(), ...event }] }),
      { now },
    );
    if ('promotion' in result) {
      await this.#progress.settle(result.promotion, true);
    }
  }

  /** Whether one that succeeded speaks for what waits now: another job of the attempt that it succeeded with. */
  async #hasLaterJob(
    { id, status, state }: StoredPromotion,
    question: AskedQuestion,
  ): Promise<boolean> {
    return (
      status === 'succeeded' &&
      !state.bypassed &&
      (await this.#decider.promotionsOf(question)).some(one => one.id === id)
    );
  }

  async #areOthersReady(
    question: AskedQuestion,
    { id }: StoredPromotion,
  ): Promise<boolean> {
    const promotions = await this.#decider.promotionsOf(question);
    if (promotions.length < question.concerns.length) {
      return false;
    }
    for (const other of promotions.filter(one => one.id !== id)) {
      if (undecidedStatuses.includes(other.status)) {
        const environment = await this.#environments.find({
          id: other.environment_id,
        });
        const judged = environment && (await this.#judge(other, environment));
        if (!judged || !isAllMet(judged.standing)) {
          return false;
        }
      }
    }
    return true;
  }

  async #questionOf(
    promotion: StoredPromotion,
  ): Promise<AskedQuestion | undefined> {
    const waiting = waitingOf(promotion);
    return waiting && this.#reviews.questionOf(waiting);
  }

  async #judge(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
  ): Promise<Judged> {
    const judged = await this.#readiness.judge(
      environment,
      { releaseId: promotion.release_id, class: promotion.class, promotion },
      this.#now(),
    );
    if (!judged) {
      throw new NotFoundError('The release is no longer known.');
    }
    return judged;
  }
}

function waitingOf(promotion: StoredPromotion) {
  const { seam, repository, run_id: runId } = promotion;
  return seam === 'review' && runId
    ? { repository, runId, environmentId: promotion.environment_id }
    : undefined;
}
