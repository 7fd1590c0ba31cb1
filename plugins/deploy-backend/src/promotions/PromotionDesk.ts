import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  CommitRange,
  movePromotion,
  newPromotion,
  planSupersede,
  PromotionClass,
  PromotionInput,
  PromotionMove,
  RivalPromotion,
  undecidedStatuses,
  voiceProblem,
} from '@vvp/backstage-plugin-deploy-common';
import { checkReason } from '../operations/requests/checkRequest';
import { NewOperation } from '../operations/engine/types';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { addressed } from './explainPermitted';
import { PromotionProgress } from './PromotionProgress';
import { PromotionStore } from './PromotionStore';
import { Judged, ReadinessDesk } from './ReadinessDesk';
import { StoredPromotion } from './rows';

const MAX_COMMENT = 2_000;

/** What is asked for. */
export interface PromotionOrder {
  environment: KnownEnvironment;
  releaseId: string;
  class: PromotionClass;
  reason?: string;
  /** Entity ref, `github:<login>` or `automatic`. */
  by: string;
  /** The run that waits for it. */
  runId?: string;
}

/** Takes requests, and what people say of them. */
export class PromotionDesk {
  readonly #store: PromotionStore;
  readonly #readiness: ReadinessDesk;
  readonly #progress: PromotionProgress;
  readonly #environments: Pick<TargetEnvironments, 'find'>;
  readonly #commitsBetween: (
    environment: KnownEnvironment,
    range: { from: string; to: string },
  ) => Promise<CommitRange>;
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
    this.#commitsBetween = options.commitsBetween;
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
    const isPerson = order.by !== 'automatic' && order.runId === undefined;
    const reason = checkOrderReason(order);
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
      await this.#rivals(environment, judged.release, now),
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
    const inserted = await this.#store.insert(
      {
        service_id: environment.serviceId,
        environment_id: environment.id,
        release_id: judged.release.id,
        artifact: judged.release.artifact ?? null,
        class: order.class,
        requested_by: order.by,
        reason: reason ?? null,
        seam: judged.policy.seam,
        required_approvals: judged.policy.approvals.reduce(
          (sum, { required }) => sum + required,
          0,
        ),
        repository: environment.repository,
        run_id: order.runId ?? null,
        run_started_by: order.runId ? order.by : null,
        idempotency: idempotency?.key ?? null,
        request_digest: idempotency?.request ?? null,
      },
      start,
      now,
    );
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
      const problem = voiceProblem(judged.facts, request.by);
      if (problem) {
        throw new NotAllowedError(
          `Your approval would not count. ${addressed(problem)}`,
        );
      }
      if (judged.facts.policy.approvals.length === 0) {
        throw new ConflictError(
          'No approval is asked for here: the promotion goes on by itself once its other conditions are met.',
        );
      }
      if (judged.standing.seen !== request.seen) {
        throw new ConflictError(
          'seen: the artifact or the gate results changed since you looked. Read the promotion again, and approve what it is now.',
        );
      }
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
      const { message, remedy } = result.refusal;
      throw new ConflictError(remedy ? `${message} ${remedy}` : message);
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

  async #rivals(
    environment: KnownEnvironment,
    release: Judged['release'],
    now: Date,
  ): Promise<RivalPromotion[]> {
    const active = await this.#store.activeOf(environment.id);
    return Promise.all(
      active.map(async rival => {
        const { id, status, release_id: releaseId } = rival;
        const relation =
          releaseId === release.id
            ? ('same' as const)
            : await this.#relation(environment, releaseId, release.commit);
        // Nor does it keep others out.
        const isVain =
          relation === 'newer' &&
          !(await this.#mayGoIn(rival, environment, now));
        return { id, status, relation: isVain ? 'unrelated' : relation };
      }),
    );
  }

  async #mayGoIn(
    { release_id: releaseId, class: kind, status }: StoredPromotion,
    environment: KnownEnvironment,
    now: Date,
  ): Promise<boolean> {
    const judged =
      undecidedStatuses.includes(status) &&
      (await this.#readiness.look(
        environment,
        { releaseId, class: kind },
        now,
      ));
    return !judged || mayEverGoIn(judged);
  }

  async #relation(
    environment: KnownEnvironment,
    rivalReleaseId: string,
    commit: string,
  ): Promise<RivalPromotion['relation']> {
    const rival = await this.#store.commitOf(rivalReleaseId);
    if (!rival) {
      return 'unknown';
    }
    const range = await this.#commitsBetween(environment, {
      from: rival,
      to: commit,
    }).catch(() => undefined);
    if (!range || range.state === 'unknown') {
      return 'unknown';
    }
    if (range.state === 'unrelated') {
      return 'unrelated';
    }
    return range.direction === 'backward' ? 'newer' : 'older';
  }
}

/** Whether the branch or tag that it was built from is let in: nothing mends that. */
function mayEverGoIn({ conditions }: Pick<Judged, 'conditions'>): boolean {
  return conditions.every(
    ({ kind, state }) => kind !== 'ref' || state !== 'unmet',
  );
}

function assertGoesForward(
  { facts, release }: Judged,
  environment: KnownEnvironment,
): void {
  const name = release.version ?? release.commit.slice(0, 7);
  if (facts.relation === 'same') {
    throw new ConflictError(
      `release: ${name} runs in ${environment.name} already. Redeploy it if it has to go in again.`,
    );
  }
  if (facts.relation === 'older') {
    throw new ConflictError(
      `release: ${name} is older than what runs in ${environment.name}. Roll back to it instead.`,
    );
  }
}

function checkOrderReason(order: PromotionOrder): string | undefined {
  if (order.class === 'hotfix' && order.runId === undefined) {
    return checkReason(order.reason ?? '');
  }
  const reason = checkComment(order.reason, 'reason');
  return reason || undefined;
}

function checkComment(
  comment: string | undefined,
  member = 'comment',
): string | undefined {
  const text = comment?.replace(/[\0\u200b-\u200f\u2060\ufeff]/g, '').trim();
  if (text && text.length > MAX_COMMENT) {
    throw new InputError(
      `${member}: has to be at most ${MAX_COMMENT} characters`,
    );
  }
  return text;
}
