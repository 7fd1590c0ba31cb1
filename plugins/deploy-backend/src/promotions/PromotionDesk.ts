import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  CommitRange,
  movePromotion,
  newPromotion,
  planSupersede,
  PromotionInput,
  PromotionMove,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { checkReason } from '../operations/requests/checkRequest';
import { NewOperation } from '../operations/engine/types';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import {
  assertGoesForward,
  checkComment,
  isOfPerson,
  mayEverGoIn,
  PromotionOrder,
  reasonOf,
  rowOf,
} from './promotionOrder';
import { PromotionProgress } from './PromotionProgress';
import { PromotionStore } from './PromotionStore';
import { Judged, ReadinessDesk } from './ReadinessDesk';
import { RivalPromotions } from './RivalPromotions';
import { StoredPromotion } from './rows';
import { assertCounts, assertSeen, conflictOf } from './voices';

/** Takes requests, and what people say of them. */
export class PromotionDesk {
  readonly #store: PromotionStore;
  readonly #readiness: ReadinessDesk;
  readonly #progress: PromotionProgress;
  readonly #environments: Pick<TargetEnvironments, 'find'>;
  readonly #rivals: RivalPromotions;
  readonly #now: () => Date;

  constructor(options: {
    store: PromotionStore;
    readiness: ReadinessDesk;
    progress: PromotionProgress;
    environments: Pick<TargetEnvironments, 'find'>;
    commitsBetween: (
      environment: KnownEnvironment,
      range: { from: string; to: string },
    ) => Promise<CommitRange>;
    now?: () => Date;
  }) {
    this.#store = options.store;
    this.#readiness = options.readiness;
    this.#progress = options.progress;
    this.#environments = options.environments;
    this.#rivals = new RivalPromotions(options);
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * Asks for a promotion. The same release that is under way already gives the id of that one. Throws a
   * ConflictError if the release runs there, is older than what runs there, or a newer one was asked for.
   */
  async request(
    order: PromotionOrder,
    idempotency?: NewOperation['idempotency'],
  ): Promise<{ id: string; created: boolean }> {
    const repeated = idempotency && (await this.#repeated(idempotency));
    if (repeated) {
      return repeated;
    }
    const { environment } = order;
    const isPerson = isOfPerson(order);
    const reason = reasonOf(order);
    const now = this.#now();
    const judged = await this.#readiness.judge(
      environment,
      {
        releaseId: order.releaseId,
        class: order.class,
        automatic: order.by === 'automatic',
      },
      now,
    );
    if (!judged) {
      throw new NotFoundError(
        `release: ${environment.entityRef} has no release ${order.releaseId}. Choose one of its releases.`,
      );
    }
    if (isPerson) {
      assertGoesForward(judged, environment);
    }
    const plan = planSupersede(
      judged.release.version ?? judged.release.commit.slice(0, 7),
      await this.#rivals.of(environment, judged.release, now),
    );
    if ('existing' in plan) {
      if (
        isPerson &&
        (await this.#store.get(plan.existing))?.class !== order.class
      ) {
        throw new ConflictError(
          `class: promotion ${plan.existing} of this release is under way with another class. Cancel it before you ask for this one.`,
        );
      }
      await this.#attachRun(plan.existing, order);
      return { id: plan.existing, created: false };
    }
    if ('refusal' in plan && isPerson) {
      throw new ConflictError(
        `${plan.refusal.message} ${plan.refusal.remedy ?? ''}`.trim(),
      );
    }
    const start = newPromotion({
      at: now.toISOString(),
      by: order.by,
      policy: judged.policy,
      ...(reason !== undefined && { reason }),
    });
    const inserted = await this.#store
      .insert(rowOf(order, judged, reason, idempotency), start, now)
      .catch(async error => {
        // Another request may have come with the key since it was looked for.
        const earlier =
          idempotency &&
          isDatabaseConflictError(error) &&
          (await this.#repeated(idempotency));
        if (earlier) {
          return earlier;
        }
        throw error;
      });
    if ('refusal' in plan) {
      // A late question of an old run: it is answered at once.
      await this.#tell(inserted.id, {
        type: 'supersede',
        at: now.toISOString(),
        text: plan.refusal.message,
      });
      return inserted;
    }
    // What the policy never lets in ends nothing that waits.
    for (const id of mayEverGoIn(judged) ? plan.supersede : []) {
      await this.#tell(id, {
        type: 'supersede',
        at: now.toISOString(),
        by: order.by,
        text: plan.text,
      });
    }
    await this.#progress.lookAt(inserted.id);
    return inserted;
  }

  /** The caller has `deploy.approve`. Throws if their voice does not count, or they saw something else. */
  async approve(
    id: string,
    request: { by: string; seen: string; comment?: string },
  ): Promise<void> {
    const comment = checkComment(request.comment);
    const now = this.#now();
    await this.#decide(id, async (promotion, environment) => {
      const move = movePromotion(promotion.state, {
        type: 'approve',
        at: now.toISOString(),
        by: request.by,
        seen: request.seen,
        ...(comment && { comment }),
      });
      if ('refusal' in move || !undecidedStatuses.includes(promotion.status)) {
        return move;
      }
      const judged = await this.#judge(promotion, environment, now);
      assertCounts(judged, request.by);
      if (judged.facts.policy.approvals.length === 0) {
        throw new ConflictError(
          'No approval is asked for here: the promotion goes on by itself once its other conditions are met.',
        );
      }
      assertSeen(judged, request.seen);
      return move;
    });
  }

  async reject(
    id: string,
    request: { by: string; comment: string },
  ): Promise<void> {
    const comment = checkReason(request.comment, 'comment');
    await this.#decide(id, promotion =>
      movePromotion(promotion.state, {
        type: 'reject',
        at: this.#now().toISOString(),
        by: request.by,
        comment,
      }),
    );
  }

  async cancel(
    id: string,
    request: { by: string; comment?: string },
  ): Promise<void> {
    const comment = checkComment(request.comment);
    const at = this.#now().toISOString();
    await this.#decide(id, promotion => {
      const { reviewing } = promotion.state;
      if (reviewing) {
        return {
          refusal: {
            message: `${reviewing.by} is letting it in at GitHub at this moment.`,
            remedy: 'Look again in some minutes, or cancel the run at GitHub.',
          },
        };
      }
      return movePromotion(
        promotion.state,
        promotion.status === 'executing' && !promotion.go_ahead_at
          ? {
              type: 'withdraw',
              at,
              by: request.by,
              rejected: false,
              text: 'It was taken back before the pipeline was told.',
            }
          : {
              type: 'cancel',
              at,
              by: request.by,
              ...(comment && { comment }),
            },
      );
    });
  }

  /** The caller has `deploy.override`. */
  async override(
    id: string,
    request: { by: string; reason: string; conditions: readonly string[] },
  ): Promise<void> {
    const reason = checkReason(request.reason);
    const now = this.#now();
    await this.#decide(id, async (promotion, environment) => {
      const judged = await this.#judge(promotion, environment, now);
      const unknown = request.conditions.filter(
        one =>
          !judged.conditions.some(
            ({ id: name, overridable }) => name === one && overridable,
          ),
      );
      if (unknown.length > 0 && undecidedStatuses.includes(promotion.status)) {
        throw new InputError(
          `conditions: ${unknown
            .map(one => JSON.stringify(one.slice(0, 100)))
            .join(
              ', ',
            )} cannot be overridden. Choose among the conditions of the promotion that say so.`,
        );
      }
      return movePromotion(promotion.state, {
        type: 'override',
        at: now.toISOString(),
        by: request.by,
        reason,
        conditions: [...request.conditions],
      });
    });
  }

  /** Something that happened elsewhere: at GitHub, in the pipeline. */
  async tell(
    id: string,
    input: PromotionInput,
    done: { goAheadAt?: string } = {},
  ): Promise<void> {
    const told = await this.#tell(id, input, done);
    if (told && done.goAheadAt) {
      await this.#progress.settle(told, true);
    } else {
      await this.#progress.lookAt(id);
    }
  }

  async #tell(
    id: string,
    input: PromotionInput,
    { goAheadAt }: { goAheadAt?: string } = {},
  ): Promise<StoredPromotion | undefined> {
    const result = await this.#store.change(
      id,
      ({ state }) => movePromotion(state, input),
      {
        now: this.#now(),
        ...(goAheadAt && { columns: { go_ahead_at: goAheadAt } }),
      },
    );
    return 'promotion' in result ? result.promotion : undefined;
  }

  async #decide(
    id: string,
    decide: (
      promotion: StoredPromotion,
      environment: KnownEnvironment,
    ) => Promise<PromotionMove> | PromotionMove,
  ): Promise<void> {
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
        return decide(promotion, environment);
      },
      { now: this.#now() },
    );
    if ('refusal' in result) {
      throw conflictOf(result.refusal);
    }
    await this.#progress.settle(result.promotion, result.changed);
  }

  async #judge(
    promotion: StoredPromotion,
    environment: KnownEnvironment,
    now: Date,
  ): Promise<Judged> {
    const judged = await this.#readiness.judge(
      environment,
      { releaseId: promotion.release_id, class: promotion.class, promotion },
      now,
    );
    if (!judged) {
      throw new NotFoundError('The release is no longer known.');
    }
    return judged;
  }

  async #repeated(
    idempotency: NonNullable<NewOperation['idempotency']>,
  ): Promise<{ id: string; created: false } | undefined> {
    const found = await this.#store.ofKey(idempotency.key);
    if (found && found.request !== idempotency.request) {
      throw new ConflictError(
        `Idempotency-Key: started promotion ${found.id} by another request. Choose a new key for each request.`,
      );
    }
    return found && { id: found.id, created: false };
  }

  /** The first run of the release that asks; who started it is no approver. */
  async #attachRun(id: string, { runId, by }: PromotionOrder): Promise<void> {
    if (runId === undefined) {
      return;
    }
    await this.#store.attachRun(id, { runId, startedBy: by }, this.#now());
    await this.#progress.lookAt(id);
  }
}
