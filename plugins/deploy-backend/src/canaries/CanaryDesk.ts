import { ConflictError, InputError } from '@backstage/errors';
import {
  CanaryInput,
  moveCanary,
  Promotion,
  toCanary,
  whyNotAsked,
} from '@vvp/backstage-plugin-deploy-common';
import {
  assertConfirmed,
  checkReason,
} from '../operations/requests/checkRequest';
import { CanaryStore } from './CanaryStore';
import { explainCanary } from './explainCanary';

const MAX_COMMENT = 2_000;

/** What people see of canaries, and want of them. Who may ask is checked before. */
export class CanaryDesk {
  readonly #store: CanaryStore;
  readonly #confirmationOf: (
    promotionId: string,
  ) => Promise<string | undefined>;
  readonly #onMoved: (promotionId: string) => Promise<void>;
  readonly #now: () => Date;

  constructor(options: {
    store: CanaryStore;
    /** The word that has to be typed before its traffic is taken back, as for a rollback. */
    confirmationOf: (promotionId: string) => Promise<string | undefined>;
    /** Something is to be done for a canary, and to be told of it. */
    onMoved: (promotionId: string) => Promise<void>;
    now?: () => Date;
  }) {
    this.#store = options.store;
    this.#confirmationOf = options.confirmationOf;
    this.#onMoved = options.onMoved;
    this.#now = options.now ?? (() => new Date());
  }

  /** Nothing, where no canary began. */
  async describe(
    promotionId: string,
    caller: Parameters<typeof explainCanary>[1],
  ): Promise<
    Pick<Promotion, 'canary' | 'mayPause' | 'mayContinue' | 'mayAbort'>
  > {
    const stored = await this.#store.get(promotionId);
    const canary = stored && toCanary(stored.state, stored.settings);
    return canary ? { canary, ...explainCanary(stored.state, caller) } : {};
  }

  /** Throws a ConflictError where there is nothing to pause. */
  async pause(
    promotionId: string,
    { by, comment }: { by: string; comment?: string },
  ): Promise<void> {
    const text = checkComment(comment);
    await this.#ask(promotionId, {
      type: 'pause',
      by,
      ...(text && { comment: text }),
    });
  }

  /** Throws a ConflictError where nothing can be continued. */
  async continue(
    promotionId: string,
    { by, comment }: { by: string; comment?: string },
  ): Promise<void> {
    const text = checkComment(comment);
    await this.#ask(promotionId, {
      type: 'continue',
      by,
      ...(text && { comment: text }),
    });
  }

  /**
   * Throws an InputError without a reason or, in production, the name of the service; a ConflictError where
   * there is nothing to abort.
   */
  async abort(
    promotionId: string,
    request: { by: string; reason: string; confirm?: string },
  ): Promise<void> {
    const reason = checkReason(request.reason);
    assertConfirmed(await this.#confirmationOf(promotionId), request.confirm);
    await this.#ask(promotionId, { type: 'abort', by: request.by, reason });
  }

  async #ask(
    promotionId: string,
    input:
      | { type: 'pause' | 'continue'; by: string; comment?: string }
      | { type: 'abort'; by: string; reason: string },
  ): Promise<void> {
    const now = this.#now();
    const told: CanaryInput = { ...input, at: now.toISOString() };
    const result = (await this.#store.change(
      promotionId,
      ({ state, settings }) => moveCanary(state, told, settings),
      now,
    )) ?? { refusal: whyNotAsked(undefined, input.type)! };
    if ('refusal' in result) {
      const { message, remedy } = result.refusal;
      throw new ConflictError(remedy ? `${message} ${remedy}` : message);
    }
    if (result.changed) {
      await this.#onMoved(promotionId);
    }
  }
}

function checkComment(comment: string | undefined): string | undefined {
  const text = comment?.replace(/[\0\u200b-\u200f\u2060\ufeff]/g, '').trim();
  if (text && text.length > MAX_COMMENT) {
    throw new InputError(
      `comment: has to be at most ${MAX_COMMENT} characters`,
    );
  }
  return text;
}
